"""What the rules say before an operation is what the database then does."""

from datetime import timedelta
from typing import get_args

import pytest

from models.desk import Desk
from models.errors import DeskError, NothingToDo, OffLifecycle, UnknownStatus
from models.records import SendRecord
from models.rules.judging import FITS, judge
from models.rules.operations import (
    AddNote,
    Assign,
    CancelOnPlatform,
    Escalate,
    ExtendOnPlatform,
    Finish,
    KeepOverride,
    Operation,
    PutOff,
    Release,
    Resolve,
    SetStatus,
    Take,
    Wake,
)
from models.writing.writer import Bulk
from tests.support.desk_cases import HandClock, arrive, fact, order, parcel
from tests.support.sample_cases import NOW, ago, bare_send

OPERATIONS: tuple[Operation, ...] = (
    SetStatus("shipped", "the carrier has it"),
    SetStatus("shipped", " "),
    SetStatus("delivered", "they have it"),
    SetStatus("delivered", "they have it", force=True),
    SetStatus("order_received", "as it was"),
    SetStatus("accepted", "they took it"),
    SetStatus("nonsense", "why not"),
    KeepOverride("the signature is hers"),
    KeepOverride(""),
    Release(),
    Take(),
    Assign("jo"),
    Assign(" jo "),
    Assign(""),
    Escalate("SUP-1"),
    Escalate("SUP-1", NOW - timedelta(seconds=1)),
    Escalate("SUP-1", provider="goody"),
    Resolve("found"),
    AddNote("left a message"),
    AddNote(" "),
    PutOff(),
    PutOff(NOW),
    Finish(),
    Wake(),
)


def test_every_operation_is_tried_here() -> None:
    # What only a platform can do is tried in `tests/models/live/test_asking.py`.
    on_platform = {CancelOnPlatform, ExtendOnPlatform}
    assert {type(each) for each in OPERATIONS} == set(get_args(Operation)) - on_platform


def sends(desk: Desk, jo: Desk) -> list[SendRecord]:
    """Return sends of two platforms in every state that the rules look at."""
    plain, owned, theirs, escalated, snoozed, overridden = (
        arrive(desk, parcel(number, fact("Order Received", ago(days=9)))) for number in range(1, 7)
    )
    desk.take(owned)
    jo.take(theirs)
    desk.escalate(escalated, "SUP-9")
    desk.snooze(snoozed)
    desk.override(overridden, "delivered", "they have it", force=True)
    contested = parcel(7, fact("Order Received", ago(days=9)))
    desk.override(arrive(desk, contested), "delivered", "they have it", force=True)
    arrive(desk, parcel(7, fact("Fulfilling", NOW + timedelta(seconds=1))))
    other = arrive(desk, order("0b6f3c1e-0000-4000-8000-000000000001"))
    refs = [plain, owned, theirs, escalated, snoozed, overridden, other]
    return [desk.find("S-7"), *(desk.find(send.ref) for send in refs)]


@pytest.mark.parametrize("operation", OPERATIONS, ids=repr)
def test_what_is_judged_is_what_is_done(
    desk: Desk, jo: Desk, clock: HandClock, operation: Operation
) -> None:
    all_sends = sends(desk, jo)
    clock.advance(seconds=2)
    verdicts = desk.judge(all_sends, operation)
    bulk = Bulk()
    pairs = [(send, bulk.request(send)) for send in all_sends]

    results = list(desk.do_all(pairs, operation))

    assert [result.seen.ref for result in results] == [send.ref for send in all_sends]
    for verdict, result in zip(verdicts, results, strict=True):
        became = result.became
        told = str(became) if isinstance(became, DeskError) else ""
        assert told == str(verdict.refusal or "")
        assert type(became) is (type(verdict.refusal) if verdict.refusal else SendRecord)
    for verdict, seen in zip(verdicts, all_sends, strict=True):
        if verdict.refusal is not None:
            with pytest.raises(type(verdict.refusal)):
                desk.do(seen, operation)
            assert desk.find(seen.ref) == seen


def test_a_step_outside_the_lifecycle_can_be_confirmed_and_no_other_refusal_can() -> None:
    send = bare_send(status="order_received")
    off = judge(send, SetStatus("delivered", "r"), agent="ana", now=NOW)
    assert isinstance(off.refusal, OffLifecycle)
    assert (off.is_unusual, off.is_refused, off.needs_force) == (True, False, True)
    forced = judge(send, SetStatus("delivered", "r", force=True), agent="ana", now=NOW)
    assert (forced.refusal, forced.why) == (None, off.why)
    for word, kind in (("order_received", NothingToDo), ("accepted", UnknownStatus)):
        no = judge(send, SetStatus(word, "r", force=True), agent="ana", now=NOW)
        assert type(no.refusal) is kind
        assert (no.is_refused, no.is_unusual) == (True, False)


@pytest.mark.parametrize(
    ("operation", "why"),
    [
        (Take(), "belongs to jo"),
        (Finish(), "belongs to jo"),
        (AddNote("hello"), ""),
        (Escalate("SUP-2"), "escalated already as SUP-1; belongs to jo"),
        (Assign("jo"), "belongs to jo already"),
    ],
)
def test_what_belongs_to_somebody_else_is_unusual(operation: Operation, why: str) -> None:
    send = bare_send(owner="jo", escalated_at=ago(days=1), escalation_ref="SUP-1")
    assert judge(send, operation, agent="ana", now=NOW).why == why


def test_what_is_the_agents_own_or_nobodys_is_usual() -> None:
    for owner in ("", "ana"):
        assert judge(bare_send(owner=owner), Finish(), agent="ana", now=NOW) is FITS


def test_a_reason_holds_for_many_sends() -> None:
    whys = {
        judge(bare_send(ref=ref), SetStatus("order_received", "r"), agent="ana", now=NOW).why
        for ref in ("S-1", "S-2")
    }
    assert whys == {"Order Received already"}
