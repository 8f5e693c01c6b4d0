"""Undo and redo, on both databases: what they restore, and when they are refused."""

import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import timedelta
from itertools import count
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from models.database import open_database
from models.desk import Desk
from models.errors import NothingToDo, OffLifecycle, StaleSend
from models.history.audit import verify
from models.records import EventKind, SendRecord
from models.rules.operations import SetStatus
from models.writing.bulk import BULK_SIZE, BulkResult
from models.writing.writer import Bulk, Request
from tests.support.desk_cases import HandClock, arrive, fact, newest_event, parcel, redo, take, undo


class Done(NamedTuple):
    """A send that was not refused."""

    became: SendRecord


def only_done(results: Iterable[BulkResult]) -> list[Done]:
    """Return *results*, none of which may be a refusal."""
    done = []
    for result in results:
        assert isinstance(result.became, SendRecord), result.became
        done.append(Done(result.became))
    return done


Act = Callable[[Desk, SendRecord], object]
"""Something that an agent does to a send."""
ACTIONS: dict[str, Act] = {
    "set": lambda desk, seen: desk.override(seen, "shipped", "it left"),
    "take": lambda desk, seen: desk.take(seen),
    "assign": lambda desk, seen: desk.assign(seen, "raj"),
    "note": lambda desk, seen: desk.note(seen, "called"),
    "escalate": lambda desk, seen: desk.escalate(seen, "T-1"),
    "snooze": lambda desk, seen: desk.snooze(seen, desk.now() + timedelta(hours=4)),
    "snooze until a change": lambda desk, seen: desk.snooze(seen),
    "done": lambda desk, seen: desk.done(seen),
    "release": lambda desk, seen: desk.release(seen),
    "resolve": lambda desk, seen: desk.resolve(seen),
    "wake": lambda desk, seen: desk.wake(seen),
}
BEFORE: dict[str, str] = {"release": "set", "resolve": "escalate", "wake": "done"}
"""What happens to a send before an action fits it."""
every_action = pytest.mark.parametrize("name", ACTIONS)


def ready_for(name: str, desk: Desk, seen: SendRecord) -> SendRecord:
    """Return *seen* as it is once the action called *name* fits it."""
    if name in BEFORE:
        ACTIONS[BEFORE[name]](desk, seen)
    return desk.find(seen.ref)


def as_it_stands(send: SendRecord) -> SendRecord:
    """Return *send* without what counts its history."""
    return send._replace(revision=0)


class TestEveryAction:
    @every_action
    def test_undo_and_redo_go_back_and_forth(
        self, desk: Desk, clock: HandClock, late: SendRecord, name: str
    ) -> None:
        before = ready_for(name, desk, late)
        ACTIONS[name](desk, before)
        after = desk.find("S-1")
        for _ in range(2):
            assert as_it_stands(undo(desk).send) == as_it_stands(before)
            assert as_it_stands(redo(desk).send) == as_it_stands(after)
        assert verify(desk.database).problems == ()

    @every_action
    def test_it_survives_a_restart(
        self, desk: Desk, address: str, late: SendRecord, name: str
    ) -> None:
        before = ready_for(name, desk, late)
        ACTIONS[name](desk, before)
        again = open_database(address)
        case = undo(Desk(again, "ana", desk.now))
        assert as_it_stands(case.send) == as_it_stands(before)
        assert newest_event(case).kind is EventKind.UNDO
        again.close()

    @every_action
    def test_what_is_taken_back_is_not_taken_back_twice(
        self, desk: Desk, late: SendRecord, name: str
    ) -> None:
        ACTIONS[name](desk, ready_for(name, desk, late))
        step = desk.last_step()
        undo(desk)
        (result,) = desk.undo_or_redo(step)
        assert str(result.became) == "S-1: that is taken back already."


