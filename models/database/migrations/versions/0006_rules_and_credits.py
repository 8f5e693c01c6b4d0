"""What time does to sends: which rule holds, when the rules look next, and how a desk sets them.

And how long sends stayed in their statuses, which a report is made of; and the ledger of what rules expect
the platforms to give back, and what they have given back.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_INDEXES = {
    # One look-up says whether any rule has anything to do, at any number of sends.
    "send_rule_at": "send (rule_at, id) WHERE rule_at IS NOT NULL",
    "send_rule": "send (rule, due_at, id) WHERE rule <> ''",
    "event_time_rules": "event (recorded_at, id, actor) WHERE kind = 'time_rule'",
    # Few sends have a credit that is expected and did not come yet.
    "send_credit_due": "send (credit_due_at, id) WHERE credit_due_at IS NOT NULL",
}
_SQLITE = (
    *(
        f"CREATE TRIGGER rule_switch_can_be_read_{write.lower()} BEFORE {write} ON rule_switch"
        " WHEN typeof(NEW.name) <> 'text' OR NEW.name = '' OR NEW.state NOT IN ('on', 'off')"
        " BEGIN SELECT RAISE(ABORT, 'no desk could read this'); END"
        for write in ("INSERT", "UPDATE")
    ),
    *(
        f"CREATE TRIGGER usual_span_can_be_read_{write.lower()} BEFORE {write} ON usual_span"
        " WHEN typeof(NEW.key) <> 'text' OR NEW.key = '' OR typeof(NEW.campaign) <> 'text'"
        " OR typeof(NEW.span) <> 'text'"
        " OR ltrim(NEW.span, '0123456789') NOT IN ('h', 'd', 'w', 'bd', 'bh')"
        " OR length(NEW.span) - length(ltrim(NEW.span, '0123456789')) NOT BETWEEN 1 AND 4"
        " BEGIN SELECT RAISE(ABORT, 'no desk could read this'); END"
        for write in ("INSERT", "UPDATE")
    ),
)
_POSTGRESQL = (
    "ALTER TABLE rule_switch ADD CONSTRAINT rule_switch_can_be_read"
    " CHECK (name <> '' AND state IN ('on', 'off'))",
    "ALTER TABLE usual_span ADD CONSTRAINT usual_span_can_be_read"
    " CHECK (key <> '' AND span ~ '^[0-9]{1,4}(h|d|w|bd|bh)$')",
    *(
        f"CREATE TRIGGER {table}_is_told AFTER INSERT OR UPDATE OR DELETE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION desk_is_told()"
        for table in ("rule_switch", "usual_span")
    ),
    # Whoever may read or set limits may do the same with rules.
    """DO $$
DECLARE given record;
BEGIN
    FOR given IN
        SELECT privilege_type AS deed,
            CASE grantee WHEN 'PUBLIC' THEN grantee ELSE quote_ident(grantee) END AS who
        FROM information_schema.role_table_grants
        WHERE table_schema = current_schema AND table_name = 'threshold' AND grantee <> current_user
    LOOP
        EXECUTE format('GRANT %s ON rule_switch, usual_span TO %s', given.deed, given.who);
    END LOOP;
END$$""",
)


_CREDIT_SQLITE = (
    """CREATE TRIGGER credit_is_never_changed BEFORE UPDATE ON credit
    BEGIN SELECT RAISE(ABORT, 'the ledger cannot be changed'); END""",
    """CREATE TRIGGER credit_is_never_removed BEFORE DELETE ON credit
    BEGIN SELECT RAISE(ABORT, 'the ledger cannot be removed'); END""",
    # REPLACE removes rows without a DELETE trigger wherever recursive_triggers is off.
    """CREATE TRIGGER credit_is_never_replaced BEFORE INSERT ON credit
    WHEN EXISTS (SELECT 1 FROM credit WHERE id = NEW.id)
      OR EXISTS (SELECT 1 FROM credit
        WHERE send_id = NEW.send_id AND seq = NEW.seq AND state = NEW.state)
    BEGIN SELECT RAISE(ABORT, 'the ledger cannot be replaced'); END""",
)
_CREDIT_POSTGRESQL = (
    "CREATE OR REPLACE FUNCTION credit_is_append_only() RETURNS trigger LANGUAGE plpgsql"
    " AS $$BEGIN RAISE EXCEPTION 'the ledger cannot be changed or removed'; END$$",
    """CREATE TRIGGER credit_is_never_changed BEFORE UPDATE OR DELETE ON credit
    FOR EACH ROW EXECUTE FUNCTION credit_is_append_only()""",
    """CREATE TRIGGER credit_is_never_emptied BEFORE TRUNCATE ON credit
    FOR EACH STATEMENT EXECUTE FUNCTION credit_is_append_only()""",
    # Without ALWAYS a session in replica role would walk around them.
    "ALTER TABLE credit ENABLE ALWAYS TRIGGER credit_is_never_changed",
    "ALTER TABLE credit ENABLE ALWAYS TRIGGER credit_is_never_emptied",
    # The driver can read no other times.
    "ALTER TABLE credit ADD CONSTRAINT credit_can_be_read"
    " CHECK (at >= '0001-01-01' AND at < '10000-01-01')",
    # Who may read or write the history may do the same with what it adds up to.
    """DO $$
