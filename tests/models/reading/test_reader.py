"""What a desk reads about sends: cases, view counts, facets; on both databases."""

from typing import Any

import pytest
from sqlmodel import col

from models.desk import Desk
from models.errors import UnknownSend
from models.history.journal import append, lock_histories, write
from models.records import Event, EventKind, SendRecord
from models.store import tables
from models.store.mapping import policy_of
from tests.support.desk_cases import HandClock, arrive, egift, fact, order, parcel, take
from tests.support.sample_cases import NOW, ago


def test_a_case_tells_everything(desk: Desk, late: SendRecord) -> None:
    case = desk.case(late.id)
    assert (case.send, case.history_total, len(case.history)) == (late, 1, 1)
    assert (case.advice.urgency, case.shipments) == ("over", ())


def test_a_send_that_never_was_is_unknown(desk: Desk) -> None:
    with pytest.raises(UnknownSend):
        desk.case(1)


def test_views_count_what_they_list(desk: Desk, late: SendRecord) -> None:
    take(desk, parcel(2, fact("Shipped", ago(days=1))), egift(3), order("g-1"))
    desk.take(late)
    counts = {name: count.value for name, count in desk.view_counts().items()}
    assert counts["Triage"] == 1
    assert counts["Mine"] == 1
    assert counts["All"] == 4


def test_facets_count_what_is_there(desk: Desk, late: SendRecord) -> None:
    take(desk, parcel(2, fact("Shipped", ago(days=1))), egift(3))

    def counted(values: Any) -> dict[str, int]:
        return {each.value: each.count for each in values}

    facets = desk.facets(desk.parse(""))
    assert counted(facets.type) == {"physical": 2, "egift": 1}
    assert counted(facets.stage) == {"working": 1, "moving": 1, "waiting": 1}
    assert counted(facets.urgency) == {"over": 1}
    restricted = desk.facets(desk.parse("type:physical"))
    assert counted(restricted.type) == {"physical": 2, "egift": 1}
    assert counted(restricted.status) == {"sendoso:order_received": 1, "sendoso:shipped": 1}


def test_a_long_history_is_cut_but_counted_and_understood(
    desk: Desk, clock: HandClock, late: SendRecord
) -> None:
    desk.override(late, "shipped", "r")
    seen = arrive(desk, parcel(1, fact("Out of Stock", clock.advance(hours=1))))
    notes = [
        Event(seq=0, at=NOW, recorded_at=NOW, kind=EventKind.NOTE, reason=f"note {number}")
        for number in range(505)
    ]
    with desk.database.write() as connection:
        (history,) = lock_histories(connection, col(tables.Send.id) == seen.id)
        write(desk.database, connection, [append(history, notes, policy_of(connection), {})])
    case = desk.case(late.id)
    assert (len(case.history), case.history_total) == (500, 508)
    assert case.send.contested