steps = st.lists(
    st.tuples(
        st.sampled_from([*ACTIONS, "undo", "redo", "Processing", "Shipped", "Out of Stock"]),
        st.sampled_from(["ana", "jo"]),
        st.integers(0, 40),
    ),
    max_size=8,
)
numbers = count(1000)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps, last=st.sampled_from(list(ACTIONS)), hours=st.integers(0, 40))
def test_after_whatever_came_before(
    desk: Desk, jo: Desk, clock: HandClock, steps: list[tuple[str, str, int]], last: str, hours: int
) -> None:
    ref = arrive(desk, parcel(next(numbers))).ref
    desks = {"ana": desk, "jo": jo}
    for name, who, pause in steps:
        clock.advance(hours=pause)
        with suppress(NothingToDo, OffLifecycle):
            happen(name, desks[who], ref, clock)
    before = desk.find(ref)
    try:
        ACTIONS[last](desk, before)
    except (NothingToDo, OffLifecycle):
        assume(False)
    after = desk.find(ref)
    clock.advance(hours=hours)
    assert as_it_stands(undo(desk).send) == as_it_stands(before)
    clock.advance(hours=-hours)
    assert as_it_stands(redo(desk).send) == as_it_stands(after)


def happen(name: str, desk: Desk, ref: str, clock: HandClock) -> None:
    """Let an agent act, or the platform tell something of the moment."""
    seen = desk.find(ref)
    match name:
        case "undo":
            undo(desk, seen)
        case "redo":
            redo(desk, seen)
        case _ if name in ACTIONS:
            ACTIONS[name](desk, seen)
        case word:
            take(desk, parcel(seen.external_id, fact(word, clock())))


