"""Two agents at one send: what is a conflict, and what is said of it."""

import pytest

from models.desk import Desk
from models.errors import StaleSend
from models.records import EventKind, SendRecord
from models.rules.operations import SetStatus
from models.writing.writer import Request
from tests.support.desk_cases import HandClock


def test_a_note_of_a_colleague_is_no_conflict(desk: Desk, jo: Desk, late: SendRecord) -> None:
    jo.note(late, "the warehouse was called")
    jo.note(late, "and called again")
    case = desk.override(late, "shipped", "the carrier has it")
    assert [event.kind for event in case.history[:3]] == [
        EventKind.OVERRIDE,
        EventKind.NOTE,
        EventKind.NOTE,
    ]
    assert case.send.revision == late.revision + 3


def test_nor_is_a_note_that_was_taken_back(desk: Desk, jo: Desk, late: SendRecord) -> None:
    jo.note(late, "the wrong send")
    list(jo.undo_or_redo(jo.last_step()))
    assert desk.take(late).send.owner == "ana"


def test_a_note_is_no_conflict_for_one_of_many(desk: Desk, jo: Desk, late: SendRecord) -> None:
    jo.note(late, "the warehouse was called")
    (result,) = desk.do_all([(late, Request())], SetStatus("shipped", "the carrier has it"))
    assert isinstance(result.became, SendRecord)
    assert (result.became.status, result.became.revision) == ("shipped", late.revision + 2)


def test_a_script_that_names_a_revision_is_refused_for_a_note_too(
    desk: Desk, jo: Desk, late: SendRecord
) -> None:
    jo.note(late, "the warehouse was called")
    with pytest.raises(StaleSend, match="jo added a note"):
        desk.take(late, request=Request(is_exact=True))
    (result,) = desk.do_all([(late, Request(is_exact=True))], SetStatus("shipped", "it left"))
    assert isinstance(result.became, StaleSend)


def test_a_conflict_names_who_changed_what_from_what_to_what_and_when(
    desk: Desk, jo: Desk, late: SendRecord, clock: HandClock
) -> None:
    jo.override(late, "shipped", "the carrier has it")
    jo.note(late, "seen by the warehouse")
    clock.advance(minutes=12)
    with pytest.raises(StaleSend) as refused:
        desk.take(late)
    assert str(refused.value) == (
        f"{late.ref} has changed since you saw it: jo set Shipped (Order Received → Shipped) "
        "12 minutes ago. Nothing was written."
    )
    assert [event.kind for event in refused.value.changes] == [EventKind.NOTE, EventKind.OVERRIDE]
    assert refused.value.theirs is not None
    assert refused.value.theirs.status == "shipped"


def test_of_several_changes_the_newest_is_named_and_the_others_counted(
    desk: Desk, jo: Desk, late: SendRecord
) -> None:
    taken = jo.take(late).send
    jo.assign(taken, "raj")
    with pytest.raises(StaleSend, match=r"jo gave it to raj \(jo → raj\) .* ago, and 1 more\."):
        desk.done(late)
