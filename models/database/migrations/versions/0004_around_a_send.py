"""Indexes for what lies around a send: its order batch, and the same problem in its campaign."""

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


def upgrade() -> None:
    """Make the indexes."""
    for name, columns in _INDEXES.items():
        op.execute(f"CREATE INDEX {name} ON {columns}")
