"""What the passing of time changes, asked of both databases: when it is next, and what it has brought."""

from datetime import datetime, timedelta

from models.desk import Desk
from models.reading.passing_time import Arrival
from models.records import SendRecord
from models.rules.due import urgency
from tests.support.desk_cases import HandClock, fact, order, parcel, take
from tests.support.sample_cases import NOW, ago

TICK = timedelta(microseconds=1)


def filled(desk: Desk) -> dict[str, SendRecord]:
    """Fill *desk* with sends that time will bring into triage for each reason, and some it will not."""
    take(
        desk,
        parcel(1, fact("Order Received", ago(days=6))),
        parcel(2, fact("Order Received", ago(days=9))),
        parcel(3, fact("Order Received", ago(days=9))),
        parcel(4, fact("Delivered", ago(days=9))),
        order("five", fact("paid", ago(days=1))),
        parcel(6, fact("Undeliverable", ago(days=1))),
        parcel(7, fact("Order Received", ago(days=3))),
    )
    found = {each.external_id: each for each in desk.rows(desk.listing(desk.parse("")))}
    desk.snooze(found["2"], NOW + timedelta(hours=3))
    desk.escalate(found["3"], "T-1", NOW + timedelta(hours=5))
    desk.snooze(found["4"], NOW + timedelta(hours=7))
    desk.snooze(found["6"], None)
    return {each.external_id: each for each in desk.rows(desk.listing(desk.parse("")))}


def shown(desk: Desk, now: datetime) -> object:
    """Return everything on the desk at *now* that depends on the time alone."""
    reader = Desk(desk.database, "ana", lambda: now)
    sends = list(reader.rows(reader.listing(reader.parse(""))))
    lists = [
        {each.id for each in reader.rows(reader.listing(reader.parse(text)))}
        for text in ("is:triage", "is:snoozed")
    ]
    return lists, [urgency(send, now) for send in sends]


def test_each_comes_once_with_its_reason(desk: Desk, clock: HandClock) -> None:
    sends = filled(desk)
    assert desk.passing_time(NOW, clock.advance(hours=3)).arrivals == ()
    first = clock.now
    assert desk.passing_time(first, clock.advance(hours=1)).arrivals == (
        Arrival(sends["2"].id, "snooze"),
    )
    second = clock.now
    assert desk.passing_time(second, clock.advance(days=2)).arrivals == (
        Arrival(sends["3"].id, "follow-up"),
        Arrival(sends["4"].id, "snooze"),
        Arrival(sends["1"].id, "limit"),
    )
    third = clock.now
    assert desk.passing_time(third, clock.advance(minutes=1)).arrivals == ()


def test_what_was_there_already_has_not_come(desk: Desk, late: SendRecord) -> None:
    assert desk.passing_time(NOW, NOW + timedelta(days=1)).arrivals == ()


def test_a_limit_that_ends_this_moment_has_not_passed_yet(desk: Desk) -> None:
    sends = filled(desk)
    due_at = sends["1"].due_at
    assert due_at is not None
    assert desk.passing_time(due_at - TICK, due_at).arrivals == ()
    assert desk.passing_time(due_at, due_at + TICK).arrivals == (Arrival(sends["1"].id, "limit"),)


def test_nothing_changes_before_the_next_moment_and_something_does_then(
    desk: Desk, clock: HandClock
) -> None:
    filled(desk)
    moments = []
    while (moment := desk.passing_time(clock.now, clock.now).next_at) is not None:
        assert moment >= clock.now
        before = shown(desk, clock.now)
        assert shown(desk, max(clock.now, moment - TICK)) == before
        assert shown(desk, moment + TICK) != before
        moments.append(moment)
        clock.now = moment + TICK
    hours = [(moment - NOW) / timedelta(hours=1) for moment in moments]
    assert hours == [3, 5, 7, 24, 48, 96]
    assert shown(desk, clock.now + timedelta(days=4000)) == shown(desk, clock.now)


def test_an_empty_desk_has_no_next_moment(desk: Desk) -> None:
    assert desk.passing_time(NOW, NOW) == ((), None, False)
