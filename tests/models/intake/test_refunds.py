"""A refund is a property of a send, with its time and amount, whatever the status is."""

from datetime import datetime
from itertools import permutations

import pytest

from models.desk import Desk
from models.history.audit import verify
from models.providers.goody import payloads as goody
from models.providers.incoming import Incoming, Refund
from models.records import CreditState, EventKind
from models.rules.event_words import did
from models.rules.refunds import Refunded, amount_words, refunded
from tests.support.desk_cases import HandClock, arrive, egift, fact, order, take
from tests.support.sample_cases import NOW, ago

ORDER = "0b6f3c1e-7a55-4c0e-9d1b-5a3f0e2c9a11"
BODY = {"event_type": "order.refunded", "id": "e-1", "data": {
    "id": ORDER, "status": "shipped", "individual_gift_link": "x",
    "amounts": {"amount_total": 4315}}}  # fmt: skip


def told(*, at: int | None = None, minor: int | None = None) -> Incoming:
    """Return a paid order whose refund was *at* hours ago, if that is said."""
    known = order("o-1", fact("paid", ago(days=2)), cost_minor=5000, currency="USD")
    return known._replace(refund=Refund(None if at is None else ago(hours=at), minor))


def test_a_webhook_tells_it_once(desk: Desk, clock: HandClock) -> None:
    take(desk, goody.read({**BODY, "event_type": "order.shipped"}))
    clock.advance(days=1)
    reports = [take(desk, goody.read(BODY)) for _ in range(2)]
    assert [(each.changed, each.warned) for each in reports] == [(1, 0), (0, 0)]
    send = desk.find("G-0b6f3c1e")
    assert (send.status, send.refunded_at, send.refunded_minor) == ("shipped", clock.now, 4315)
    (event,) = [each for each in desk.case(send.id).history if each.kind is EventKind.REFUND]
    assert (event.actor, did("goody", event)) == ("goody", "refunded 43.15 USD")
    assert verify(desk.database).problems == ()


def test_an_order_that_is_new_has_it_too(desk: Desk) -> None:
    send = arrive(desk, goody.read(BODY))
    assert (send.status, send.refunded_minor, send.revision) == ("shipped", 4315, 2)


@pytest.mark.parametrize("order_told", list(permutations(range(3))))
def test_in_whatever_order_it_is_told_it_ends_alike(
    desk: Desk, clock: HandClock, order_told: tuple[int, ...]
) -> None:
    said = (told(minor=2000), told(at=3), told(at=1, minor=5000))
    for place in order_told:
        clock.advance(minutes=1)
        take(desk, said[place])
    send = desk.find("goody:o-1")
    assert (send.refunded_at, send.refunded_minor) == (ago(hours=3), 5000)
    assert take(desk, *said).unchanged == 3
    assert verify(desk.database).problems == ()


def test_it_ends_a_snooze_until_a_change(desk: Desk, clock: HandClock) -> None:
    send = desk.snooze(arrive(desk, order("o-1", fact("pending_payment", NOW)))).send
    assert send.snooze
    clock.advance(hours=1)
    take(desk, order("o-1", fact("pending_payment", NOW))._replace(refund=Refund()))
    assert desk.find("goody:o-1").snooze == ""


def test_an_override_and_its_undo_leave_it_alone(desk: Desk, clock: HandClock) -> None:
    send = arrive(desk, told(minor=100))
    clock.advance(hours=1)
    send = desk.override(send, "shipped", "carrier says so").send
    assert send.refunded_minor == 100
    assert verify(desk.database).problems == ()


@pytest.mark.parametrize("at", [ago(days=1), None, ago(hours=1)], ids=["same", "none", "later"])
def test_that_a_bounce_is_credited_is_news_whenever_it_is_said(
    desk: Desk, at: datetime | None
) -> None:
    bounced = egift(1, fact("Bounced", ago(days=1)), cost_minor=700, currency="USD")
    credited = bounced._replace(facts=(fact("Bounced and Credited", at),))
    send = arrive(desk, bounced)
    for _ in range(2):
        take(desk, credited, bounced)
        states = [each.state for each in desk.case(send.id).credits]
        assert states == [CreditState.EXPECTED, CreditState.CONFIRMED]
    assert take(desk, bounced).unchanged == 1
    assert desk.find("S-1").since == send.since
    assert verify(desk.database).problems == ()


@pytest.mark.parametrize(
    ("incoming", "override", "expected"),
    [
        (order("x", fact("paid", ago(days=1))), "", None),
        (told(at=2, minor=100), "", Refunded(ago(hours=2), 100)),
        (told(at=2), "", Refunded(ago(hours=2), 5000)),
        (egift("x", fact("Refunded", ago(days=1)), cost_minor=700), "", Refunded(ago(days=1), 700)),
        (egift("x", fact("Refunded", ago(days=1))), "expired", Refunded(ago(days=1), None)),
        (egift("x", fact("Expired", ago(days=1))), "refunded", Refunded(NOW, None)),
        (egift("x", fact("Expired", ago(days=1))), "", None),
    ],
)
def test_a_filter_finds_what_the_rule_says(
    desk: Desk, incoming: Incoming, override: str, expected: Refunded | None
) -> None:
    send = arrive(desk, incoming)
    if override:
        send = desk.override(send, override, "because", force=True).send
    assert refunded(send) == expected
    listing = desk.listing(desk.parse("is:refunded"))
    assert [each.id for each in desk.rows(listing)] == ([send.id] if expected else [])


def test_the_amount_is_told_in_words(desk: Desk) -> None:
    send = arrive(desk, told(minor=4315))
    found = refunded(send)
    assert found is not None
    assert amount_words(send, found) == "43.15 USD"
    assert amount_words(send, Refunded(None, None)) == ""
