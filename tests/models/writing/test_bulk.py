"""Many sends at once: the same rules for each, and none of them stands for another."""

import pytest

from models.desk import Desk
from models.errors import NothingToDo, OffLifecycle, StaleSend, UnknownStatus
from models.history.audit import verify
from models.records import SendRecord
from models.rules.operations import AddNote, SetStatus, Take
from models.writing import bulk
from models.writing.writer import Request
from tests.support.desk_cases import HandClock, arrive, egift, parcel, take


def requests(sends: list[SendRecord], name: str = "r") -> list[tuple[SendRecord, Request]]:
    return [(send, Request(f"{name}:{send.ref}", "cli")) for send in sends]


def made(desk: Desk, count: int) -> list[SendRecord]:
    take(desk, *(parcel(number) for number in range(1, count + 1)))
    return [desk.find(f"S-{number}") for number in range(1, count + 1)]


def test_every_send_is_written_once_and_in_order(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "BULK_SIZE", 4)
    sends = made(desk, 10)

    results = list(desk.do_all(requests(sends), SetStatus("fulfilling", "packed already")))
    again = list(desk.do_all(requests(sends), SetStatus("fulfilling", "packed already")))

    assert [result.seen for result in results] == sends
    assert [result.became for result in results] == [desk.find(send.ref) for send in sends]
    assert {
        result.became.status for result in results if isinstance(result.became, SendRecord)
    } == {"fulfilling"}
    assert [result.became for result in again] == [result.became for result in results]
    assert {desk.case(send.id).history_total for send in sends} == {2}
    assert desk.case(sends[0].id).history[0].request_id == "r:S-1"
    assert verify(desk.database).problems == ()


def test_a_refused_send_keeps_no_other_from_being_written(desk: Desk, clock: HandClock) -> None:
    first, second, third = made(desk, 3)
    offer = arrive(desk, egift("9"))
    jo = Desk(desk.database, "jo", clock)
    jo.take(second)
    jo.override(third, "fulfilling", "packed")
    packed = desk.find(third.ref)
    wanted = [*requests([first, second, offer]), (packed, Request("x")), (first, Request("twice"))]

    results = list(desk.do_all(wanted, SetStatus("fulfilling", "packed already")))

    problems = [type(result.became) for result in results]
    assert problems == [SendRecord, StaleSend, OffLifecycle, NothingToDo, StaleSend]
    stale = results[1].became
    assert isinstance(stale, StaleSend)
    assert stale.theirs == desk.find(second.ref)
    assert "jo" in str(stale)
    assert desk.find(first.ref).status == "fulfilling"
    assert desk.find(offer.ref).status == "sent"
    assert verify(desk.database).problems == ()


def test_a_status_that_a_platform_lacks_is_refused_for_its_sends(desk: Desk) -> None:
    (send,) = made(desk, 1)

    (result,) = desk.do_all(requests([send]), SetStatus("teleported", "why not"))

    assert isinstance(result.became, UnknownStatus)
    assert desk.find(send.ref) == send


def test_a_refusal_holds_on_to_nothing(desk: Desk) -> None:
    """What was refused is kept until all are reported; the others of its transaction are not."""
    send = arrive(desk, parcel(1))
    (result,) = desk.do_all([(send._replace(revision=7), Request())], SetStatus("shipped", "r"))
    assert isinstance(result.became, StaleSend)
    assert result.became.__traceback__ is None


def test_it_stops_between_two_transactions(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "BULK_SIZE", 2)
    sends = made(desk, 5)
    answers = iter((False, False, True))

    done = list(desk.do_all(requests(sends), Take(), stop=lambda: next(answers)))

    assert [result.seen for result in done] == sends[:4]
    assert [desk.find(send.ref).owner for send in sends] == ["ana"] * 4 + [""]


def test_a_retry_goes_on_where_it_stopped(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "BULK_SIZE", 1)
    sends = made(desk, 3)
    first = desk.do_all(requests(sends), Take(), stop=lambda: desk.find("S-1").owner == "ana")
    assert len(list(first)) == 1

    assert all(
        each.became == desk.find(each.seen.ref) for each in desk.do_all(requests(sends), Take())
    )

    assert [desk.find(send.ref).revision for send in sends] == [2, 2, 2]


def test_notes_are_added_whether_or_not_a_send_has_changed(desk: Desk, clock: HandClock) -> None:
    sends = made(desk, 3)
    Desk(desk.database, "jo", clock).take(sends[1])

    results = list(desk.do_all(requests(sends), AddNote("called all of them")))

    assert [type(result.became) for result in results] == [SendRecord] * 3
    assert [desk.case(send.id).history[0].reason for send in sends] == ["called all of them"] * 3
    assert desk.find("S-2").owner == "jo"
    assert verify(desk.database).problems == ()


def test_the_sends_as_they_are_now(desk: Desk, clock: HandClock) -> None:
    first, second = made(desk, 2)
    gone = first._replace(id=999)
    now = Desk(desk.database, "jo", clock).take(second).send

    assert desk.as_now([second, gone, first]) == [now, first]


@pytest.mark.parametrize("query", ["id:S-2", "owner:@none", "is:over", "sort:company"])
def test_which_sends_are_in_a_list(desk: Desk, query: str) -> None:
    sends = made(desk, 4)
    desk.take(sends[2])
    ids = [send.id for send in sends]
    listing = desk.listing(desk.parse(query))
    expected = {send.id for send in desk.rows(listing)}

    assert desk.members(desk.listing(desk.parse(query)), [*ids, 999]) == expected
    assert desk.members(listing, ids[:2]) == expected & set(ids[:2])
