"""Undo and redo, on both databases: what they restore, and when they are refused."""

import json

import pytest

from models.database import open_database
from models.desk import Desk
from models.errors import NothingToDo, StaleSend
from models.records import EventKind, SendRecord
from models.writing.writer import Request
from tests.support.desk_cases import HandClock, arrive, fact, newest_event, parcel


class TestUndo:
    def test_it_restores_what_was(self, desk: Desk, clock: HandClock, late: SendRecord) -> None:
        desk.override(late, "shipped", "r")
        clock.advance(hours=1)
        case = desk.undo()
        unchanged = ("status", "since", "due_at", "triage_at", "override_status", "stage")
        for name in unchanged:
            assert getattr(case.send, name) == getattr(late, name)
        event = newest_event(case)
        assert (event.kind, event.from_status, event.to_status) == (
            EventKind.UNDO,
            "shipped",
            "order_received",
        )
        assert json.loads(event.detail) == {"undoes": 2}

    def test_it_survives_a_restart(self, desk: Desk, address: str, late: SendRecord) -> None:
        desk.override(late, "shipped", "r")
        again = open_database(address)
        assert Desk(again, "ana", desk.now).undo().send.status == "order_received"
        again.close()

    def test_one_by_one_and_across_sends(self, desk: Desk, late: SendRecord) -> None:
        other = arrive(desk, parcel(2))
        shipped = desk.override(late, "shipped", "r").send
        desk.override(other, "shipped", "r")
        desk.override(shipped, "delivered", "r")
        assert (desk.undo().send.ref, desk.find("S-1").status) == ("S-1", "shipped")
        assert (desk.undo().send.ref, desk.find("S-2").status) == ("S-2", "order_received")
        assert (desk.undo().send.ref, desk.find("S-1").status) == ("S-1", "order_received")
        with pytest.raises(NothingToDo, match="no override of yours"):
            desk.undo()

    def test_of_one_send_only(self, desk: Desk, late: SendRecord) -> None:
        other = arrive(desk, parcel(2))
        seen = desk.override(late, "shipped", "r").send
        desk.override(other, "shipped", "r")
        assert desk.undo(seen).send.ref == "S-1"
        assert desk.find("S-2").status == "shipped"

    def test_it_takes_back_only_ones_own(self, desk: Desk, jo: Desk, late: SendRecord) -> None:
        seen = desk.override(late, "shipped", "r").send
        with pytest.raises(NothingToDo, match="no override of yours"):
            jo.undo(seen)

    @pytest.mark.parametrize(
        ("word", "change"), [("Delivered", "sendoso reports Delivered"), ("Shipped", "sendoso rep")]
    )
    def test_it_is_refused_once_the_platform_took_over(
        self, desk: Desk, clock: HandClock, late: SendRecord, word: str, change: str
    ) -> None:
        seen = desk.override(late, "shipped", "r").send
        send = arrive(desk, parcel(1, fact(word, clock.advance(hours=1))))
        desk.snooze(send)
        with pytest.raises(NothingToDo, match=rf"S-1 has moved on since \({change}"):
            desk.undo()
        with pytest.raises(NothingToDo, match="moved on"):
            desk.undo(desk.find("S-1"))
        with pytest.raises(StaleSend):
            desk.undo(seen)

    def test_it_is_refused_once_another_agent_decided(
        self, desk: Desk, jo: Desk, late: SendRecord
    ) -> None:
        seen = desk.override(late, "shipped", "r").send
        jo.override(seen, "delivered", "signed for")
        with pytest.raises(NothingToDo, match=r"moved on since \(jo set Delivered\)"):
            desk.undo()
        assert desk.find("S-1").status == "delivered"

    def test_of_a_contested_one_shows_the_platform(
        self, desk: Desk, clock: HandClock, late: SendRecord
    ) -> None:
        desk.override(late, "shipped", "r")
        arrive(desk, parcel(1, fact("Out of Stock", clock.advance(hours=1))))
        case = desk.undo()
        assert (case.send.status, case.send.contested) == ("out_of_stock", False)
        assert newest_event(case).to_status == "out_of_stock"


class TestRedo:
    def test_it_sets_the_same_with_the_same_reason(self, desk: Desk, late: SendRecord) -> None:
        desk.override(late, "delivered", "the carrier confirmed", force=True)
        desk.undo()
        case = desk.redo()
        event = newest_event(case)
        assert (event.kind, event.to_status, event.reason) == (
            EventKind.OVERRIDE,
            "delivered",
            "the carrier confirmed",
        )
        assert (case.send.override_status, case.send.override_by) == ("delivered", "ana")
        with pytest.raises(NothingToDo, match="no undone override of yours"):
            desk.redo()

    def test_back_and_forth_as_far_as_one_went(self, desk: Desk, late: SendRecord) -> None:
        seen = desk.override(late, "fulfilling", "first").send
        desk.override(seen, "shipped", "second")
        walk = [desk.undo, desk.undo, desk.redo, desk.redo, desk.undo, desk.redo, desk.undo]
        steps = [step().send for step in walk]
        assert [send.status for send in steps] == [
            "fulfilling", "order_received", "fulfilling", "shipped", "fulfilling", "shipped",
            "fulfilling",
        ]  # fmt: skip
        assert steps[-1].override_reason == "first"

    def test_of_one_send_only(self, desk: Desk, late: SendRecord) -> None:
        desk.override(late, "shipped", "r")
        desk.override(arrive(desk, parcel(2)), "fulfilling", "r")
        desk.undo()
        desk.undo()
        assert desk.redo(desk.find("S-2")).send.status == "fulfilling"
        assert desk.find("S-1").status == "order_received"
        assert desk.redo().send.ref == "S-1"

    def test_it_is_refused_once_somebody_else_decided(
        self, desk: Desk, jo: Desk, clock: HandClock, late: SendRecord
    ) -> None:
        desk.override(late, "shipped", "r")
        undone = desk.undo().send
        with pytest.raises(NothingToDo, match="no undone override of yours"):
            jo.redo()
        jo.override(undone, "fulfilling", "r")
        with pytest.raises(
            NothingToDo, match=r"moved on since \(jo set Fulfilling\): nothing was set"
        ):
            desk.redo()
        with pytest.raises(StaleSend):
            desk.redo(undone)

    def test_it_is_refused_once_the_platform_took_over(
        self, desk: Desk, clock: HandClock, late: SendRecord
    ) -> None:
        desk.override(late, "delivered", "r", force=True)
        desk.undo()
        arrive(desk, parcel(1, fact("Fulfilling", clock.advance(hours=1))))
        with pytest.raises(NothingToDo, match=r"moved on since \(sendoso reports Fulfilling"):
            desk.redo()

    def test_a_retry_sets_it_once(self, desk: Desk, late: SendRecord) -> None:
        desk.override(late, "shipped", "r")
        desk.undo()
        request = Request()
        assert desk.redo(request=request) == desk.redo(request=request)