class TestUndo:
    def test_it_restores_what_was(self, desk: Desk, clock: HandClock, late: SendRecord) -> None:
        desk.override(late, "shipped", "r")
        clock.advance(hours=1)
        case = undo(desk)
        unchanged = ("status", "since", "due_at", "triage_at", "override_status", "stage")
        for name in unchanged:
            assert getattr(case.send, name) == getattr(late, name)
        event = newest_event(case)
        assert (event.kind, event.from_status, event.to_status) == (
            EventKind.UNDO,
            "shipped",
            "order_received",
        )
        assert json.loads(event.detail) == {"kind": "override", "undoes": 2}

    def test_it_survives_a_restart(self, desk: Desk, address: str, late: SendRecord) -> None:
        desk.override(late, "shipped", "r")
        again = open_database(address)
        assert undo(Desk(again, "ana", desk.now)).send.status == "order_received"
        again.close()

    def test_one_by_one_and_across_sends(self, desk: Desk, late: SendRecord) -> None:
        other = arrive(desk, parcel(2))
        shipped = desk.override(late, "shipped", "r").send
        desk.override(other, "shipped", "r")
        desk.override(shipped, "delivered", "r")
        assert (undo(desk).send.ref, desk.find("S-1").status) == ("S-1", "shipped")
        assert (undo(desk).send.ref, desk.find("S-2").status) == ("S-2", "order_received")
        assert (undo(desk).send.ref, desk.find("S-1").status) == ("S-1", "order_received")
        with pytest.raises(NothingToDo, match="no action of yours"):
            undo(desk)

    def test_of_one_send_only(self, desk: Desk, late: SendRecord) -> None:
        other = arrive(desk, parcel(2))
        seen = desk.override(late, "shipped", "r").send
        desk.override(other, "shipped", "r")
        assert undo(desk, seen).send.ref == "S-1"
        assert desk.find("S-2").status == "shipped"

    def test_it_takes_back_only_ones_own(self, desk: Desk, jo: Desk, late: SendRecord) -> None:
        seen = desk.override(late, "shipped", "r").send
        with pytest.raises(NothingToDo, match="no action of yours"):
            undo(jo, seen)

    @pytest.mark.parametrize(
        ("word", "change"), [("Delivered", "sendoso reports Delivered"), ("Shipped", "sendoso rep")]
    )
    def test_it_is_refused_once_the_platform_took_over(
        self, desk: Desk, jo: Desk, clock: HandClock, late: SendRecord, word: str, change: str
    ) -> None:
        seen = desk.override(late, "shipped", "r").send
        send = arrive(desk, parcel(1, fact(word, clock.advance(hours=1))))
        jo.snooze(send)
        with pytest.raises(NothingToDo, match=rf"S-1 has moved on since \({change}"):
            undo(desk)
        with pytest.raises(NothingToDo, match="moved on"):
            undo(desk, desk.find("S-1"))
        with pytest.raises(StaleSend):
            undo(desk, seen)

    def test_it_is_refused_once_another_agent_decided(
        self, desk: Desk, jo: Desk, late: SendRecord
    ) -> None:
        seen = desk.override(late, "shipped", "r").send
        jo.override(seen, "delivered", "signed for")
        with pytest.raises(NothingToDo, match=r"moved on since \(jo set Delivered\)"):
            undo(desk)
        assert desk.find("S-1").status == "delivered"

    def test_of_a_contested_one_shows_the_platform(
        self, desk: Desk, clock: HandClock, late: SendRecord
    ) -> None:
        desk.override(late, "shipped", "r")
        arrive(desk, parcel(1, fact("Out of Stock", clock.advance(hours=1))))
        case = undo(desk)
        assert (case.send.status, case.send.contested) == ("out_of_stock", False)
        assert newest_event(case).to_status == "out_of_stock"

    def test_a_note_is_taken_back_whatever_came_since(
        self, desk: Desk, jo: Desk, clock: HandClock, late: SendRecord
    ) -> None:
        desk.note(late, "called")
        jo.override(jo.find("S-1"), "shipped", "it left")
        arrive(desk, parcel(1, fact("Delivered", clock.advance(hours=1))))
        case = undo(desk)
        assert json.loads(newest_event(case).detail) == {"kind": "note", "undoes": 2}
        assert "called" in [event.reason for event in case.history]

    def test_it_is_refused_once_a_snooze_has_ended(
        self, desk: Desk, jo: Desk, clock: HandClock, late: SendRecord
    ) -> None:
        desk.snooze(late)
        jo.escalate(jo.find("S-1"), "T-1")
        with pytest.raises(NothingToDo, match=r"moved on since \(jo escalated it\): nothing was"):
            undo(desk)

    def test_it_is_refused_once_somebody_else_owns_it(
        self, desk: Desk, jo: Desk, late: SendRecord
    ) -> None:
        desk.take(late)
        jo.take(jo.find("S-1"))
        with pytest.raises(NothingToDo, match=r"moved on since \(jo "):
            undo(desk)

    def test_what_others_did_to_other_parts_stays(
        self, desk: Desk, jo: Desk, late: SendRecord
    ) -> None:
        desk.snooze(late)
        jo.take(jo.find("S-1"))
        send = undo(desk).send
        assert (send.snooze, send.owner) == ("", "jo")

    def test_an_older_snooze_goes_on(self, desk: Desk, jo: Desk, late: SendRecord) -> None:
        snoozed = jo.snooze(late).send
        desk.override(snoozed, "shipped", "it left")
        assert desk.find("S-1").snooze == ""
        assert undo(desk).send.snooze == "change"

    def test_a_snooze_that_took_it_for_granted_ends(self, desk: Desk, late: SendRecord) -> None:
        step = desk.last_step(desk.override(late, "delivered", "signed for", force=True).send)
        desk.done(desk.find("S-1"))
        (result,) = desk.undo_or_redo(step)
        assert isinstance(result.became, SendRecord)
        assert (result.became.status, result.became.snooze) == ("order_received", "")
        assert result.became.triage_at == late.triage_at


