"""Indexes for what lies around a send; when the team is warned of limits, and who changed its settings."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_INDEXES = {
    "send_batch": "send (batch, id) WHERE batch <> ''",
    # Most sends have ended; without them the index is small.
    "send_campaign_open": (
        "send (lower(campaign), status, due_at, id, provider, at_once)"
        " WHERE stage NOT IN ('done', 'closed')"
    ),
}
_SQLITE = (
    *(
        f"CREATE TRIGGER warning_can_be_read_{write.lower()} BEFORE {write} ON warning"
        " WHEN typeof(NEW.before) <> 'text'"
        " OR ltrim(NEW.before, '0123456789') NOT IN ('h', 'd')"
        " OR length(NEW.before) - length(ltrim(NEW.before, '0123456789')) NOT BETWEEN 1 AND 4"
        " BEGIN SELECT RAISE(ABORT, 'no desk could read this'); END"
        for write in ("INSERT", "UPDATE")
    ),
    *(
        f"CREATE TRIGGER setting_change_is_never_{done} BEFORE {write} ON setting_change"
        " BEGIN SELECT RAISE(ABORT, 'what was changed stays written'); END"
        for write, done in (("UPDATE", "changed"), ("DELETE", "removed"))
    ),
)
_POSTGRESQL = (
    "ALTER TABLE warning ADD CONSTRAINT warning_can_be_read CHECK (before ~ '^[0-9]{1,4}(h|d)$')",
    """CREATE TRIGGER warning_is_told AFTER INSERT OR UPDATE OR DELETE ON warning
    FOR EACH STATEMENT EXECUTE FUNCTION desk_is_told()""",
    """CREATE TRIGGER setting_change_is_never_changed BEFORE UPDATE OR DELETE ON setting_change
    FOR EACH ROW EXECUTE FUNCTION event_is_append_only()""",
    # Whoever may read or set limits may do the same with the new tables.
    """DO $$
DECLARE given record;
BEGIN
    FOR given IN
        SELECT privilege_type AS deed,
            CASE grantee WHEN 'PUBLIC' THEN grantee ELSE quote_ident(grantee) END AS who
        FROM information_schema.role_table_grants
        WHERE table_schema = current_schema AND table_name = 'threshold' AND grantee <> current_user
    LOOP
        EXECUTE format('GRANT %s ON warning TO %s', given.deed, given.who);
        IF given.deed IN ('SELECT', 'INSERT') THEN
            EXECUTE format('GRANT %s ON setting_change TO %s', given.deed, given.who);
        END IF;
    END LOOP;
END$$""",
)


def upgrade() -> None:
    """Make the indexes and both tables with their guards."""
    for name, columns in _INDEXES.items():
        op.execute(f"CREATE INDEX {name} ON {columns}")
    time = sa.DateTime(timezone=True)
    op.create_table(
        "warning",
        sa.Column("provider", sa.String(32), nullable=False),
        sa.Column("status", sa.String(64), nullable=False),
        sa.Column("before", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("provider", "status"),
    )
    op.create_table(
        "setting_change",
        sa.Column("at", time, nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("actor", sa.String(200), nullable=False),
        sa.Column("before", sa.String(200), nullable=False),
        sa.Column("after", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("at", "subject"),
    )
    is_server = op.get_bind().dialect.name == "postgresql"
    for statement in _POSTGRESQL if is_server else _SQLITE:
        op.execute(statement)
