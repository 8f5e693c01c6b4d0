"""Stays: which statuses have ended and when, their buckets, and which of them were breaches."""

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.database import Database
from models.desk import Desk
from models.history.audit import verify
from models.records import Event, EventKind
from models.rules.due import Policy, Thresholds
from models.rules.state import Stay, fold
from models.rules.stays import (
    ACCURACY,
    Breaches,
    bucket_of,
    difference,
    length_of,
    nearest_rank,
    percentile,
    reopens,
)
from models.store import tables
from models.store.mapping import table_of
from models.team.thresholds import set_limit
from models.values.calendar import AT_ONCE, Limit
from tests.support.desk_cases import HandClock, arrive, fact, parcel, take, undo
from tests.support.sample_cases import NOW, ago

lengths = st.integers(60, 400 * 86_400).map(lambda seconds: timedelta(seconds=seconds))
ROUNDED = 1e-9


@given(lengths)
def test_the_length_of_a_bucket_is_close_to_every_stay_in_it(length: timedelta) -> None:
    found = length_of(bucket_of(length))
    assert abs(found - length) <= length * (ACCURACY + ROUNDED)


@given(st.lists(lengths, min_size=1, max_size=30), st.sampled_from([0.5, 0.9]))
def test_a_percentile_of_buckets_is_close_to_the_exact_one(
    some: list[timedelta], share: float
) -> None:
    buckets: dict[int, int] = {}
    for each in some:
        buckets[bucket_of(each)] = buckets.get(bucket_of(each), 0) + 1
    found, exact = percentile(buckets, share), nearest_rank(some, share)
    assert found is not None
    assert exact is not None
    assert abs(found - exact) <= exact * (ACCURACY + ROUNDED)


def test_nothing_has_no_percentile() -> None:
    assert percentile({}, 0.5) is None
    assert percentile({3: 0}, 0.5) is None
    assert nearest_rank([], 0.5) is None


def told(seq: int, slug: str, days: float | None, kind: EventKind = EventKind.FACT) -> Event:
    """Return the event that a parcel entered a status so many *days* ago; None: nobody said when."""
    at = None if days is None else ago(days=days)
    return Event(seq, at, at or NOW, kind, to_status=slug, raw=slug, actor="sendoso")


def ended(*events: Event) -> list[tuple[str, timedelta, str]]:
    """Return the stays of a parcel with this history."""
    stays = fold("sendoso", events).stays
    return [(stay.status, stay.ended - stay.began, stay.next) for stay in stays]


def test_a_stay_lasts_from_one_status_to_the_next() -> None:
    found = ended(told(1, "order_received", 9), told(2, "fulfilling", 5), told(3, "shipped", 4))
    assert found == [
        ("order_received", timedelta(days=4), "fulfilling"),
        ("fulfilling", timedelta(days=1), "shipped"),
    ]


def test_a_word_that_comes_late_parts_a_stay() -> None:
    late = told(3, "fulfilling", 5)._replace(recorded_at=NOW)
    found = ended(told(1, "order_received", 9), told(2, "shipped", 4), late)
    assert found == ended(
        told(1, "order_received", 9), told(2, "fulfilling", 5), told(3, "shipped", 4)
    )


def test_a_note_by_a_clock_that_was_set_back_moves_no_stay() -> None:
    events = [
        told(1, "order_received", 9),
        told(2, "shipped", 2, EventKind.OVERRIDE),
        told(3, "delivered", 1),
    ]
    assert ended(*events, told(4, "", 5, EventKind.NOTE)) == ended(*events) != []


def test_a_stay_that_nobody_has_dated_is_left_out() -> None:
    found = ended(told(1, "order_received", 9), told(2, "shipped", None))
    assert found == []


def ruled(seq: int, before: str, after: str, days: float, **further: object) -> Event:
    """Return the event that a rule gave an eGift a status so many *days* ago."""
    detail = json.dumps({"ends": None, "estimate": False} | further)
    event = told(seq, after, days, EventKind.TIME_RULE)
    return event._replace(actor="rule:egift_unopened", from_status=before, detail=detail)


def days(*found: tuple[str, timedelta, str]) -> list[tuple[str, int, str]]:
    return [(status, length.days, after) for status, length, after in found]


