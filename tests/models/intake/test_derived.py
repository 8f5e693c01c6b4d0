"""What orders are beyond their own status, and what is not a status at all: point 12 of the words."""

from datetime import timedelta
from typing import Any

import pytest

from models.desk import Desk
from models.history.audit import verify
from models.providers.goody import payloads as goody
from models.providers.incoming import BadPayload, Incoming
from models.providers.sendoso import payloads as sendoso
from models.records import EventKind, SendRecord
from models.rules.packet import packet
from models.values.local_time import LocalTime
from tests.support.desk_cases import HandClock, arrive, fact, parcel, take
from tests.support.sample_cases import NOW, ago

ORDER = "0b6f3c1e-7a55-4c0e-9d1b-5a3f0e2c9a11"


def order(status: str, *shipments: dict[str, Any], **further: Any) -> Incoming:
    """Read an order as Goody's list has it."""
    payload = {"id": ORDER, "status": status, "individual_gift_link": "x", **further}
    return goody.read({**payload, "shipments": list(shipments)})


def shipment(name: str, status: str) -> dict[str, Any]:
    link = f"https://www.example.com/track/{name}"
    return {"id": name, "status": status, "tracking_number": f"1Z{name}", "tracking_url": link}


def status_of(desk: Desk, incoming: Incoming) -> SendRecord:
    send = arrive(desk, incoming)
    assert verify(desk.database).problems == ()
    return send


class TestShipmentsThatFailed:
    @pytest.mark.parametrize("status", ["failed", "failed_unset_tracking"])
    @pytest.mark.parametrize("known", [True, False])
    def test_they_come_into_triage(
        self, desk: Desk, clock: HandClock, status: str, known: bool
    ) -> None:
        if known:
            take(desk, order("shipped", shipment("a", "shipped"), shipment("b", "shipped")))
            clock.advance(days=1)
        send = status_of(desk, order("shipped", shipment("a", "delivered"), shipment("b", status)))
        assert (send.status, send.at_once) == ("shipment_failed", True)
        case = desk.case(send.id)
        assert case.advice.title == "Contact Goody Support"
        assert "Quote tracking number 1Zb" in case.advice.body
        assert send.tracking_url.endswith("/b")
        text = packet(case, LocalTime(NOW))
        assert "Tracking number: 1Zb" in text
        assert "Shipment Failed (derived, not reported)" in text
        newest = case.history[0] if case.history[0].kind is EventKind.RULE else case.history[1]
        assert (newest.actor, newest.to_status) == ("rule:shipment_failed", "shipment_failed")

    @pytest.mark.parametrize("status", ["failed_with_reship", "pending", "tracking", "delivered"])
    def test_others_do_not(self, desk: Desk, status: str) -> None:
        send = status_of(desk, order("shipped", shipment("a", "shipped"), shipment("b", status)))
        assert send.status == "shipped"

    def test_a_replacement_settles_it(self, desk: Desk, clock: HandClock) -> None:
        take(desk, order("shipped", shipment("a", "failed")))
        clock.advance(days=1)
        again = order("shipped", shipment("a", "failed_with_reship"), shipment("b", "shipped"))
        assert status_of(desk, again).status == "shipped"
        assert take(desk, again).unchanged == 1
        clock.advance(days=1)
        assert (
            status_of(desk, order("shipped", shipment("b", "failed"))).status == "shipment_failed"
        )
        clock.advance(days=1)
        assert status_of(desk, order("delivered", shipment("b", "delivered"))).status == "delivered"

    def test_the_same_file_changes_nothing(self, desk: Desk, clock: HandClock) -> None:
        told = order("shipped", shipment("a", "failed"))
        take(desk, told)
        clock.advance(days=1)
        assert take(desk, told).unchanged == 1


