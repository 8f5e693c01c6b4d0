"""The log of changes over all sends: what is in it, and how the database finds it."""

import re
from datetime import timedelta

import pytest

from models.database import Database, open_database
from models.desk import Desk
from models.reading.activity import MOST, newest
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

    assert [
        (each.actor, each.ref, each.said, each.reason) for each in newest(desk, mine=False)
    ] == [
        ("ana", "S-2", "marked it done", ""),
        ("ana", "S-2", "gave it to raj", ""),
        ("jo", "S-2", "took it", ""),
        ("jo", "S-2", "added a note", "called"),
        ("ana", "S-1", "set Shipped", "the carrier has it"),
    ]
    mine = newest(desk, mine=True)
    assert [each.said for each in mine] == ["marked it done", "gave it to raj", "set Shipped"]
    assert mine[0].at - mine[2].at == timedelta(hours=2)
    assert mine[0].recipient_name == two_now.recipient_name


def test_what_was_taken_back_is_named_and_marked(desk: Desk, clock: HandClock) -> None:
    desk.override(arrive(desk, parcel(1)), "shipped", "the carrier has it")
    undo(desk)
    desk.note(arrive(desk, parcel(2)), "called")
    undo(desk)
    redo(desk)
    assert [(each.said, each.reason, each.is_undone) for each in newest(desk, mine=True)] == [
        ("added a note", "called", False),
        ("took back: added a note", "", False),
        ("added a note", "called", True),
        ("took back: set Shipped", "", False),
        ("set Shipped", "the carrier has it", True),
    ]


def test_the_log_is_bounded(desk: Desk) -> None:
    seen = arrive(desk, parcel(1))
    for number in range(MOST + 3):
        desk.note(seen, f"note {number}")
    log = newest(desk, mine=True)
    assert (len(log), log[0].reason) == (MOST, f"note {MOST + 2}")


@pytest.mark.parametrize(("mine", "index"), [(True, "event_deeds_of"), (False, "event_deeds")])
def test_the_log_is_read_in_the_order_of_its_index(
    file_address: str, clock: HandClock, mine: bool, index: str
) -> None:
    database = open_database(file_address)
    desk = Desk(database, "ana", clock)
    with plans_of(database, re.compile("request_id IS NOT NULL")) as plans:
        newest(desk, mine=mine)
    database.close()

    assert any(f"USING INDEX {index} " in f"{step} " for step in plans), plans
    assert not any(step.startswith("SCAN send") for step in plans), plans
