"""Every verb of an agent, on both databases: what it does, what it refuses, what it records."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col

from models.database import open_database
from models.desk import Desk
from models.errors import (
    DeskError,
    MissingReason,
    NothingToDo,
    OffLifecycle,
    ReadOnly,
    StaleSend,
    UnknownSend,
    UnknownStatus,
)
from models.history.journal import append, lock_histories, write
from models.records import Case, Event, EventKind, SendRecord
from models.rules.due import FOLLOW_UP, in_triage
from models.store import tables
from models.store.mapping import policy_of
from models.values.calendar import Limit
from models.writing.writer import Request
from tests.support.desk_cases import HandClock, arrive, egift, fact, order, parcel, take
from tests.support.sample_cases import NOW, ago

Verb = Callable[[Desk, SendRecord, Request], Case]

VERBS: dict[str, Verb] = {
    "override": lambda desk, seen, request: desk.override(seen, "shipped", "r", request=request),
    "note": lambda desk, seen, request: desk.note(seen, "called them", request=request),
    "take": lambda desk, seen, request: desk.take(seen, request=request),
    "assign": lambda desk, seen, request: desk.assign(seen, "raj", request=request),
    "escalate": lambda desk, seen, request: desk.escalate(seen, "T-1", request=request),
    "snooze": lambda desk, seen, request: desk.snooze(seen, request=request),
    "done": lambda desk, seen, request: desk.done(seen, request=request),
}
"""The verbs that any send allows."""
verbs = pytest.mark.parametrize("verb", VERBS.values(), ids=VERBS)
_GUARDED = {name: verb for name, verb in VERBS.items() if name != "note"}
guarded = pytest.mark.parametrize("verb", _GUARDED.values(), ids=_GUARDED)


@pytest.fixture
def jo(desk: Desk, clock: HandClock) -> Desk:
    """Another agent at the same database."""
    return Desk(desk.database, "jo", clock)


@pytest.fixture
def late(desk: Desk) -> SendRecord:
    """A parcel with the warehouse for nine days, which is two too many."""
    return arrive(desk, parcel(1, fact("Order Received", ago(days=9))))


def newest(case: Case) -> Event:
    return case.history[0]


class TestOverride:
    def test_it_is_shown_and_recorded(self, desk: Desk, late: SendRecord) -> None:
        case = desk.override(late, "Shipped", "  the carrier has it ")
        send = case.send
        assert (send.status, send.stage, send.since) == ("shipped", "moving", NOW)
        assert (send.override_status, send.override_by, send.override_at) == ("shipped", "ana", NOW)
        assert (send.override_reason, send.provider_status) == (
            "the carrier has it",
            "order_received",
        )
        assert (send.due_at, send.triage_at, send.revision) == (None, None, late.revision + 1)
        event = newest(case)
        assert (event.kind, event.from_status, event.to_status) == (
            EventKind.OVERRIDE,
            "order_received",
            "shipped",
        )
        assert (event.actor, event.source, event.reason, event.at) == (
            "ana",
            "desk",
            "the carrier has it",
            NOW,
        )

    @pytest.mark.parametrize("reason", ["", "  ", "\n\t"])
    def test_it_needs_a_reason(self, desk: Desk, late: SendRecord, reason: str) -> None:
        with pytest.raises(MissingReason, match="Say why S-1 becomes Shipped"):
            desk.override(late, "shipped", reason)
        assert desk.case(late.id).send == late

    def test_a_step_outside_the_lifecycle_is_asked_twice(
        self, desk: Desk, late: SendRecord
    ) -> None:
        with pytest.raises(OffLifecycle, match="Order Received is not usually followed by Deliv"):
            desk.override(late, "delivered", "they said so")
        assert desk.case(late.id).send == late
        assert desk.override(late, "delivered", "they said so", force=True).send.stage == "done"

    def test_anything_may_follow_an_unknown_word(self, desk: Desk) -> None:
        send = arrive(desk, parcel(1, fact("Levitating", ago(days=1))))
        assert desk.override(send, "delivered", "they said so").send.status == "delivered"

    @pytest.mark.parametrize(
        ("word", "sentence"),
        [
            ("shiped", "Sendoso has no status “shiped”. Did you mean Shipped?"),
            ("zzzz", "Sendoso has no status “zzzz”. `senddesk statuses`"),
            ("accepted", "Sendoso has no status “accepted”."),
            ("unmapped", "Sendoso has no status “unmapped”."),
        ],
    )
    def test_it_names_a_status_of_the_platform(
        self, desk: Desk, late: SendRecord, word: str, sentence: str
    ) -> None:
        with pytest.raises(UnknownStatus, match=sentence.replace("?", r"\?")):
            desk.override(late, word, "r")

    def test_the_present_status_is_no_change(self, desk: Desk, late: SendRecord) -> None:
        with pytest.raises(NothingToDo, match="S-1 is Order Received already"):
            desk.override(late, "Processing", "r")

    def test_a_contested_one_is_kept_by_setting_it_again(
        self, desk: Desk, clock: HandClock, late: SendRecord
    ) -> None:
        desk.override(late, "shipped", "r")
        contested = arrive(desk, parcel(1, fact("Out of Stock", clock.advance(hours=1))))
        assert contested.contested
        assert in_triage(contested, clock())
        clock.advance(hours=1)
        kept = desk.override(contested, "shipped", "still on its way").send
        assert (kept.status, kept.contested, kept.provider_status) == (
            "shipped",
            False,
            "out_of_stock",
        )
        assert not in_triage(kept, clock())


class TestRelease:
    def test_the_platforms_status_shows_again(self, desk: Desk, late: SendRecord) -> None:
        send = desk.release(desk.override(late, "shipped", "r").send, "was wrong").send
        assert (send.status, send.since, send.override_status) == (
            "order_received",
            ago(days=9),
            None,
        )
        assert (send.override_reason, send.override_by, send.override_at) == ("", "", None)
        assert send.due_at == late.due_at

    def test_it_needs_an_override(self, desk: Desk, late: SendRecord) -> None:
        with pytest.raises(NothingToDo, match="S-1 has no override to release"):
            desk.release(late)


class TestUndo:
    def test_it_restores_what_was(self, desk: Desk, clock: HandClock, late: SendRecord) -> None:
        desk.override(late, "shipped", "r")
        clock.advance(hours=1)
        case = desk.undo()
        unchanged = ("status", "since", "due_at", "triage_at", "override_status", "stage")
        for name in unchanged:
            assert getattr(case.send, name) == getattr(late, name)
        event = newest(case)
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
        ("word", "deed"), [("Delivered", "sendoso reports Delivered"), ("Shipped", "sendoso rep")]
    )
    def test_it_is_refused_once_the_platform_took_over(
        self, desk: Desk, clock: HandClock, late: SendRecord, word: str, deed: str
    ) -> None:
        seen = desk.override(late, "shipped", "r").send
        send = arrive(desk, parcel(1, fact(word, clock.advance(hours=1))))
        desk.snooze(send)
        with pytest.raises(NothingToDo, match=rf"S-1 has moved on since \({deed}"):
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
        assert newest(case).to_status == "out_of_stock"


class TestRedo:
    def test_it_sets_the_same_with_the_same_reason(self, desk: Desk, late: SendRecord) -> None:
        desk.override(late, "delivered", "the carrier confirmed", force=True)
        desk.undo()
        case = desk.redo()
        event = newest(case)
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


class TestNote:
    def test_it_changes_nothing_else(self, desk: Desk, late: SendRecord) -> None:
        case = desk.note(late, " left a message ")
        assert newest(case).reason == "left a message"
        assert {
            name for name in late._fields if getattr(late, name) != getattr(case.send, name)
        } == {"revision"}

    def test_it_never_conflicts(self, desk: Desk, jo: Desk, late: SendRecord) -> None:
        jo.override(late, "shipped", "r")
        case = desk.note(late, "left a message")
        assert (case.send.status, newest(case).reason) == ("shipped", "left a message")

    def test_it_may_not_be_empty(self, desk: Desk, late: SendRecord) -> None:
        with pytest.raises(MissingReason, match="The note on S-1 is empty"):
            desk.note(late, "  ")

    def test_it_is_kept_bounded_whatever_it_holds(self, desk: Desk, late: SendRecord) -> None:
        note = newest(desk.note(late, "a\x00b\ud800" + "x" * 200_000)).reason
        assert len(note) == 100_000
        assert note.startswith("a")
        assert not {"\x00", "\ud800"} & set(note)


class TestOwner:
    def test_taking_assigning_and_leaving(self, desk: Desk, jo: Desk, late: SendRecord) -> None:
        mine = desk.take(late).send
        assert mine.owner == "ana"
        theirs = desk.assign(mine, " jo ").send
        assert (theirs.owner, desk.owners()) == ("jo", ("jo",))
        assert json.loads(newest(jo.assign(theirs, "")).detail) == {"owner": "", "was": "jo"}
        assert desk.find("S-1").owner == ""

    def test_what_is_theirs_already_is_no_change(self, desk: Desk, late: SendRecord) -> None:
        mine = desk.take(late).send
        with pytest.raises(NothingToDo, match="S-1 belongs to ana already"):
            desk.take(mine)
        with pytest.raises(NothingToDo, match="S-2 belongs to nobody already"):
            desk.assign(arrive(desk, parcel(2)), "")


class TestEscalation:
    def test_it_leaves_triage_until_the_follow_up(
        self, desk: Desk, clock: HandClock, late: SendRecord
    ) -> None:
        assert in_triage(late, clock())
        again = NOW + timedelta(days=3)
        case = desk.escalate(late, " T-77 ", again, reason="where is it?")
        send = case.send
        assert (send.escalated_at, send.escalation_ref, send.follow_up_at) == (NOW, "T-77", again)
        assert newest(case).reason == "where is it?"
        assert not in_triage(send, clock())
        clock.advance(days=3, seconds=1)
        assert in_triage(send, clock())

    def test_without_a_moment_it_is_two_business_days(self, desk: Desk, late: SendRecord) -> None:
        assert Limit(2, "bd") == FOLLOW_UP
        # NOW is a Friday, so that the second business day is the Tuesday.
        assert desk.escalate(late, "T-1").send.follow_up_at == NOW + timedelta(days=4)

    def test_resolving_ends_it(self, desk: Desk, clock: HandClock, late: SendRecord) -> None:
        case = desk.resolve(desk.escalate(late, "T-1").send, "they found it")
        send = case.send
        assert (send.escalated_at, send.escalation_ref, send.follow_up_at) == (None, "", None)
        assert json.loads(newest(case).detail) == {"reference": "T-1"}
        assert in_triage(send, clock())
        with pytest.raises(NothingToDo, match="S-1 is not escalated"):
            desk.resolve(send)

    def test_a_moment_that_has_passed_is_refused(self, desk: Desk, late: SendRecord) -> None:
        with pytest.raises(DeskError, match="That moment has passed"):
            desk.escalate(late, "T-1", NOW)


class TestRest:
    def test_a_snooze_ends_at_its_time(
        self, desk: Desk, clock: HandClock, late: SendRecord
    ) -> None:
        send = desk.snooze(late, NOW + timedelta(hours=2)).send
        assert not in_triage(send, clock())
        clock.advance(hours=2, seconds=1)
        assert in_triage(send, clock())

    def test_a_snooze_without_time_ends_with_the_platforms_next_change(
        self, desk: Desk, clock: HandClock, late: SendRecord
    ) -> None:
        send = desk.snooze(late).send
        clock.advance(days=300)
        assert not in_triage(send, clock())
        take(desk, parcel(1, fact("Processing", clock()), carrier="DHL"))
        assert not in_triage(desk.find("S-1"), clock())
        woken = arrive(desk, parcel(1, fact("Out of Stock", clock())))
        assert (in_triage(woken, clock()), woken.snooze) == (True, "")

    def test_done_ends_with_the_next_limit(self, desk: Desk, clock: HandClock) -> None:
        send = desk.done(arrive(desk, parcel(1, fact("Order Received", ago(days=1))))).send
        assert not in_triage(send, clock())
        clock.advance(days=6, seconds=1)
        assert in_triage(send, clock())

    def test_done_past_the_limit_ends_with_a_change_only(
        self, desk: Desk, clock: HandClock, late: SendRecord
    ) -> None:
        send = desk.done(late).send
        clock.advance(days=300)
        assert not in_triage(send, clock())
        told = arrive(desk, parcel(1, fact("Undeliverable", clock())))
        assert in_triage(told, clock())

    def test_a_moment_that_has_passed_is_refused(self, desk: Desk, late: SendRecord) -> None:
        with pytest.raises(DeskError, match="That moment has passed"):
            desk.snooze(late, NOW - timedelta(seconds=1))


class TestStale:
    @guarded
    def test_a_lost_race_shows_theirs_and_writes_nothing(
        self, desk: Desk, jo: Desk, late: SendRecord, verb: Verb
    ) -> None:
        theirs = jo.override(late, "fulfillment_issue", "it is broken").send
        with pytest.raises(StaleSend, match="jo set Fulfillment Issue") as refused:
            verb(desk, late, Request())
        assert refused.value.theirs == theirs
        assert desk.case(late.id).send == theirs

    def test_a_change_by_the_platform_counts_too(self, desk: Desk, late: SendRecord) -> None:
        told = arrive(desk, parcel(1, fact("Shipped", ago(days=1))))
        with pytest.raises(StaleSend, match="sendoso reports Shipped") as refused:
            desk.take(late)
        assert refused.value.theirs == told

    def test_of_twenty_pairs_one_each_wins(self, desk: Desk, jo: Desk, late: SendRecord) -> None:
        seen, refused = late, 0
        for round_ in range(20):
            first, second = (desk, jo) if round_ % 2 else (jo, desk)
            changed = first.assign(seen, f"owner {round_}").send
            with pytest.raises(StaleSend) as error:
                second.assign(seen, "somebody else")
            refused += error.value.theirs == changed
            seen = changed
        assert refused == 20
        assert desk.case(late.id).history_total == 21

    @verbs
    def test_a_send_that_never_was_is_unknown(
        self, desk: Desk, late: SendRecord, verb: Verb
    ) -> None:
        with pytest.raises(UnknownSend, match="no longer there"):
            verb(desk, late._replace(id=999), Request())


class TestRequests:
    @verbs
    def test_a_retry_is_applied_once(
        self, desk: Desk, clock: HandClock, late: SendRecord, verb: Verb
    ) -> None:
        request = Request()
        case = verb(desk, late, request)
        clock.advance(minutes=1)
        assert verb(desk, late, request).send == case.send
        assert desk.case(late.id).history == case.history
        assert newest(case).request_id == request.id

    def test_a_retry_counts_though_another_agent_came_after_it(
        self, desk: Desk, jo: Desk, late: SendRecord
    ) -> None:
        request = Request("once", source="cli")
        seen = desk.override(late, "shipped", "r", request=request).send
        after = jo.override(seen, "delivered", "r").send
        assert desk.override(late, "shipped", "r", request=request).send == after

    def test_a_retry_of_undo_undoes_once(self, desk: Desk, late: SendRecord) -> None:
        seen = desk.override(late, "shipped", "r").send
        seen = desk.override(seen, "delivered", "r").send
        request = Request()
        undone = desk.undo(request=request).send
        assert desk.undo(request=request).send == undone
        assert undone.status == "shipped"

    def test_a_retry_of_the_only_undo_undoes_nothing_elsewhere(
        self, desk: Desk, late: SendRecord
    ) -> None:
        desk.override(arrive(desk, parcel(2)), "shipped", "r")
        desk.override(late, "shipped", "r")
        request = Request()
        undone = desk.undo(request=request).send
        assert desk.undo(request=request).send == undone
        assert desk.find("S-2").status == "shipped"

    def test_one_request_is_for_one_send(self, desk: Desk, late: SendRecord) -> None:
        desk.take(late, request=Request("once"))
        with pytest.raises(DeskError, match="“once” was used for another send"):
            desk.take(arrive(desk, parcel(2)), request=Request("once"))

    def test_where_it_came_from_is_recorded(self, desk: Desk, late: SendRecord) -> None:
        assert newest(desk.take(late, request=Request(source="cli"))).source == "cli"


class TestReadOnly:
    @verbs
    def test_every_verb_is_refused(
        self, desk: Desk, address: str, late: SendRecord, verb: Verb
    ) -> None:
        database = open_database(address, read_only=True)
        reader = Desk(database, "ana", desk.now)
        assert reader.read_only == "The desk was opened with --read-only: nothing is written."
        assert reader.find("S-1") == late
        with pytest.raises(ReadOnly, match="--read-only"):
            verb(reader, late, Request())
        database.close()
        assert desk.case(late.id).send == late


class TestReading:
    def test_a_case_tells_everything(self, desk: Desk, late: SendRecord) -> None:
        case = desk.case(late.id)
        assert (case.send, case.history_total, len(case.history)) == (late, 1, 1)
        assert (case.advice.urgency, case.shipments) == ("over", ())

    def test_a_send_that_never_was_is_unknown(self, desk: Desk) -> None:
        with pytest.raises(UnknownSend):
            desk.case(1)

    def test_views_count_what_they_list(self, desk: Desk, late: SendRecord) -> None:
        take(desk, parcel(2, fact("Shipped", ago(days=1))), egift(3), order("g-1"))
        desk.take(late)
        counts = {name: count.value for name, count in desk.view_counts().items()}
        assert counts["Triage"] == 1
        assert counts["Mine"] == 1
        assert counts["All"] == 4

    def test_facets_count_what_is_there(self, desk: Desk, late: SendRecord) -> None:
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
        self, desk: Desk, clock: HandClock, late: SendRecord
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
