"""What all verbs have in common, on both databases: stale sends, repeated requests, read-only desks."""

from collections.abc import Callable

import pytest

from models.database import open_database
from models.desk import Desk
from models.errors import DeskError, ReadOnly, StaleSend, UnknownSend
from models.records import Case, SendRecord
from models.writing.writer import Request
from tests.support.desk_cases import HandClock, arrive, fact, newest_event, parcel, undo
from tests.support.sample_cases import ago

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
        assert newest_event(case).request_id == request.id

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
        undone = undo(desk, request=request).send
        assert undo(desk, request=request).send == undone
        assert undone.status == "shipped"

    def test_a_retry_of_the_only_undo_undoes_nothing_elsewhere(
        self, desk: Desk, late: SendRecord
    ) -> None:
        desk.override(arrive(desk, parcel(2)), "shipped", "r")
        desk.override(late, "shipped", "r")
        request = Request()
        undone = undo(desk, request=request).send
        assert undo(desk, request=request).send == undone
        assert desk.find("S-2").status == "shipped"

    def test_one_request_is_for_one_send(self, desk: Desk, late: SendRecord) -> None:
        desk.take(late, request=Request("once"))
        with pytest.raises(DeskError, match="“once” was used for another send"):
            desk.take(arrive(desk, parcel(2)), request=Request("once"))

    def test_where_it_came_from_is_recorded(self, desk: Desk, late: SendRecord) -> None:
        assert newest_event(desk.take(late, request=Request(source="cli"))).source == "cli"


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
