"""What comes from the platforms themselves: the deliveries of their webhooks."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_DELIVERY_INDEXES = {
    # Few deliveries wait for something, however many have been applied.
    "delivery_open": "delivery (state, id) WHERE state <> 'applied'",
    "delivery_waiting": "delivery (provider, subject, id) WHERE state = 'waiting'",
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
        IF given.deed = 'INSERT' THEN
            EXECUTE format('GRANT USAGE ON SEQUENCE delivery_id_seq TO %s', given.who);
        END IF;
    END LOOP;
END$$"""


def upgrade() -> None:
    """Make the tables, their indexes and their rights."""
    _make_delivery()


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
    if op.get_bind().dialect.name == "postgresql":
        # Who may write sends may store and apply what is said about them.
        op.execute(_GRANT_AS_SEND)
