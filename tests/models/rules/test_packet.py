"""The packet tells a platform's support everything it asks for, and nothing else."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from models.providers import PROVIDERS
from models.providers.status import Status
from models.records import Advice, Case, Event, EventKind, SendRecord, Shipment
from models.rules.packet import packet, packet_of_several
from models.values.local_time import LocalTime

NOW = datetime(2026, 11, 18, 14, 0, tzinfo=UTC)
DAY = timedelta(days=1)
TEXTS = (
    *("external_id", "subtype", "campaign", "recipient_name", "recipient_email", "company"),
    *("sender_name", "sender_email", "team", "tracking_number", "tracking_url", "carrier"),
    *("escalation_ref", "provider_raw"),
)
EVERY = [status for provider in PROVIDERS for status in provider.statuses]
SEND = SendRecord(
    id=1,
    ref="S-104233",
    provider="sendoso",
    external_id="104233",
    type="physical",
    subtype="Custom Bundles",
    campaign="Spring kit",
    recipient_name="Rosa Quill",
    recipient_email="rosa@example.com",
    company="Northwind",
    sender_name="Ivo Marsh",
    sender_email="ivo@example.org",
    team="CS West",
    provider_status="order_received",
    provider_raw="Processing",
    provider_at=NOW - 11 * DAY,
    status="order_received",
    stage="working",
    since=NOW - 11 * DAY,
    revision=4,
)
HISTORY = (
    Event(
        seq=4, at=None, recorded_at=NOW, kind=EventKind.NOTE, actor="ana", reason="angry customer"
    ),
    Event(
        seq=3,
        at=NOW - 11 * DAY,
        recorded_at=NOW,
        kind=EventKind.FACT,
        to_status="order_received",
        raw="Processing",
    ),
    Event(
        seq=2,
        at=NOW - 12 * DAY,
        recorded_at=NOW,
        kind=EventKind.FACT,
        to_status="initiated",
        raw="pending",
    ),
    Event(
        seq=1,
        at=NOW - 11.5 * DAY,
        recorded_at=NOW,
        kind=EventKind.FACT,
        to_status="unmapped",
        raw="Picking\x1b[2J",
    ),
)
CASE = Case(
    send=SEND,
    history=HISTORY,
    history_total=4,
    shipments=(),
    advice=Advice("over", "Escalate", "Body.", "Why."),
)


def about(**fields: object) -> Case:
    return CASE._replace(send=SEND._replace(**fields))  # type: ignore[arg-type]


def test_the_whole_packet() -> None:
    assert packet(CASE, LocalTime(NOW)) == (
        "To: Sendoso Support (the Help Center at support.sendoso.com)\n"
        "About: Sendoso order 104233, Order Received\n"
        "\n"
        "Order number:    104233\n"
        "Tracking number: none yet\n"
        "Type:            Physical, Custom Bundles\n"
        "Campaign:        Spring kit\n"
        "Recipient:       Rosa Quill, rosa@example.com, Northwind\n"
        "Sender:          Ivo Marsh, ivo@example.org, CS West\n"
        "Status:          Order Received since Sat 07 Nov 14:00 UTC (11 days)\n"
        "\n"
        "Timeline\n"
        "Fri 06 Nov 14:00 UTC    Initiated\n"
        "Sat 07 Nov 02:00 UTC    “Picking␛[2J”\n"
        "Sat 07 Nov 14:00 UTC    Order Received\n"
        "\n"
        "Our request\n"
        "Please tell us what the order is waiting for and on which day it will ship.\n"
    )


def test_one_packet_about_several() -> None:
    second = SEND._replace(
        external_id="104240",
        recipient_name="",
        recipient_email="",
        company="",
        tracking_number="1Z\x1b[2J9",
        carrier="UPS",
        escalation_ref="ZD-7",
        provider_at=NOW - 9 * DAY,
        since=NOW - 9 * DAY,
    )
    assert packet_of_several([SEND, second], LocalTime(NOW)) == (
        "To: Sendoso Support (the Help Center at support.sendoso.com)\n"
        "About: Sendoso, 2 orders, Order Received\n"
        "\n"
        "Campaign:        Spring kit\n"
        "\n"
        "1. Order 104233\n"
        "   Rosa Quill, rosa@example.com, Northwind\n"
        "   Order Received since Sat 07 Nov 14:00 UTC (11 days)\n"
        "2. Order 104240\n"
        "   Tracking number 1Z␛[2J9 (UPS)\n"
        "   Order Received since Mon 09 Nov 14:00 UTC (9 days)\n"
        "   Our reference ZD-7\n"
        "\n"
        "Our request, for each of them\n"
        "Please tell us what the order is waiting for and on which day it will ship.\n"
    )


def test_several_for_different_people_are_packets_of_their_own() -> None:
    other = SEND._replace(external_id="2", provider_status="shipped", campaign="Kit")
    sends = [SEND, other, SEND._replace(external_id="3", campaign="")]
    first, second = packet_of_several(sends, LocalTime(NOW)).split(f"\n{'-' * 40}\n\n")
    assert "1. Order 104233\n" in first
    assert "2. Order 3\n" in first
    # Each says its campaign, as they are of several.
    assert "   Spring kit\n" in first
    assert second.startswith("To: Sendoso Support")
    assert "About: Sendoso, order 2, Shipped\n" in second
    assert "\nOur request\n" in second


def test_tracking_carrier_and_reference_are_there_once_known() -> None:
    text = packet(
        about(
            tracking_number="1Z9",
            carrier="UPS",
            tracking_url="https://example.com/1Z9",
            escalation_ref="ZD-7",
        ),
        LocalTime(NOW),
    )
    for line in (
        "Tracking number: 1Z9",
        "Carrier:         UPS",
        "Tracking link:   https://example.com/1Z9",
        "Our reference:   ZD-7",
    ):
        assert line in text.splitlines()


MOVING = Shipment(
    external_id="a",
    status="shipped",
    carrier="UPS",
    tracking_number="1Z9",
    tracking_url="https://ups.example/1Z9",
    brand="Leaf House",
    shipped_at=NOW - DAY,
    expected_at=NOW + DAY,
)
LOST = Shipment(external_id="b", status="failed", carrier="DHL", tracking_number="77")


def order_of(*shipments: Shipment) -> Case:
    return CASE._replace(send=CASE.send._replace(provider="goody"), shipments=shipments)


def facts_of(case: Case) -> list[str]:
    lines = packet(case, LocalTime(NOW)).splitlines()
    return [
        line for line in lines if line.startswith(("Tracking", "Carrier", "Shipment:", "Other"))
    ]


def test_a_packet_is_about_the_shipment_in_question_and_names_the_others() -> None:
    assert facts_of(order_of(MOVING, LOST)) == [
        "Tracking number: 77",
        "Carrier:         DHL",
        "Shipment:        Failed",
        "Other shipment:  1Z9, UPS, Shipped, Leaf House, shipped Tue 17 Nov 14:00 UTC,"
        " expected Thu 19 Nov 14:00 UTC",
    ]


def test_a_packet_is_about_the_shipment_that_was_picked() -> None:
    lines = facts_of(order_of(MOVING, LOST)._replace(asked_about=(MOVING,)))
    assert lines[:3] == [
        "Tracking number: 1Z9",
        "Carrier:         UPS",
        "Tracking link:   https://ups.example/1Z9",
    ]
    assert lines[-1] == "Other shipment:  77, DHL, Failed"


def test_all_shipments_in_question_are_named_while_none_is_picked() -> None:
    awaited = Shipment(external_id="c", status="pending")
    assert facts_of(order_of(MOVING, awaited)) == [
        "Tracking number: 1Z9",
        "Carrier:         UPS",
        "Tracking link:   https://ups.example/1Z9",
        "Shipment:        Shipped, Leaf House, shipped Tue 17 Nov 14:00 UTC,"
        " expected Thu 19 Nov 14:00 UTC",
        "Tracking number: none yet",
        "Shipment:        Pending",
    ]


def test_an_override_stands_beside_what_the_platform_says() -> None:
    case = about(
        status="delivered",
        since=NOW,
        override_status="delivered",
        override_reason="the customer has it",
        override_by="ana",
        override_at=NOW - DAY,
    )
    text = packet(case, LocalTime(NOW))
    assert "Status:          Order Received since Sat 07 Nov 14:00 UTC (11 days)" in text
    assert "Our record:      Delivered since Tue 17 Nov 14:00 UTC" in text
    assert "customer has it" not in text


def test_a_status_without_a_time_is_said_to_have_none() -> None:
    case = about(override_status="delivered", provider_at=None)
    assert "Status:          Order Received, without a time" in packet(case, LocalTime(NOW))


def test_what_agents_write_for_each_other_stays_out() -> None:
    agents = [
        Event(
            seq=n, at=None, recorded_at=NOW, kind=kind, actor="ana", reason="secret", raw="secret"
        )
        for n, kind in enumerate(EventKind)
        if kind not in {EventKind.FACT, EventKind.RULE}
    ]
    text = packet(CASE._replace(history=tuple(agents)), LocalTime(NOW))
    assert "secret" not in text
    assert "ana" not in text.split()


def test_agents_and_rules_show_as_what_they_are() -> None:
    history = (
        Event(seq=3, at=None, recorded_at=NOW, kind=EventKind.ESCALATE),
        Event(
            seq=2, at=None, recorded_at=NOW - DAY, kind=EventKind.OVERRIDE, to_status="delivered"
        ),
        Event(seq=1, at=NOW - 2 * DAY, recorded_at=NOW, kind=EventKind.RULE, to_status="refunded"),
    )
    assert _timeline(CASE._replace(history=history, history_total=len(history))) == [
        "Mon 16 Nov 14:00 UTC    Refunded (derived, not reported)",
        "Tue 17 Nov 14:00 UTC    we corrected our record to Delivered",
        "Wed 18 Nov 14:00 UTC    we asked support",
    ]


def test_what_was_taken_back_is_left_out() -> None:
    action = Event(seq=1, at=None, recorded_at=NOW, kind=EventKind.ESCALATE)
    undo = action._replace(seq=2, kind=EventKind.UNDO, detail='{"kind": "escalate", "undoes": 1}')
    again = action._replace(seq=3, detail='{"redoes": 2}')
    assert _timeline(CASE._replace(history=(undo, action), history_total=2)) == ["nothing recorded"]
    assert len(_timeline(CASE._replace(history=(again, undo, action), history_total=3))) == 1


def test_a_fact_without_a_time_says_so() -> None:
    history = (Event(seq=1, at=None, recorded_at=NOW, kind=EventKind.FACT, to_status="shipped"),)
    assert _timeline(CASE._replace(history=history, history_total=len(history))) == [
        "time unknown            Shipped"
    ]


def test_a_time_of_another_year_is_not_glued_to_what_happened() -> None:
    at = NOW.replace(year=2025)
    history = (Event(seq=1, at=at, recorded_at=NOW, kind=EventKind.FACT, to_status="shipped"),)
    assert _timeline(CASE._replace(history=history, history_total=1)) == [
        "Tue 18 Nov 2025 14:00 UTC  Shipped"
    ]


def test_steps_of_one_second_stand_in_the_order_of_the_lifecycle() -> None:
    history = tuple(
        Event(seq=seq, at=NOW, recorded_at=NOW, kind=EventKind.FACT, to_status=status)
        for seq, status in ((2, "initiated"), (1, "shipped"))
    )
    told = _timeline(CASE._replace(history=history, history_total=2))
    assert [line.split()[-1] for line in told] == ["Initiated", "Shipped"]


def test_no_history_is_a_sentence() -> None:
    assert _timeline(CASE._replace(history=(), history_total=0)) == ["nothing recorded"]


@pytest.mark.parametrize(
    ("count", "total", "lines", "cut"),
    [(40, 40, 40, False), (41, 41, 41, True), (9, 600, 10, True)],
)
def test_a_long_timeline_keeps_its_newest_steps(
    count: int, total: int, lines: int, cut: bool
) -> None:
    history = tuple(
        Event(
            seq=n,
            at=NOW - (count - n) * DAY,
            recorded_at=NOW,
            kind=EventKind.FACT,
            to_status="shipped",
        )
        for n in range(count)
    )
    found = _timeline(CASE._replace(history=history, history_total=total))
    assert len(found) == lines
    assert (found[0] == "(earlier steps left out)") is cut
    assert found[-1].startswith("Tue 17 Nov")


def _timeline(case: Case) -> list[str]:
    after = packet(case, LocalTime(NOW)).split("Timeline\n")[1]
    return after.split("\n\n")[0].splitlines()


@pytest.mark.parametrize("status", EVERY, ids=lambda status: status.key)
def test_every_status_has_a_request(status: Status) -> None:
    case = about(provider=status.provider, status=status.slug, provider_status=status.slug)
    request = packet(case, LocalTime(NOW)).split("Our request\n")[1]
    assert re.fullmatch(r"Please [^{}]+\.\n", request)


def test_an_unknown_word_is_asked_about() -> None:
    text = packet(about(provider_status="unmapped", provider_raw="Lost"), LocalTime(NOW))
    assert "About: Sendoso order 104233, “Lost”" in text
    assert text.endswith("Please tell us what this status means and what happens next.\n")


def test_hostile_values_add_no_lines_and_no_commands() -> None:
    hostile = "x\x1b]52;c;aGk=\x07\r\nTo: me\u202e\x9b" + "y" * 100_000
    values = dict.fromkeys(TEXTS, hostile)
    case = about(**values, provider_status="unmapped")
    case = case._replace(
        shipments=(
            Shipment(external_id="a", status=hostile, carrier=hostile, tracking_number=hostile),
        ),
        history=(HISTORY[3]._replace(raw=hostile),),
    )
    text = packet(case, LocalTime(NOW))
    assert len(text) < 8_000
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text)
    assert [line for line in text.splitlines() if line.startswith("To:")] == [
        "To: Sendoso Support (the Help Center at support.sendoso.com)"
    ]
