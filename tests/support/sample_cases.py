"""Hand-made sends and cases for the tests of the screen; nothing here touches a database."""

from datetime import UTC, datetime, timedelta
from typing import Any

from models.records import Advice, Case, Event, EventKind, SendRecord, Shipment

NOW = datetime(2025, 11, 21, 9, 41, tzinfo=UTC)
HOSTILE = "\x1b[2J[red]Ann[/red] [/] [@click=app.quit]x[/] \u202egnp\u202c\x9b31m\x07"
"""Everything at once: an escape, markup that closes nothing, a link, a bidi override, C1, a bell."""


def ago(**span: float) -> datetime:
    """Return a moment before `NOW`."""
    return NOW - timedelta(**span)


def bare_send(**changes: Any) -> SendRecord:
    """Return a parcel of which nothing is known but what every send has."""
    send = SendRecord(
        id=1,
        ref="S-104233",
        provider="sendoso",
        external_id="104233",
        type="physical",
        provider_status="order_received",
        status="order_received",
        stage="working",
        since=ago(days=18),
        revision=1,
    )
    return send._replace(**changes)


def sample_send(**changes: Any) -> SendRecord:
    """Return a parcel that has been with the warehouse for 18 days."""
    send = bare_send(
        id=88213,
        ref="S-88213",
        external_id="88213",
        campaign="Onboarding kit",
        recipient_name="Priya Raman",
        recipient_email="priya.raman@northwind.test",
        company="Northwind",
        sender_name="Marc Fernandez",
        team="Marketing Ops",
        cost_minor=8400,
        currency="USD",
        funding_source="Marketing Q4",
        created_at=ago(days=20),
        provider_raw="Order Received",
        provider_at=ago(days=18),
        due_at=ago(days=11),
        triage_at=ago(days=11),
        owner="ana",
        revision=4,
    )
    return send._replace(**changes)


def event(seq: int, kind: EventKind, at: datetime | None, **changes: Any) -> Event:
    """Return one entry of a history."""
    moment = at or NOW
    return Event(seq=seq, kind=kind, at=at, recorded_at=moment, **changes)


HISTORY = (
    event(
        4, EventKind.FACT, ago(days=18), to_status="order_received", actor="sendoso", source="api"
    ),
    event(3, EventKind.FACT, ago(days=19), to_status="confirming_address", actor="sendoso"),
    event(2, EventKind.NOTE, ago(days=19.5), actor="ana", source="desk", reason="VIP, please rush"),
    event(1, EventKind.FACT, ago(days=20), to_status="initiated", actor="salesforce"),
)
OVERDUE = Advice(
    urgency="over",
    title="Escalate to Sendoso Support",
    body="18 days with the warehouse, the limit is 7. Quote order S-88213.",
    why="Order Received for more than 7 days",
    contact="Sendoso Support",
)
CALM = Advice(urgency="none", title="Nothing to do", body="It arrived.", why="The status is final")


def sample_case(advice: Advice = OVERDUE, **changes: Any) -> Case:
    """Return the case of `sample_send`; *changes* are made to its send."""
    return Case(
        send=sample_send(**changes),
        history=HISTORY,
        history_total=len(HISTORY),
        shipments=(),
        advice=advice,
    )


def contested_case() -> Case:
    """Return a case whose override the platform contradicts, with the money and parcels to show."""
    case = sample_case(
        Advice(
            urgency="now",
            title="Keep or release your override",
            body="You set Delivered; Sendoso has since said Undeliverable.",
            why="The platform's newer word does not follow the override",
        ),
        provider_status="undeliverable",
        provider_raw="Return to sender",
        provider_at=ago(hours=5),
        override_status="delivered",
        override_reason="Recipient confirmed on the phone",
        override_by="ana",
        override_at=ago(days=1),
        contested=True,
        status="delivered",
        stage="done",
        since=ago(days=1),
        tracking_number="1Z999AA10123456784",
        tracking_url="https://www.ups.com/track?tracknum=1Z999AA10123456784",
        carrier="UPS",
        escalated_at=ago(days=2),
        escalation_ref="ZD-4711",
        follow_up_at=NOW + timedelta(days=1),
    )
    override = event(
        6,
        EventKind.OVERRIDE,
        ago(days=1),
        from_status="shipped",
        to_status="delivered",
        actor="ana",
        source="desk",
        reason="Recipient confirmed on the phone",
    )
    escalated = event(
        5, EventKind.ESCALATE, ago(days=2), actor="ana", detail='{"reference": "ZD-4711"}'
    )
    return case._replace(
        history=(override, escalated, *HISTORY),
        history_total=412,
        shipments=(
            Shipment(external_id="1", status="shipped", carrier="UPS", expected_at=ago(days=-1)),
            Shipment(external_id="2", status="delivered", carrier="DHL", delivered_at=ago(days=3)),
        ),
        money=("84.00 USD were charged when the address was confirmed.",),
    )


def hostile_case() -> Case:
    """Return a case in which every text from outside tries to break the screen."""
    noted = event(
        5, EventKind.NOTE, ago(hours=1), actor=HOSTILE, source=HOSTILE, reason=HOSTILE * 3
    )
    case = sample_case(
        recipient_name=HOSTILE,
        recipient_email=HOSTILE,
        company=HOSTILE,
        campaign=HOSTILE,
        sender_name=HOSTILE,
        team=HOSTILE,
        funding_source=HOSTILE,
        owner=HOSTILE,
        tracking_number=HOSTILE,
        tracking_url="javascript:alert(1)",
        provider_status="unmapped",
        provider_raw=HOSTILE,
        status="unmapped",
        stage="problem",
    )
    return case._replace(history=(noted, *case.history), history_total=5)