SENT = told(1, "sent", 20)
RULED = ruled(2, "sent", "refunded", 15)
OVER = ruled(3, "refunded", "sent", 12, over=True)
OVERRIDE = told(3, "delivered", 12, EventKind.OVERRIDE)


@pytest.mark.parametrize(
    ("history", "expected"),
    [
        ((SENT, RULED), [("sent", 5, "refunded")]),
        (
            (SENT, RULED, told(3, "opened", 11)),
            [("sent", 5, "refunded"), ("refunded", 4, "opened")],
        ),
        # The platform says what the rule has said: that is one stay.
        ((SENT, RULED, told(3, "refunded", 11)), [("sent", 5, "refunded")]),
        (
            (SENT, RULED, told(3, "refunded", 11), told(4, "used", 10)),
            [("sent", 5, "refunded"), ("refunded", 5, "used")],
        ),
        (
            (SENT, RULED, OVER, told(4, "opened", 11)),
            [("sent", 5, "refunded"), ("refunded", 3, "sent"), ("sent", 1, "opened")],
        ),
        (
            (SENT, RULED, OVERRIDE),
            [("sent", 5, "refunded"), ("refunded", 3, "delivered")],
        ),
        # The override has ended it, and the rule holds again once that is released.
        (
            (
                SENT, RULED, OVERRIDE, told(4, "", 9, EventKind.RELEASE),
                ruled(5, "sent", "refunded", 15)._replace(recorded_at=ago(days=8)), told(6, "opened", 7),
            ),
            [
                ("sent", 5, "refunded"), ("refunded", 3, "delivered"), ("delivered", 3, "sent"),
                ("refunded", 2, "opened"),
            ],
        ),
        # Late, the platform has told of another status: the rule had applied to none that was in force.
        (
            (SENT, RULED, told(3, "opened", 18)._replace(recorded_at=ago(days=10)), told(4, "used", 9)),
            [("sent", 2, "opened"), ("opened", 9, "used")],
        ),
        ((SENT, ruled(2, "sent", "", 16), told(3, "opened", 11)), [("sent", 9, "opened")]),
    ],
)  # fmt: skip
def test_a_status_that_a_rule_gave_is_a_stay_like_others(
    history: tuple[Event, ...], expected: list[tuple[str, int, str]]
) -> None:
    assert days(*ended(*history)) == expected


def stay(slug: str, days: float, **changes: object) -> Stay:
    """Return a stay of a parcel that has just ended after so many *days*."""
    usual = Stay(slug, ago(days=days), NOW, ago(days=days), None, "shipped")
    return usual._replace(**changes)  # type: ignore[arg-type]


OFF = Policy(Thresholds({("sendoso", "order_received"): None}))
SHORT = Policy(Thresholds({("sendoso", "shipped"): Limit(2, "d")}))
NOW_AT_ONCE = Policy(Thresholds({("sendoso", "shipped"): AT_ONCE}))


@pytest.mark.parametrize(
    ("spent", "policy", "over_for"),
    [
        (stay("order_received", 7), Policy(), None),
        (stay("order_received", 9), Policy(), 2),
        (stay("order_received", 9), OFF, None),
        (stay("shipped", 9), Policy(), None),
        (stay("shipped", 9), SHORT, 7),
        (stay("shipped", 9), NOW_AT_ONCE, 9),
        (stay("undeliverable", 3), Policy(), 3),
        (stay("delivered", 30), Policy(), None),
        (stay("levitating", 2), Policy(), 2),
        (stay("shipped", 9, contested_at=ago(days=1)), Policy(), 1),
        (stay("order_received", 3, limit_from=ago(days=30)), Policy(), 3),
    ],
)
def test_a_stay_past_its_limit_is_a_breach(
    spent: Stay, policy: Policy, over_for: int | None
) -> None:
    found = Breaches(policy).of("sendoso", spent)
    assert (found and (found.ended_at - found.due_at).days) == over_for


def test_only_what_had_ended_and_goes_on_is_reopened() -> None:
    assert reopens("sendoso", stay("delivered", 1, next="undeliverable"))
    assert not reopens("sendoso", stay("shipped", 1, next="delivered"))
    assert not reopens("sendoso", stay("delivered", 1, next="canceled"))