class TestShippedAndDelivered:
    def test_an_order_is_shipped_at_its_first_and_delivered_at_its_last(
        self, desk: Desk, clock: HandClock
    ) -> None:
        steps = [
            (("pending", "pending"), "paid"),
            (("tracking", "shipped"), "shipped"),
            (("shipped", "delivered"), "shipped"),
            (("delivered", "delivered_override"), "delivered"),
        ]
        for (one, two), expected in steps:
            told = order("paid", shipment("a", one), shipment("b", two))
            assert status_of(desk, told).status == expected
            assert take(desk, told).unchanged == 1
            clock.advance(days=1)

    def test_it_is_since_the_times_of_the_shipments(self, desk: Desk) -> None:
        left, arrived = ago(days=4), (ago(days=2), ago(days=1))
        shipments = [
            {
                **shipment(name, "delivered"),
                "shipped_at": left.isoformat(),
                "delivered_at": at.isoformat(),
            }
            for name, at in zip("ab", arrived, strict=True)
        ]
        assert (
            status_of(desk, order("paid", *shipments[:1], shipment("b", "pending"))).since == left
        )
        assert status_of(desk, order("paid", *shipments)).since == arrived[1]

    def test_it_is_delivered_though_it_arrived_before_its_way_was_heard_of(
        self, desk: Desk, clock: HandClock
    ) -> None:
        take(desk, order("paid", shipment("a", "shipped")))
        heard = clock()
        clock.advance(days=1)
        arrived = {**shipment("a", "delivered"), "delivered_at": ago(days=1).isoformat()}
        send = status_of(desk, order("paid", arrived))
        assert (send.status, send.since) == ("delivered", heard)
        assert take(desk, order("paid", arrived)).unchanged == 1

    @pytest.mark.parametrize("word", ["paid", "levitating"])
    def test_once_it_is_over_the_word_of_the_order_is_back(
        self, desk: Desk, clock: HandClock, word: str
    ) -> None:
        known = status_of(desk, order(word, shipment("a", "pending")))
        take(desk, order(word, shipment("a", "failed")))
        clock.advance(days=1)
        send = status_of(desk, order(word, shipment("a", "failed_with_reship")))
        assert (send.status, send.provider_raw) == (known.status, word)

    def test_what_the_order_says_later_holds(self, desk: Desk, clock: HandClock) -> None:
        take(desk, order("paid", shipment("a", "shipped")))
        clock.advance(days=1)
        send = status_of(desk, order("canceled", shipment("a", "shipped")))
        assert send.status == "canceled"

    def test_another_shipment_takes_delivered_back(self, desk: Desk, clock: HandClock) -> None:
        take(desk, order("shipped", shipment("a", "delivered")))
        clock.advance(days=1)
        both = order("shipped", shipment("a", "delivered"), shipment("b", "pending"))
        assert status_of(desk, both).status == "shipped"

    def test_only_the_order_knows_whether_a_replacement_is_still_to_come(self, desk: Desk) -> None:
        replaced = shipment("a", "failed_with_reship")
        assert (
            status_of(desk, order("shipped", replaced, shipment("b", "delivered"))).status
            == "shipped"
        )

    def test_one_that_failed_is_told_even_if_the_order_is_called_delivered(
        self, desk: Desk
    ) -> None:
        send = status_of(
            desk, order("delivered", shipment("a", "delivered"), shipment("b", "failed"))
        )
        assert (send.status, send.at_once) == ("shipment_failed", True)

    @pytest.mark.parametrize("status", ["canceled", "failed"])
    def test_a_canceled_order_stays_canceled(self, desk: Desk, status: str) -> None:
        assert status_of(desk, order(status, shipment("a", "failed"))).status == status


