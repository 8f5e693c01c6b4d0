"""Constraints and triggers that refuse rows which no desk could read; rows that are there already stay.

An index that nothing reads any more goes.
"""

from alembic import op

revision = "0003"
down_revision = "0002"

_POSTGRESQL = {
    "threshold": (
        "provider <> '' AND status <> '' AND \"limit\" ~ '^(off|now|[0-9]{1,4}(h|d|w|bd))$'"
    ),
    "holiday": "day ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' AND day::date IS NOT NULL",
    "saved_view": "btrim(name) <> '' AND digit IN ('', '7', '8', '9')",
    # Years beyond 9999 and before 1, and the two infinite times, are no times to the driver.
    "event": (
        "seq > 0 AND kind <> '' AND octet_length(hash) = 16 AND detail LIKE '{%}'"
        " AND recorded_at >= '0001-01-01' AND recorded_at < '10000-01-01'"
        " AND (at IS NULL OR at >= '0001-01-01' AND at < '10000-01-01')"
    ),
    "send": (
        "revision >= 0 AND provider <> '' AND external_id <> '' AND status <> '' AND stage <> ''"
        " AND since >= '0001-01-01' AND since < '10000-01-01'"
        " AND created_at >= '0001-01-01' AND created_at < '10000-01-01'"
        " AND due_at >= '0001-01-01' AND due_at < '10000-01-01'"
        " AND triage_at >= '0001-01-01' AND triage_at < '10000-01-01'"
    ),
}
_AMOUNT = 'length(NEW."limit") - length(ltrim(NEW."limit", \'0123456789\'))'
_SQLITE = {
    "threshold": (
        "typeof(NEW.\"limit\") <> 'text' OR NEW.provider = '' OR NEW.status = ''"
        " OR NOT (NEW.\"limit\" IN ('off', 'now')"
        " OR (ltrim(NEW.\"limit\", '0123456789') IN ('h', 'd', 'w', 'bd')"
        f" AND {_AMOUNT} BETWEEN 1 AND 4))"
    ),
    "holiday": "typeof(NEW.day) <> 'text' OR date(NEW.day, '+0 days') IS NOT NEW.day",
    "saved_view": (
        "typeof(NEW.name) <> 'text' OR trim(NEW.name) = '' OR length(NEW.name) > 40"
        " OR typeof(NEW.query) <> 'text' OR NEW.digit NOT IN ('', '7', '8', '9')"
    ),
}


def upgrade() -> None:
    """Make them; NOT VALID, so that a row of before does not keep the schema from being upgraded."""
    if op.get_bind().dialect.name == "postgresql":
        for table, condition in _POSTGRESQL.items():
            op.execute(
                f"ALTER TABLE {table} ADD CONSTRAINT {table}_can_be_read CHECK ({condition}) NOT VALID"
            )
    else:
        for table, condition in _SQLITE.items():
            for write in ("INSERT", "UPDATE"):
                op.execute(
                    f"CREATE TRIGGER {table}_can_be_read_{write.lower()} BEFORE {write} ON {table}"
                    f" WHEN {condition} BEGIN SELECT RAISE(ABORT, 'no desk could read this'); END"
                )
    # Undo looks for actions of every kind, which `event_deeds_of` finds.
    op.execute("DROP INDEX IF EXISTS event_overrides")