class TestBulk:
    """Several sends of one bulk are one step."""

    def test_one_step_takes_all_back_and_one_does_all_again(
        self, desk: Desk, late: SendRecord
    ) -> None:
        other = arrive(desk, parcel(2))
        desk.note(other, "before")
        bulk = Bulk()
        for seen in (late, other):
            desk.take(desk.find(seen.ref), request=bulk.request(seen))

        assert [result.became.owner for result in back(desk)] == ["", ""]
        assert [result.became.owner for result in forth(desk)] == ["ana", "ana"]
        assert len(list(desk.undo_or_redo(desk.last_step()))) == 2
        assert [action.event.reason for action in desk.last_step()] == ["before"]

    def test_those_that_moved_on_are_named_and_the_rest_is_taken_back(
        self, desk: Desk, jo: Desk, late: SendRecord
    ) -> None:
        arrive(desk, parcel(2))
        bulk = Bulk("call-7", "cli")
        for ref in ("S-1", "S-2"):
            desk.take(desk.find(ref), request=bulk.request(desk.find(ref)))
        jo.take(jo.find("S-1"))
        results = {
            result.seen.ref: result.became for result in desk.undo_or_redo(desk.step_of("call-7"))
        }
        assert "S-1 has moved on since (jo" in str(results["S-1"])
        assert isinstance(results["S-2"], SendRecord)
        assert (desk.find("S-1").owner, desk.find("S-2").owner) == ("jo", "")

    def test_more_sends_than_a_transaction_takes(self, desk: Desk) -> None:
        sends = arrived(desk, BULK_SIZE + 2)
        bulk = Bulk()
        wanted = [(send, bulk.request(send)) for send in sends]
        assert all(
            isinstance(result.became, SendRecord)
            for result in desk.do_all(wanted, SetStatus("fulfilling", "packed"))
        )
        assert {result.became.status for result in back(desk)} == {"order_received"}
        assert {result.became.status for result in forth(desk)} == {"fulfilling"}

    def test_one_send_of_it_can_be_taken_back_alone(self, desk: Desk) -> None:
        sends = arrived(desk, 3)
        bulk = Bulk()
        for send in sends:
            desk.take(send, request=bulk.request(send))
        undo(desk, desk.find("S-2"))
        assert [desk.find(send.ref).owner for send in sends] == ["ana", "", "ana"]
        assert len(desk.last_step()) == 2

    def test_a_retry_goes_on_where_the_first_attempt_ended(self, desk: Desk) -> None:
        bulk, again = Bulk(), Bulk("undo-7")
        for send in arrived(desk, 3):
            desk.take(send, request=bulk.request(send))
        first = desk.undo_or_redo(desk.last_step()[:1], again.request)
        assert len(list(first)) == 1
        for _ in range(2):
            step = desk.begun_step("undo-7")
            assert {
                result.became.owner for result in only_done(desk.undo_or_redo(step, again.request))
            } == {""}
            assert len(step) == 3
        assert {desk.case(action.send_id).history_total for action in step} == {3}


class TestRequests:
    """What a request did is found by its id."""

    def test_of_one_send_and_of_several(self, desk: Desk, late: SendRecord) -> None:
        other = arrive(desk, parcel(2))
        desk.take(late, request=Request("one"))
        for seen in (late, other):
            desk.note(seen, "x", request=Bulk("two").request(seen))
        assert [action.event.kind for action in desk.step_of("one")] == [EventKind.OWNER]
        assert [action.send_id for action in desk.step_of("two")] == [other.id, late.id]

    def test_what_was_never_asked_for_is_nothing_and_what_is_taken_back_is_refused(
        self, desk: Desk, jo: Desk, late: SendRecord
    ) -> None:
        desk.take(late, request=Request("one"))
        for who, name in ((desk, "two"), (jo, "one")):
            assert who.step_of(name) == ()
        undo(desk, request=Request("back"))
        with pytest.raises(NothingToDo, match="taken back already"):
            desk.step_of("one")
        with pytest.raises(NothingToDo, match="senddesk redo"):
            desk.step_of("back")

    def test_an_id_that_did_something_else_is_refused(self, desk: Desk, late: SendRecord) -> None:
        desk.take(late, request=Request("one"))
        with pytest.raises(NothingToDo, match="“one” was used before"):
            desk.begun_step("one")

    def test_steps_can_be_passed_over(self, desk: Desk) -> None:
        sends = arrived(desk, 2)
        desk.note(sends[0], "first")
        bulk = Bulk()
        for send in sends:
            desk.note(send, "second", request=bulk.request(send))
        newest = desk.last_step()
        assert len(newest) == 2
        (older,) = desk.last_step(passing=[newest])
        assert older.event.reason == "first"
        with pytest.raises(NothingToDo):
            desk.last_step(passing=[newest, (older,)])


def arrived(desk: Desk, many: int) -> list[SendRecord]:
    """Return that many new sends."""
    take(desk, *(parcel(number) for number in range(1, many + 1)))
    return [desk.find(f"S-{number}") for number in range(1, many + 1)]


def back(desk: Desk) -> list[Done]:
    """Take the last step back."""
    return only_done(desk.undo_or_redo(desk.last_step()))


