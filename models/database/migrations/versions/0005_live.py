"""What comes from the platforms: batches, refunds, brands of shipments, webhook deliveries, syncs.

And an index of what agents did, by verb.

A batch has a row in `send` of its own: an agent owns, escalates and snoozes it like any send.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_SEND_INDEXES = {
    # In place of (batch, id): the orders of each batch are also counted by their status.
    "send_batch": "send (batch, provider, status, id) WHERE batch <> ''",
    "send_refunded": "send (refunded_at, id) WHERE refunded_at IS NOT NULL",
}
_DELIVERY_INDEXES = {
    # Few deliveries wait for something, however many have been applied.
    "delivery_open": "delivery (state, id) WHERE state <> 'applied'",
    "delivery_waiting": "delivery (provider, subject, id) WHERE state = 'waiting'",
}
_EVENT_INDEXES = {
    # What agents did, by verb: with the actor in it, who did it is looked up within the index.
    "event_deeds_by_kind": ("event (kind, recorded_at, id, actor) WHERE request_id IS NOT NULL"),
}
_GRANT_AS_SEND = """DO $$
DECLARE given record;
BEGIN
    FOR given IN
        SELECT privilege_type AS deed,
            CASE grantee WHEN 'PUBLIC' THEN grantee ELSE quote_ident(grantee) END AS who
        FROM information_schema.role_table_grants
        WHERE table_schema = current_schema AND table_name = 'send' AND grantee <> current_user
            AND privilege_type IN ('SELECT', 'INSERT', 'UPDATE')
    LOOP
        EXECUTE format('GRANT %s ON delivery TO %s', given.deed, given.who);
        IF given.deed <> 'UPDATE' THEN
            EXECUTE format('GRANT %s ON webhook TO %s', given.deed, given.who);
        ELSE
            EXECUTE format('GRANT DELETE ON webhook TO %s', given.who);
        END IF;
        IF given.deed = 'INSERT' THEN
            EXECUTE format('GRANT USAGE ON SEQUENCE delivery_id_seq TO %s', given.who);
        END IF;
    END LOOP;
END$$"""

_GRANT_SYNC = """DO $$
DECLARE given record;
BEGIN
    FOR given IN
        SELECT privilege_type AS deed,
            CASE grantee WHEN 'PUBLIC' THEN grantee ELSE quote_ident(grantee) END AS who
        FROM information_schema.role_table_grants
        WHERE table_schema = current_schema AND table_name = 'send' AND grantee <> current_user
            AND privilege_type IN ('SELECT', 'INSERT')
    LOOP
        EXECUTE format('GRANT SELECT ON sync_state, sync_fact TO %s', given.who);
        IF given.deed = 'INSERT' THEN
            EXECUTE format('GRANT INSERT, UPDATE ON sync_state TO %s', given.who);
            EXECUTE format('GRANT INSERT, DELETE ON sync_fact TO %s', given.who);
        END IF;
    END LOOP;
END$$"""


def upgrade() -> None:
    """Make the columns and tables, their indexes and their rights."""
    _widen_send()
    _make_delivery()
    _name_brands()
    _make_sync()
    for name, columns in _EVENT_INDEXES.items():
        op.execute(f"CREATE INDEX {name} ON {columns}")


def _widen_send() -> None:
    time = sa.DateTime(timezone=True)
    op.add_column("send", sa.Column("refunded_at", time, nullable=True))
    op.add_column("send", sa.Column("refunded_minor", sa.BigInteger(), nullable=True))
    op.add_column("send", sa.Column("scheduled_at", time, nullable=True))
    op.add_column("send", sa.Column("orders_count", sa.Integer(), nullable=True))
    op.add_column("send", sa.Column("recipients_count", sa.Integer(), nullable=True))
    op.execute("DROP INDEX send_batch")
    for name, columns in _SEND_INDEXES.items():
        op.execute(f"CREATE INDEX {name} ON {columns}")


def _make_delivery() -> None:
    time = sa.DateTime(timezone=True)
    op.create_table(
        "delivery",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("provider", sa.String(32), nullable=False),
        sa.Column("message", sa.String(128), nullable=False),
        sa.Column("received_at", time, nullable=False),
        sa.Column("event", sa.String(64), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("problem", sa.String(500), nullable=False),
        sa.Column("applied_at", time, nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("provider", "message"),
    )
    for name, columns in _DELIVERY_INDEXES.items():
        op.execute(f"CREATE INDEX {name} ON {columns}")
    op.create_table(
        "webhook",
        sa.Column("provider", sa.String(32), nullable=False),
        sa.Column("endpoint", sa.String(200), nullable=False),
        sa.Column("address", sa.String(500), nullable=False),
        sa.Column("url", sa.String(2048), nullable=False),
        sa.Column("registered_at", time, nullable=False),
        sa.Column("registered_by", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("provider", "endpoint"),
    )
    if op.get_bind().dialect.name == "postgresql":
        # Who may write sends may store and apply what is said about them.
        op.execute(_GRANT_AS_SEND)


def _name_brands() -> None:
    op.add_column("shipment", sa.Column("brand", sa.String(200), server_default="", nullable=False))


def _make_sync() -> None:
    time = sa.DateTime(timezone=True)
    op.create_table(
        "sync_state",
        sa.Column("provider", sa.String(32), nullable=False),
        sa.Column("address", sa.String(500), nullable=False),
        sa.Column("cursor", sa.String(), nullable=False),
        sa.Column("covered_until", time, nullable=True),
        sa.Column("full_at", time, nullable=True),
        sa.Column("synced_at", time, nullable=True),
        sa.Column("every", sa.Integer(), nullable=True),
        sa.Column("holder", sa.String(300), nullable=False),
        sa.Column("held_since", time, nullable=True),
        sa.Column("problem", sa.String(500), nullable=False),
        sa.PrimaryKeyConstraint("provider"),
    )
    op.create_table(
        "sync_fact",
        sa.Column("provider", sa.String(32), nullable=False),
        sa.Column("external_id", sa.String(200), nullable=False),
        sa.Column("word", sa.String(200), nullable=False),
        sa.Column("at", time, nullable=False),
        sa.PrimaryKeyConstraint("provider", "external_id", "word", "at"),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_GRANT_SYNC)
