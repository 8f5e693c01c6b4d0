"""Indexes for what lies around a send; warnings, business hours and who changed the team's settings.

Limits may be in business hours, `8bh`; a holiday says which country it came with.
"""

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
    # By kind: who is done with a send need not be passed to find those that are snoozed.
    "send_put_off": "send (snooze, snoozed_until, id) WHERE snooze <> ''",
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
        EXECUTE format('GRANT %s ON business_hours TO %s', given.deed, given.who);
        IF given.deed IN ('SELECT', 'INSERT') THEN
            EXECUTE format('GRANT %s ON setting_change TO %s', given.deed, given.who);
        END IF;
    END LOOP;
END$$""",
)
_CLOCK = "([01][0-9]|2[0-3]):[0-5][0-9]"
_DAY = "(mon|tue|wed|thu|fri|sat|sun)"
_LIMIT = "provider <> '' AND status <> '' AND \"limit\" ~ '^(off|now|[0-9]{1,4}(h|d|w|bd|bh))$'"
_CALENDAR_POSTGRESQL = (
    "ALTER TABLE threshold DROP CONSTRAINT threshold_can_be_read",
    f"ALTER TABLE threshold ADD CONSTRAINT threshold_can_be_read CHECK ({_LIMIT}) NOT VALID",
    "ALTER TABLE business_hours ADD CONSTRAINT business_hours_can_be_read CHECK ("
    f"only_row = 1 AND opens ~ '^{_CLOCK}$' AND closes ~ '^({_CLOCK}|24:00)$' AND opens < closes"
    f" AND days ~ '^{_DAY}(,{_DAY}){{0,6}}$' AND zone <> '')",
    "CREATE TRIGGER business_hours_is_told AFTER INSERT OR UPDATE OR DELETE ON business_hours"
    " FOR EACH STATEMENT EXECUTE FUNCTION desk_is_told()",
)
_AMOUNT = 'length(NEW."limit") - length(ltrim(NEW."limit", \'0123456789\'))'
_GLOBBED = "[0-9][0-9]:[0-9][0-9]"
_UNREADABLE = {
    "threshold": (
        "typeof(NEW.\"limit\") <> 'text' OR NEW.provider = '' OR NEW.status = ''"
        " OR NOT (NEW.\"limit\" IN ('off', 'now')"
        " OR (ltrim(NEW.\"limit\", '0123456789') IN ('h', 'd', 'w', 'bd', 'bh')"
        f" AND {_AMOUNT} BETWEEN 1 AND 4))"
    ),
    "business_hours": (
        "NEW.only_row <> 1 OR typeof(NEW.opens) <> 'text' OR typeof(NEW.closes) <> 'text'"
        f" OR NEW.opens NOT GLOB '{_GLOBBED}' OR NEW.closes NOT GLOB '{_GLOBBED}'"
        " OR NEW.opens >= NEW.closes OR NEW.closes > '24:00' OR substr(NEW.opens, 4) > '59'"
        " OR substr(NEW.closes, 4) > '59' OR typeof(NEW.days) <> 'text' OR NEW.days = ''"
        " OR trim(replace(replace(replace(replace(replace(replace(replace(NEW.days, 'mon', ''),"
        " 'tue', ''), 'wed', ''), 'thu', ''), 'fri', ''), 'sat', ''), 'sun', ''), ',') <> ''"
        " OR typeof(NEW.zone) <> 'text' OR NEW.zone = ''"
    ),
}
_CALENDAR_SQLITE = (
    "DROP TRIGGER threshold_can_be_read_insert",
    "DROP TRIGGER threshold_can_be_read_update",
    *(
        f"CREATE TRIGGER {table}_can_be_read_{write.lower()} BEFORE {write} ON {table}"
        f" WHEN {condition} BEGIN SELECT RAISE(ABORT, 'no desk could read this'); END"
        for table, condition in _UNREADABLE.items()
        for write in ("INSERT", "UPDATE")
    ),
)


def upgrade() -> None:
    """Make the indexes, the tables and their guards."""
    for name, columns in _INDEXES.items():
        op.execute(f"CREATE INDEX {name} ON {columns}")
    # `send_put_off` takes its place.
    op.execute("DROP INDEX IF EXISTS send_snoozed")
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
    op.add_column("holiday", sa.Column("region", sa.String(40), nullable=False, server_default=""))
    op.create_table(
        "business_hours",
        sa.Column("only_row", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("opens", sa.String(5), nullable=False),
        sa.Column("closes", sa.String(5), nullable=False),
        sa.Column("days", sa.String(27), nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("set_by", sa.String(200), nullable=False),
        sa.Column("set_at", time, nullable=False),
        sa.PrimaryKeyConstraint("only_row"),
    )
    is_server = op.get_bind().dialect.name == "postgresql"
    for statement in _POSTGRESQL if is_server else _SQLITE:
        op.execute(statement)
    for statement in _CALENDAR_POSTGRESQL if is_server else _CALENDAR_SQLITE:
        op.execute(statement)
