"""Which entries of the history each intake wrote; indexes for notes and for the kind of send."""

import sqlalchemy as sa
from alembic import op

from models.database import autovacuum, grants

revision = "0002"
down_revision = "0001"

_INDEXES = {
    "event_notes": "event (send_id) WHERE reason <> ''",
    "send_type": "send (type, id)",
}


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
    # Only agents' deeds have a request id.
    op.execute(
        "INSERT INTO intake (actor, first_event, last_event, source, recorded_at)"
        " SELECT actor, min(id), max(id), source, recorded_at FROM event"
        " WHERE request_id IS NULL GROUP BY actor, source, recorded_at"
    )
    for name, columns in _INDEXES.items():
        op.execute(f"CREATE INDEX {name} ON {columns}")
    grants.share(op.get_bind(), "intake", like="event")
    # A server that takes the few intakes for many would rather read the whole history.
    autovacuum.look_at_each_change(op.get_bind(), "intake")
