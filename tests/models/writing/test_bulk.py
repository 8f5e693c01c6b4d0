"""Many sends at once: the same rules for each, and none of them stands for another."""

import pytest

from models.desk import Desk
from models.errors import NothingToDo, OffLifecycle, StaleSend, UnknownStatus
from models.history.audit import verify
from models.records import SendRecord
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

    results = list(desk.override_all(requests(sends), "fulfilling", "packed already"))
    again = list(desk.override_all(requests(sends), "fulfilling", "packed already"))

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

    results = list(desk.override_all(wanted, "fulfilling", "packed already"))

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

    (result,) = desk.override_all(requests([send]), "teleported", "why not")

    assert isinstance(result.became, UnknownStatus)
    assert desk.find(send.ref) == send


def test_a_refusal_holds_on_to_nothing(desk: Desk) -> None:
    """What was refused is kept until all are reported; the others of its transaction are not."""
    send = arrive(desk, parcel(1))
    (result,) = desk.override_all([(send._replace(revision=7), Request())], "shipped", "r")
    assert isinstance(result.became, StaleSend)
    assert result.became.__traceback__ is None
