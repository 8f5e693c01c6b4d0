"""The log of changes over all sends: what is in it, and how the database finds it."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from models.database import Database, open_database
from models.desk import Desk
from models.errors import BadQuery, UnknownSend
from models.reading.activity import PAGE, Activity, LogFilter, entries, page
from models.reading.log_filter import parse_log_filter
from models.records import SendRecord
from models.rules.log_verbs import LOG_VERBS
from tests.support.desk_cases import HandClock, arrive, egift, fact, parcel, redo, take, undo
from tests.support.query_plans import plans_of


def test_changes_come_newest_first_and_facts_not_at_all(
    desk: Desk, database: Database, clock: HandClock
) -> None:
    jo = Desk(database, "jo", clock)
    one, two = arrive(desk, parcel(1)), arrive(desk, egift(2))
    desk.override(one, "shipped", "the carrier has it")
    clock.advance(hours=1)
    jo.note(two, "called")
    take(desk, parcel(1, fact("Delivered", clock())))
    jo.take(jo.find("S-2"))
    desk.assign(desk.find("S-2"), "raj")
    clock.advance(hours=1)
    desk.done(two_now := desk.find("S-2"))

    assert [(each.actor, each.ref, each.said, each.reason) for each in page(desk, LogFilter())] == [
        ("ana", "S-2", "marked it done", ""),
        ("ana", "S-2", "gave it to raj", ""),
        ("jo", "S-2", "took it", ""),
        ("jo", "S-2", "added a note", "called"),
        ("ana", "S-1", "set Shipped", "the carrier has it"),
    ]
    mine = page(desk, LogFilter(agent="ana"))
    assert [each.said for each in mine] == ["marked it done", "gave it to raj", "set Shipped"]
    assert mine[0].at - mine[2].at == timedelta(hours=2)
    assert mine[0].recipient_name == two_now.recipient_name


def test_what_was_taken_back_is_named_and_marked(desk: Desk, clock: HandClock) -> None:
    desk.override(arrive(desk, parcel(1)), "shipped", "the carrier has it")
    undo(desk)
    desk.note(arrive(desk, parcel(2)), "called")
    undo(desk)
    redo(desk)
    assert [
        (each.said, each.reason, each.is_undone) for each in page(desk, LogFilter(agent="ana"))
    ] == [
        ("added a note", "called", False),
        ("took back: added a note", "", False),
        ("added a note", "called", True),
        ("took back: set Shipped", "", False),
        ("set Shipped", "the carrier has it", True),
    ]


def test_the_log_is_bounded(desk: Desk) -> None:
    seen = arrive(desk, parcel(1))
    for number in range(PAGE + 3):
        desk.note(seen, f"note {number}")
    log = page(desk, LogFilter(agent="ana"))
    assert (len(log), log[0].reason) == (PAGE, f"note {PAGE + 2}")


OF_PLATFORMS = {"cancel", "extend", "answer"}
"""The verbs that ask a platform."""


def deeds(desk: Desk, clock: HandClock) -> None:
    """Have two agents use every verb that asks no platform, a minute apart."""
    jo = Desk(desk.database, "jo", clock)
    for number, agent in ((1, desk), (2, jo)):
        send = arrive(agent, parcel(number))
        steps: list[Callable[[SendRecord], object]] = [
            lambda seen, agent=agent: agent.override(seen, "shipped", "the carrier has it"),
            lambda seen, agent=agent: agent.release(seen),
            lambda seen, agent=agent: agent.escalate(seen, "T-7", reason="where is it"),
            lambda seen, agent=agent: agent.resolve(seen, "answered"),
            lambda seen, agent=agent: agent.take(seen),
            lambda seen, agent=agent: agent.assign(seen, "raj"),
            lambda seen, agent=agent: agent.note(seen, "called"),
            lambda seen, agent=agent: agent.snooze(seen, clock() + timedelta(days=1)),
            lambda seen, agent=agent: agent.wake(seen),
            lambda seen, agent=agent: agent.done(seen),
            lambda seen, agent=agent: undo(agent),
            lambda seen, agent=agent: redo(agent),
        ]
        for step in steps:
            clock.advance(minutes=1)
            step(agent.find(send.ref))


def test_an_entry_says_from_what_to_what_until_when_and_which_ticket(
    desk: Desk, clock: HandClock
) -> None:
    deeds(desk, clock)
    found = {each.verb: each for each in page(desk, LogFilter(agent="ana")) if not each.redoes}

    assert set(found) == LOG_VERBS.keys() - {"redo", *OF_PLATFORMS}
    assert (found["set"].before, found["set"].after) == ("order_received", "shipped")
    assert found["set"].further(desk.local_time()) == ("from Order Received",)
    assert (found["release"].before, found["release"].after) == ("shipped", "order_received")
    assert found["escalate"].ticket == found["resolve"].ticket == "T-7"
    assert found["escalate"].until is not None
    assert (found["escalate"].reason, found["note"].reason) == ("where is it", "called")
    assert (found["take"].before, found["take"].after) == ("", "ana")
    assert found["take"].further(desk.local_time()) == ()
    assert found["assign"].further(desk.local_time()) == ("from ana",)
    assert (found["assign"].before, found["assign"].after) == ("ana", "raj")
    assert found["snooze"].until == found["snooze"].at + timedelta(days=1)
    assert (found["done"].is_undone, found["undo"].undoes) == (True, found["done"].seq)
    assert (found["done"].provider, found["done"].external_id) == ("sendoso", "1")


def test_a_snooze_until_the_platform_changes_it_says_so(desk: Desk) -> None:
    desk.snooze(arrive(desk, parcel(1)), None)
    desk.snooze(arrive(desk, parcel(2)), desk.now() + timedelta(days=1))
    undo(desk)
    said = [each.said for each in page(desk, LogFilter(agent="ana"))]
    assert said == [
        "took back: snoozed it",
        "snoozed it",
        "snoozed it until the platform changes it",
    ]


def test_each_verb_finds_its_own_entries(desk: Desk, clock: HandClock) -> None:
    deeds(desk, clock)
    everything = page(desk, LogFilter())
    for verb in sorted(LOG_VERBS.keys() - OF_PLATFORMS):
        by_hand = [
            each for each in everything if each.verb == verb or (verb == "redo" and each.redoes)
        ]

        assert by_hand, verb
        assert list(page(desk, LogFilter(verb=verb))) == by_hand
        assert list(entries(desk, LogFilter(verb=verb, agent="jo"), size=1)) == [
            each for each in by_hand if each.actor == "jo"
        ]


def test_span_agent_and_send_narrow_the_log(desk: Desk, clock: HandClock) -> None:
    start = clock()
    deeds(desk, clock)
    everything = page(desk, LogFilter())
    since, until = start + timedelta(minutes=3), start + timedelta(minutes=15)
    send = desk.find("S-2")

    assert list(page(desk, LogFilter(since=since, until=until))) == [
        each for each in everything if since <= each.at < until
    ]
    of_send = [each for each in everything if each.ref == "S-2"]
    assert list(page(desk, LogFilter(send_id=send.id))) == of_send
    assert list(page(desk, LogFilter(send_id=send.id, since=since, until=until))) == [
        each for each in of_send if since <= each.at < until
    ]
    assert not page(desk, LogFilter(send_id=send.id, agent="ana"))


def test_pages_are_the_log_without_a_gap_or_a_repetition(desk: Desk, clock: HandClock) -> None:
    deeds(desk, clock)
    send = desk.find("S-1")
    for number in range(4):
        # Entries of one moment are told apart as well.
        desk.note(desk.find("S-1"), f"note {number}")
    for wanted in (LogFilter(), LogFilter(agent="ana"), LogFilter(send_id=send.id)):
        whole = page(desk, wanted)
        for size in (1, 5, 100):
            turned: list[Activity] = []
            while some := page(desk, wanted, after=turned[-1] if turned else None, count=size):
                turned += some
            assert tuple(turned) == whole, size
        assert len(whole) == len({each.id for each in whole})


def test_what_was_taken_back_long_after_is_marked_on_its_page(desk: Desk, clock: HandClock) -> None:
    seen = arrive(desk, parcel(1))
    desk.override(seen, "shipped", "the carrier has it")
    other = Desk(desk.database, "jo", clock)
    for number in range(5):
        other.note(arrive(desk, parcel(2)), f"note {number}")
    clock.advance(days=3)
    undo(desk)

    (first,) = page(desk, LogFilter(verb="set"))
    assert first.is_undone
    assert list(entries(desk, LogFilter(), size=1))[-1] == first


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", LogFilter()),
        ("by:@me", LogFilter(agent="ana")),
        ('BY:"Jo Smith" verb:Set', LogFilter(agent="Jo Smith", verb="set")),
        (
            'since:"Tue 17:00" until:thu',
            LogFilter(
                since=datetime(2026, 2, 24, 17, tzinfo=UTC), until=datetime(2026, 2, 27, tzinfo=UTC)
            ),
        ),
        ("by:o'brien", LogFilter(agent="o'brien")),
    ],
)
def test_a_filter_is_read(desk: Desk, clock: HandClock, text: str, wanted: LogFilter) -> None:
    clock.now = datetime(2026, 2, 27, 12, tzinfo=UTC)
    assert parse_log_filter(desk, text) == wanted


def test_a_filter_names_a_send_as_everything_does(desk: Desk) -> None:
    send = arrive(desk, parcel(7))
    assert parse_log_filter(desk, "send:S-7") == LogFilter(send_id=send.id)
    assert parse_log_filter(desk, "send:sendoso:7") == LogFilter(send_id=send.id)
    with pytest.raises(UnknownSend):
        parse_log_filter(desk, "send:S-8")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("jo", "“jo” is not a part of a filter of the log."),
        ("status:shipped", "“status:shipped” is not a part"),
        ("verb:delete", "“delete” is not a verb."),
        ("since:soon", "“soon” cannot be used after “since”: write 2h"),
        ("since:2099-01-01", "still to come"),
        ("by:", "A value is missing after “by:”."),
        ("by:jo by:ana", "“by:” stands there twice."),
        ('since:"tue 17', "A quote is not closed."),
    ],
)
def test_a_filter_that_cannot_be_read_says_why(desk: Desk, text: str, said: str) -> None:
    with pytest.raises(BadQuery) as refused:
        parse_log_filter(desk, text)
    assert said in str(refused.value)


_LATER = datetime(2099, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (LogFilter(), "event_deeds"),
        (LogFilter(since=_LATER), "event_deeds"),
        (LogFilter(agent="ana"), "event_deeds_of"),
        (LogFilter(agent="ana", until=_LATER), "event_deeds_of"),
        (LogFilter(verb="set"), "event_deeds_by_kind"),
        (LogFilter(verb="set", since=_LATER), "event_deeds_by_kind"),
        (LogFilter(send_id=7), "sqlite_autoindex_event_1"),
        (LogFilter(send_id=7, agent="ana", verb="set"), "sqlite_autoindex_event_1"),
    ],
)
def test_each_page_of_the_log_is_read_in_the_order_of_an_index(
    file_address: str, clock: HandClock, wanted: LogFilter, index: str
) -> None:
    database = open_database(file_address)
    desk = Desk(database, "ana", clock)
    last = replace(AN_ENTRY, at=clock())
    with plans_of(database, re.compile("request_id IS NOT NULL")) as plans:
        page(desk, wanted)
        page(desk, wanted, after=last)
    database.close()

    assert sum(f"INDEX {index} " in f"{step} " for step in plans) == 2, plans
    assert not any(step.startswith("SCAN send") or step == "SCAN event" for step in plans), plans
    # What is sorted are the rows of one page, after they were found.
    assert sum("TEMP B-TREE" in step for step in plans) <= 2, plans


AN_ENTRY = Activity(
    id=1,
    seq=1,
    ref="S-1",
    provider="sendoso",
    external_id="1",
    recipient_name="",
    at=_LATER,
    actor="ana",
    verb="note",
    said="added a note",
    before="",
    after="",
    was="",
    until=None,
    ticket="",
    reason="",
    source="desk",
    request_id="",
    undoes=None,
    redoes=None,
)
