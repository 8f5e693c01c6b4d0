"""Which entries of the history each intake wrote; indexes for notes and for the kind of send."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_INDEXES = {
    "event_notes": "event (send_id) WHERE reason <> ''",
    "send_type": "send (type, id)",
}
_POSTGRESQL = (
    # Whoever may read or add entries of the history may do the same with the new table.
    """DO $$
DECLARE given record;
BEGIN
    FOR given IN
        SELECT privilege_type AS deed,
            CASE grantee WHEN 'PUBLIC' THEN grantee ELSE quote_ident(grantee) END AS who
        FROM information_schema.role_table_grants
        WHERE table_schema = current_schema AND table_name = 'event' AND grantee <> current_user
    LOOP
        EXECUTE format('GRANT %s ON intake TO %s', given.deed, given.who);
    END LOOP;
END$$""",
    # ANALYZE after every change: by default only after fifty new rows, and a table that was never
    # analysed counts as a large one. The server would then read the whole history instead.
    "ALTER TABLE intake SET (autovacuum_analyze_threshold = 0)",
)


def upgrade() -> None:
    """Make the table of intakes, fill it from the history, and make the indexes."""
    op.create_table(
        "intake",
        sa.Column("actor", sa.String(200), nullable=False),
        sa.Column("first_event", sa.BigInteger(), nullable=False),
        sa.Column("last_event", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("actor", "first_event"),
    )
    # Only what agents write has a request id.
    op.execute(
        "INSERT INTO intake (actor, first_event, last_event, source, recorded_at)"
        " SELECT actor, min(id), max(id), source, recorded_at FROM event"
        " WHERE request_id IS NULL GROUP BY actor, source, recorded_at"
    )
    for name, columns in _INDEXES.items():
        op.execute(f"CREATE INDEX {name} ON {columns}")
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        for statement in _POSTGRESQL:
            op.execute(statement)
