"""Counts of everything are remembered, but never longer than they are true."""

from sqlalchemy import event

from models.desk import Desk
from models.reading.counts import Count
from models.reading.facet_counts import FacetValue
from tests.support.desk_cases import HandClock, arrive, fact, parcel


def test_counts_follow_what_the_agent_does(desk: Desk, clock: HandClock) -> None:
    arrive(desk, parcel(1, fact("Shipped", clock())))
    send = arrive(desk, parcel(2, fact("Shipped", clock())))
    everything = desk.parse("")
    assert desk.facets(everything).owner == (FacetValue("", 2),)
    desk.take(send)
    assert set(desk.facets(everything).owner) == {FacetValue("", 1), FacetValue("ana", 1)}


def test_counts_follow_what_others_do(desk: Desk, clock: HandClock) -> None:
    other = Desk(desk.database, "jo", clock)
    everything = desk.parse("")
    assert desk.facets(everything).status == ()
    assert desk.total() == 0
    arrive(other, parcel(1, fact("Shipped", clock())))
    assert desk.facets(everything).status == (FacetValue("sendoso:shipped", 1),)
    assert desk.total() == 1
    assert desk.view_counts()["All"] == Count(1)


def test_what_one_reader_has_counted_its_cancellable_reader_knows(
    desk: Desk, clock: HandClock
) -> None:
    arrive(desk, parcel(1, fact("Shipped", clock())))
    assert desk.total() == 1
    counted: list[str] = []

    def note(connection: object, cursor: object, statement: str, *_: object) -> None:
        counted.extend(["counted"] if "GROUP BY" in statement else [])

    event.listen(desk.database.engine, "before_cursor_execute", note)
    assert desk.cancellable().total() == 1
    event.remove(desk.database.engine, "before_cursor_execute", note)
    assert counted == []
    arrive(desk, parcel(2, fact("Shipped", clock())))
    assert desk.cancellable().total() == 2