class TestHistoryOfShipments:
    def test_each_change_is_an_entry(self, desk: Desk, clock: HandClock) -> None:
        send = status_of(desk, order("paid", shipment("a", "pending")))
        left = clock.advance(days=1) - timedelta(hours=3)
        moving = {
            **shipment("a", "shipped"),
            "shipped_at": left.isoformat(),
            "tracking_carrier": "UPS",
        }
        status_of(desk, order("paid", moving, shipment("b", "pending")))
        entries = [
            (each.reason, each.at)
            for each in desk.case(send.id).history
            if each.kind is EventKind.SHIPMENT
        ]
        assert entries == [
            ("1Zb: new, Pending", clock()),
            ("UPS 1Za: Pending → Shipped", left),
        ]

    def test_the_number_of_the_send_is_that_of_the_shipment_in_question(
        self, desk: Desk, clock: HandClock
    ) -> None:
        send = status_of(desk, order("shipped", shipment("a", "shipped"), shipment("b", "shipped")))
        assert send.tracking_number == "1Za"
        clock.advance(days=1)
        both = order("shipped", shipment("a", "delivered"), shipment("b", "failed_unset_tracking"))
        assert status_of(desk, both).tracking_number == "1Zb"

    def test_an_unknown_state_is_kept_and_warned_about(self, desk: Desk) -> None:
        told = order("shipped", shipment("a", "Abducted"))
        assert "“Abducted” is not a known state" in told.warnings[0]
        send = status_of(desk, told)
        assert send.status == "shipped"
        assert desk.case(send.id).shipments[0].status == "Abducted"


class TestExpired:
    def opened(self, days: float) -> Incoming:
        return order("opened", expires_at=(NOW + timedelta(days=days)).isoformat())

    def test_an_order_past_its_date_is_expired_since_then(self, desk: Desk) -> None:
        send = status_of(desk, self.opened(-3))
        assert (send.status, send.since, send.at_once) == ("expired", ago(days=3), True)
        assert take(desk, self.opened(-3)).unchanged == 1

    def test_one_before_its_date_is_not(self, desk: Desk, clock: HandClock) -> None:
        assert status_of(desk, self.opened(3)).status == "opened"
        clock.advance(days=4)
        assert status_of(desk, self.opened(3)).status == "expired"

    def test_a_later_date_takes_it_back(self, desk: Desk, clock: HandClock) -> None:
        take(desk, self.opened(-3))
        clock.advance(days=1)
        assert status_of(desk, self.opened(30)).status == "opened"
        assert status_of(desk, order("accepted")).status == "accepted"

    @pytest.mark.parametrize("status", ["accepted", "paid", "delivered", "canceled"])
    def test_only_what_waits_for_the_recipient_expires(self, desk: Desk, status: str) -> None:
        told = order(status, expires_at=ago(days=3).isoformat())
        assert status_of(desk, told).status == status


class TestRefusedByName:
    def test_a_body_of_sendosos_webhooks(self) -> None:
        body = {"send_gid": "Z2lkOi8v", "status_changed_at": "2026-03-06T08:02:31-08:00"}
        assert sendoso.recognises(body)
        with pytest.raises(BadPayload, match="does not say which status"):
            sendoso.read(body)


@pytest.mark.parametrize(
    ("word", "addressee"),
    [
        ("Insufficient Funds", "the sender's Admin or Manager"),
        ("Suspicious Email", "the sender's Admin or Manager"),
        ("Invalid Email Format", "the sender (Max, max@example.org)"),
        ("Pending Approval", "the sender's approver"),
        ("Undeliverable", "Sendoso Support (the Help Center at support.sendoso.com)"),
        ("Shipped", "Sendoso Support (the Help Center at support.sendoso.com)"),
    ],
)
def test_a_packet_goes_to_whom_its_title_says(desk: Desk, word: str, addressee: str) -> None:
    told = parcel(1, fact(word, ago(days=2)), sender_name="Max", sender_email="max@example.org")
    case = desk.case(arrive(desk, told).id)
    assert packet(case, LocalTime(NOW)).splitlines()[0] == f"To: {addressee}"
    if case.advice.title.startswith("Contact"):
        assert case.advice.title.removeprefix("Contact ") in addressee