def forth(desk: Desk) -> list[Done]:
    """Do again what was taken back last."""
    return only_done(desk.undo_or_redo(desk.last_undone_step()))


class TestRedo:
    def test_it_sets_the_same_with_the_same_reason(self, desk: Desk, late: SendRecord) -> None:
        desk.override(late, "delivered", "the carrier confirmed", force=True)
        undo(desk)
        case = redo(desk)
        event = newest_event(case)
        assert (event.kind, event.to_status, event.reason) == (
            EventKind.OVERRIDE,
            "delivered",
            "the carrier confirmed",
        )
        assert (case.send.override_status, case.send.override_by) == ("delivered", "ana")
        with pytest.raises(NothingToDo, match="nothing to redo"):
            redo(desk)

    def test_back_and_forth_as_far_as_one_went(self, desk: Desk, late: SendRecord) -> None:
        seen = desk.override(late, "fulfilling", "first").send
        desk.override(seen, "shipped", "second")
        walk = [undo, undo, redo, redo, undo, redo, undo]
        steps = [step(desk).send for step in walk]
        assert [send.status for send in steps] == [
            "fulfilling", "order_received", "fulfilling", "shipped", "fulfilling", "shipped",
            "fulfilling",
        ]  # fmt: skip
        assert steps[-1].override_reason == "first"

    def test_of_one_send_only(self, desk: Desk, late: SendRecord) -> None:
        desk.override(late, "shipped", "r")
        desk.override(arrive(desk, parcel(2)), "fulfilling", "r")
        undo(desk)
        undo(desk)
        assert redo(desk, desk.find("S-2")).send.status == "fulfilling"
        assert desk.find("S-1").status == "order_received"
        assert redo(desk).send.ref == "S-1"

    def test_it_is_refused_once_somebody_else_decided(
        self, desk: Desk, jo: Desk, clock: HandClock, late: SendRecord
    ) -> None:
        desk.override(late, "shipped", "r")
        undone = undo(desk).send
        with pytest.raises(NothingToDo, match="nothing to redo"):
            redo(jo)
        jo.override(undone, "fulfilling", "r")
        with pytest.raises(
            NothingToDo, match=r"moved on since \(jo set Fulfilling\): nothing was done again"
        ):
            redo(desk)
        with pytest.raises(StaleSend):
            redo(desk, undone)

    def test_it_is_refused_once_the_platform_took_over(
        self, desk: Desk, clock: HandClock, late: SendRecord
    ) -> None:
        desk.override(late, "delivered", "r", force=True)
        undo(desk)
        arrive(desk, parcel(1, fact("Fulfilling", clock.advance(hours=1))))
        with pytest.raises(NothingToDo, match=r"moved on since \(sendoso reports Fulfilling"):
            redo(desk)

    def test_a_retry_sets_it_once(self, desk: Desk, late: SendRecord) -> None:
        desk.override(late, "shipped", "r")
        undo(desk)
        request = Request()
        assert redo(desk, request=request) == redo(desk, request=request)

    def test_it_is_refused_once_its_time_has_passed(
        self, desk: Desk, clock: HandClock, late: SendRecord
    ) -> None:
        desk.snooze(late, clock() + timedelta(hours=4))
        undo(desk)
        clock.advance(hours=5)
        with pytest.raises(NothingToDo, match="“snoozed it” is not done again: its time has pass"):
            redo(desk)

    def test_a_snooze_is_refused_once_the_platform_changed_the_send(
        self, desk: Desk, clock: HandClock, late: SendRecord
    ) -> None:
        desk.done(late)
        undo(desk)
        arrive(desk, parcel(1, fact("Fulfilling", clock.advance(hours=1))))
        with pytest.raises(NothingToDo, match=r"moved on since \(sendoso reports Fulfilling"):
            redo(desk)

    def test_it_stays_possible_where_another_took_their_own_back(
        self, desk: Desk, jo: Desk, late: SendRecord
    ) -> None:
        desk.override(late, "shipped", "r")
        undo(desk)
        jo.override(jo.find("S-1"), "fulfilling", "r")
        undo(jo)
        assert redo(desk).send.status == "shipped"