DECLARE given record;
BEGIN
    FOR given IN
        SELECT privilege_type AS deed,
            CASE grantee WHEN 'PUBLIC' THEN grantee ELSE quote_ident(grantee) END AS who
        FROM information_schema.role_table_grants
        WHERE table_schema = current_schema AND table_name = 'event' AND grantee <> current_user
            AND privilege_type IN ('SELECT', 'INSERT')
    LOOP
        EXECUTE format('GRANT %s ON credit TO %s', given.deed, given.who);
        IF given.deed = 'INSERT' THEN
            EXECUTE format('GRANT USAGE ON SEQUENCE credit_id_seq TO %s', given.who);
        END IF;
    END LOOP;
END$$""",
)


def upgrade() -> None:
    """Make the columns, the tables, their indexes and their guards."""
    op.add_column("send", sa.Column("rule", sa.String(64), nullable=False, server_default=""))
    op.add_column("send", sa.Column("rule_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("send", sa.Column("credit_due_at", sa.DateTime(timezone=True), nullable=True))
    for name, columns in _INDEXES.items():
        op.execute(f"CREATE INDEX {name} ON {columns}")
    op.create_table(
        "rule_switch",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("state", sa.String(3), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "usual_span",
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("campaign", sa.String(500), nullable=False),
        sa.Column("span", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("key", "campaign"),
    )
    _make_credit()
    is_server = op.get_bind().dialect.name == "postgresql"
    for statement in _POSTGRESQL if is_server else _SQLITE:
        op.execute(statement)
    for statement in _CREDIT_POSTGRESQL if is_server else _CREDIT_SQLITE:
        op.execute(statement)
    _make_stays()


_REPORT_INDEXES = {
    "stay_count_day": "stay_count (day)",
    # What had not ended before a moment: with the rest in it, a report reads nothing else.
    "breach_ended": "breach (ended_at, due_at, provider, status, send_id)",
    "breach_send": "breach (send_id, began)",
    # In place of (recorded_at, id): who did what to which send is counted within the index.
    "event_deeds": "event (recorded_at, id, actor, kind, send_id) WHERE request_id IS NOT NULL",
}
_GRANT_REPORT = """DO $$
DECLARE given record;
BEGIN
    FOR given IN
        SELECT privilege_type AS deed,
            CASE grantee WHEN 'PUBLIC' THEN grantee ELSE quote_ident(grantee) END AS who
        FROM information_schema.role_table_grants
        WHERE table_schema = current_schema AND table_name = 'event' AND grantee <> current_user
            AND privilege_type IN ('SELECT', 'INSERT')
    LOOP
        EXECUTE format('GRANT SELECT ON stay_count, breach TO %s', given.who);
        IF given.deed = 'INSERT' THEN
            EXECUTE format('GRANT INSERT, DELETE ON stay_count, breach TO %s', given.who);
            EXECUTE format('GRANT USAGE ON SEQUENCE stay_count_id_seq, breach_id_seq TO %s', given.who);
        END IF;
    END LOOP;
END$$"""


def _make_stays() -> None:
    time = sa.DateTime(timezone=True)
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "stay_count",
        sa.Column("id", number, nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("provider", sa.String(32), nullable=False),
        sa.Column("status", sa.String(64), nullable=False),
        sa.Column("lengths", sa.String(), nullable=False),
        sa.Column("reopened", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "breach",
        sa.Column("id", number, nullable=False),
        sa.Column("send_id", sa.Integer(), nullable=False),
        sa.Column("provider", sa.String(32), nullable=False),
        sa.Column("status", sa.String(64), nullable=False),
        sa.Column("began", time, nullable=False),
        sa.Column("due_at", time, nullable=False),
        sa.Column("ended_at", time, nullable=False),
        sa.ForeignKeyConstraint(["send_id"], ["send.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.execute("DROP INDEX IF EXISTS event_deeds")
    for name, columns in _REPORT_INDEXES.items():
        op.execute(f"CREATE INDEX {name} ON {columns}")
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_GRANT_REPORT)


def _make_credit() -> None:
    op.create_table(
        "credit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("send_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("rule", sa.String(64), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("funding_source", sa.String(200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["send_id"], ["send.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("send_id", "seq", "state"),
    )