def test_the_difference_counts_equal_stays_once_each() -> None:
    one, other = stay("shipped", 1), stay("fulfilling", 2)
    assert difference([one], [one, other]) == ((), [other])
    assert difference([one, other], [other, other]) == ((one,), (other,))


def stored(database: Database, model: type[tables.StayCount | tables.LimitBreach]) -> int:
    with database.read() as connection:
        return len(connection.execute(table_of(model).select()).all())


def test_what_is_taken_back_is_counted_no_more(desk: Desk, clock: HandClock) -> None:
    send = arrive(desk, parcel(1, fact("Order Received", ago(days=9))))
    desk.override(send, "shipped", "it left")
    assert stored(desk.database, tables.LimitBreach) == 1
    assert verify(desk.database).problems == ()

    clock.advance(minutes=5)
    undo(desk)

    assert stored(desk.database, tables.LimitBreach) == 0
    assert verify(desk.database).problems == ()


def test_an_import_joins_what_agents_have_added(desk: Desk, clock: HandClock) -> None:
    for number in (1, 2, 3):
        send = arrive(desk, parcel(number, fact("Order Received", ago(days=1))))
        desk.override(send, "shipped", "it left")
    assert stored(desk.database, tables.StayCount) == 3

    take(desk, parcel(4, fact("Order Received", ago(days=2)), fact("Shipped", ago(hours=1))))

    assert stored(desk.database, tables.StayCount) == 1
    assert verify(desk.database).problems == ()


def test_numbers_that_were_altered_are_found_and_counted_anew(desk: Desk, clock: HandClock) -> None:
    send = arrive(desk, parcel(1, fact("Order Received", ago(days=9))))
    desk.override(send, "shipped", "it left")
    with desk.database.write() as connection:
        connection.execute(table_of(tables.StayCount).update().values(lengths='{"1":7}'))
    (problem,) = verify(desk.database).problems
    assert "`senddesk db recount`" in problem

    desk.database.recount()

    assert verify(desk.database).problems == ()
    assert stored(desk.database, tables.LimitBreach) == 1


def altered_breach(desk: Desk, **values: object) -> list[str]:
    with desk.database.write() as connection:
        connection.execute(table_of(tables.LimitBreach).update().values(**values))
    return list(verify(desk.database).problems)


def test_a_limit_passed_that_was_altered_is_found_and_counted_anew(desk: Desk) -> None:
    for number, status in ((1, "Fulfillment Issue"), (2, "Undeliverable")):
        send = arrive(desk, parcel(number, fact(status, ago(days=9))))
        desk.override(send, "shipped", "it left")
    assert verify(desk.database).problems == ()

    found = altered_breach(desk, due_at=ago(days=8))
    assert [each.partition(":")[0] for each in found] == ["S-1", "S-2"]
    assert "it passed the limit of Fulfillment Issue" in found[0]
    assert "`senddesk db recount`" in found[0]

    desk.database.recount()
    assert verify(desk.database).problems == ()
    with desk.database.write() as connection:
        connection.execute(table_of(tables.LimitBreach).delete())
    assert len(verify(desk.database).problems) == 2

    desk.database.recount()
    more = {
        "provider": "sendoso",
        "began": ago(days=3),
        "due_at": ago(days=2),
        "ended_at": ago(days=1),
    }
    with desk.database.write() as connection:
        table = table_of(tables.LimitBreach)
        connection.execute(table.insert(), more | {"send_id": send.id, "status": "failed"})
    (problem,) = verify(desk.database).problems
    assert problem.startswith(
        "S-2: by what is kept for the report it passed the limit of Failed 2025"
    )
    assert "by its history not at all" in problem


def test_what_was_over_by_former_limits_stays_so(desk: Desk, clock: HandClock) -> None:
    send = arrive(desk, parcel(1, fact("Fulfillment Issue", ago(days=9))))
    desk.override(send, "shipped", "it left")
    clock.advance(minutes=10)
    set_limit(desk.database, "sendoso", "fulfillment_issue", None, "ana", clock())
    assert verify(desk.database).problems == ()

    assert altered_breach(desk, due_at=ago(days=10))
