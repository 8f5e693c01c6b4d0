"""The first schema: sends, their history, parcels, limits and days off."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_INDEXES = {
    "send_created": "send (created_at, id)",
    "send_since": "send (since, id)",
    "send_due": "send (due_at, id, at_once)",
    "send_triage": "send (triage_at, due_at, id, at_once)",
    "send_status_due": "send (status, due_at, id)",
    "send_status_since": "send (status, since, id)",
    "send_owner": "send (owner, due_at, id)",
    "send_escalated": "send (follow_up_at, id) WHERE escalated_at IS NOT NULL",
    "send_overridden": "send (override_at, id) WHERE override_status IS NOT NULL",
    "send_snoozed": "send (snoozed_until, id) WHERE snooze <> ''",
    "send_recipient": "send (lower(recipient_name), id)",
    "send_email": "send (lower(recipient_email), id)",
    "send_company": "send (lower(company), id)",
    "send_campaign": "send (lower(campaign), id)",
    "send_tracking": "send (tracking_number) WHERE tracking_number <> ''",
    "send_facets": "send (status, provider, type, owner)",
    "event_overrides": "event (actor, id) WHERE kind IN ('override', 'undo')",
    "event_deeds": "event (recorded_at, id) WHERE request_id IS NOT NULL",
    "event_deeds_of": "event (actor, recorded_at, id) WHERE request_id IS NOT NULL",
}
_SQLITE = (
    """CREATE TRIGGER event_is_never_changed BEFORE UPDATE ON event
    BEGIN SELECT RAISE(ABORT, 'the history cannot be changed'); END""",
    """CREATE TRIGGER event_is_never_removed BEFORE DELETE ON event
    BEGIN SELECT RAISE(ABORT, 'the history cannot be removed'); END""",
    # REPLACE removes rows without a DELETE trigger wherever recursive_triggers is off.
    """CREATE TRIGGER event_is_never_replaced BEFORE INSERT ON event
    WHEN EXISTS (SELECT 1 FROM event WHERE id = NEW.id)
      OR EXISTS (SELECT 1 FROM event WHERE send_id = NEW.send_id AND seq = NEW.seq)
      OR EXISTS (SELECT 1 FROM event WHERE request_id = NEW.request_id)
    BEGIN SELECT RAISE(ABORT, 'the history cannot be replaced'); END""",
    "CREATE VIRTUAL TABLE send_text USING fts5(recipient_name, recipient_email, company, campaign,"
    " ref, external_id, tracking_number, content='send', content_rowid='id',"
    " tokenize='trigram', detail=none, columnsize=0)",
)
_NOTIFY_TRIGGER = """CREATE TRIGGER {table}_is_told AFTER {changes} ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION desk_is_told()"""
_POSTGRESQL = (
    "CREATE FUNCTION event_is_append_only() RETURNS trigger LANGUAGE plpgsql"
    " AS $$BEGIN RAISE EXCEPTION 'the history cannot be changed or removed'; END$$",
    """CREATE TRIGGER event_is_never_changed BEFORE UPDATE OR DELETE ON event
    FOR EACH ROW EXECUTE FUNCTION event_is_append_only()""",
    """CREATE TRIGGER event_is_never_emptied BEFORE TRUNCATE ON event
    FOR EACH STATEMENT EXECUTE FUNCTION event_is_append_only()""",
    # Without ALWAYS a session in replica role would walk around them.
    "ALTER TABLE event ENABLE ALWAYS TRIGGER event_is_never_changed",
    "ALTER TABLE event ENABLE ALWAYS TRIGGER event_is_never_emptied",
    # One notification for each transaction, however many statements it has: the server drops
    # repetitions.
    "CREATE FUNCTION desk_is_told() RETURNS trigger LANGUAGE plpgsql"
    " AS $$BEGIN NOTIFY senddesk; RETURN NULL; END$$",
    _NOTIFY_TRIGGER.format(table="event", changes="INSERT"),
    # A limit that the team sets moves sends without an event.
    _NOTIFY_TRIGGER.format(table="send", changes="UPDATE"),
    *(
        _NOTIFY_TRIGGER.format(table=table, changes="INSERT OR UPDATE OR DELETE")
        for table in ("saved_view", "threshold", "holiday")
    ),
)


def upgrade() -> None:
    """Make the tables, their indexes, the guards of the history, the text index, the notifications."""
    _make_send()
    _make_history()
    _make_settings()
    for name, columns in _INDEXES.items():
        op.execute(f"CREATE INDEX {name} ON {columns}")
    op.execute(
        "CREATE UNIQUE INDEX event_request ON event (request_id) WHERE request_id IS NOT NULL"
    )
    is_server = op.get_bind().dialect.name == "postgresql"
    for statement in _POSTGRESQL if is_server else _SQLITE:
        op.execute(statement)


def _time() -> sa.DateTime:
    return sa.DateTime(timezone=True)


def _make_send() -> None:
    op.create_table(
        "send",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(64), nullable=False),
        sa.Column("provider", sa.String(32), nullable=False),
        sa.Column("external_id", sa.String(200), nullable=False),
        sa.Column("type", sa.String(32), nullable=False),
        sa.Column("subtype", sa.String(200), nullable=False),
        sa.Column("campaign", sa.String(500), nullable=False),
        sa.Column("batch", sa.String(200), nullable=False),
        sa.Column("recipient_name", sa.String(500), nullable=False),
        sa.Column("recipient_email", sa.String(500), nullable=False),
        sa.Column("company", sa.String(500), nullable=False),
        sa.Column("sender_name", sa.String(500), nullable=False),
        sa.Column("sender_email", sa.String(500), nullable=False),
        sa.Column("team", sa.String(500), nullable=False),
        sa.Column("sent_via", sa.String(200), nullable=False),
        sa.Column("cost_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("funding_source", sa.String(500), nullable=False),
        sa.Column("tracking_number", sa.String(200), nullable=False),
        sa.Column("tracking_url", sa.String(2048), nullable=False),
        sa.Column("carrier", sa.String(200), nullable=False),
        sa.Column("created_at", _time(), nullable=False),
        sa.Column("expires_at", _time(), nullable=True),
        sa.Column("provider_status", sa.String(64), nullable=False),
        sa.Column("provider_raw", sa.String(200), nullable=False),
        sa.Column("provider_at", _time(), nullable=True),
        sa.Column("order_uncertain", sa.Boolean(), nullable=False),
        sa.Column("override_status", sa.String(64), nullable=True),
        sa.Column("override_reason", sa.String(), nullable=False),
        sa.Column("override_by", sa.String(200), nullable=False),
        sa.Column("override_at", _time(), nullable=True),
        sa.Column("contested", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(64), nullable=False),
        sa.Column("stage", sa.String(16), nullable=False),
        sa.Column("since", _time(), nullable=False),
        sa.Column("at_once", sa.Boolean(), nullable=False),
        sa.Column("due_at", _time(), nullable=False),
        sa.Column("triage_at", _time(), nullable=False),
        sa.Column("owner", sa.String(200), nullable=False),
        sa.Column("escalated_at", _time(), nullable=True),
        sa.Column("escalation_ref", sa.String(200), nullable=False),
        sa.Column("follow_up_at", _time(), nullable=True),
        sa.Column("snooze", sa.String(16), nullable=False),
        sa.Column("snoozed_until", _time(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("head", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("provider", "external_id"),
        sa.UniqueConstraint("ref"),
    )


def _make_settings() -> None:
    op.create_table(
        "saved_view",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("digit", sa.String(1), nullable=False),
        sa.Column("query", sa.String(1000), nullable=False),
        sa.Column("saved_by", sa.String(200), nullable=False),
        sa.Column("saved_at", _time(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "holiday",
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("day"),
    )
    op.create_table(
        "threshold",
        sa.Column("provider", sa.String(32), nullable=False),
        sa.Column("status", sa.String(64), nullable=False),
        sa.Column("limit", sa.String(16), nullable=False),
        sa.Column("set_by", sa.String(200), nullable=False),
        sa.Column("set_at", _time(), nullable=False),
        sa.PrimaryKeyConstraint("provider", "status"),
    )


def _make_history() -> None:
    op.create_table(
        "event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("send_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", _time(), nullable=True),
        sa.Column("recorded_at", _time(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("from_status", sa.String(64), nullable=False),
        sa.Column("to_status", sa.String(64), nullable=False),
        sa.Column("raw", sa.String(200), nullable=False),
        sa.Column("actor", sa.String(200), nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("request_id", sa.String(200), nullable=True),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["send_id"], ["send.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("send_id", "seq"),
    )
    op.create_table(
        "shipment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("send_id", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.String(200), nullable=False),
        sa.Column("status", sa.String(64), nullable=False),
        sa.Column("carrier", sa.String(200), nullable=False),
        sa.Column("tracking_number", sa.String(200), nullable=False),
        sa.Column("tracking_url", sa.String(2048), nullable=False),
        sa.Column("shipped_at", _time(), nullable=True),
        sa.Column("delivered_at", _time(), nullable=True),
        sa.Column("expected_at", _time(), nullable=True),
        sa.ForeignKeyConstraint(["send_id"], ["send.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("send_id", "external_id"),
    )
    op.create_index(
        op.f("ix_shipment_tracking_number"), "shipment", ["tracking_number"], unique=False
    )
