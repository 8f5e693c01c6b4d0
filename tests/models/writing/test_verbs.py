"""Notes, owners, escalations and snoozes, on both databases: what they do, refuse and record."""

import json
from datetime import timedelta

import pytest

from models.desk import Desk
from models.errors import DeskError, MissingReason, NothingToDo
from models.records import SendRecord
from models.rules.due import FOLLOW_UP, in_triage
from models.values.calendar import Limit
from tests.support.desk_cases import HandClock, arrive, fact, newest_event, parcel, take
from tests.support.sample_cases import NOW, ago


class TestNote:
    def test_it_changes_nothing_else(self, desk: Desk, late: SendRecord) -> None:
        case = desk.note(late, " left a message ")
        assert newest_event(case).reason == "left a message"
        assert {
            name for name in late._fields if getattr(late, name) != getattr(case.send, name)
        } == {"revision"}

    def test_it_never_conflicts(self, desk: Desk, jo: Desk, late: SendRecord) -> None:
        jo.override(late, "shipped", "r")
        case = desk.note(late, "left a message")
        assert (case.send.status, newest_event(case).reason) == ("shipped", "left a message")

    def test_it_may_not_be_empty(self, desk: Desk, late: SendRecord) -> None:
        with pytest.raises(MissingReason, match="The note on S-1 is empty"):
            desk.note(late, "  ")

    def test_it_is_kept_bounded_whatever_it_holds(self, desk: Desk, late: SendRecord) -> None:
        note = newest_event(desk.note(late, "a\x00b\ud800" + "x" * 200_000)).reason
        assert len(note) == 100_000
        assert note.startswith("a")
        assert not {"\x00", "\ud800"} & set(note)


class TestOwner:
    def test_taking_assigning_and_leaving(self, desk: Desk, jo: Desk, late: SendRecord) -> None:
        mine = desk.take(late).send
        assert mine.owner == "ana"
        theirs = desk.assign(mine, " jo ").send
        assert (theirs.owner, desk.owners()) == ("jo", ("jo",))
        assert json.loads(newest_event(jo.assign(theirs, "")).detail) == {"owner": "", "was": "jo"}
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
        assert newest_event(case).reason == "where is it?"
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
        assert json.loads(newest_event(case).detail) == {"reference": "T-1"}
        assert in_triage(send, clock())
        with pytest.raises(NothingToDo, match="S-1 is not escalated"):
            desk.resolve(send)

    def test_a_moment_that_has_passed_is_refused(self, desk: Desk, late: SendRecord) -> None:
        with pytest.raises(DeskError, match="That moment has passed"):
            desk.escalate(late, "T-1", NOW)


class TestSnooze:
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

    @pytest.mark.parametrize("is_at_once", [False, True], ids=["one by one", "at once"])
    def test_what_has_ended_a_snooze_has_ended_it_though_the_status_comes_back(
        self, desk: Desk, clock: HandClock, late: SendRecord, is_at_once: bool
    ) -> None:
        desk.snooze(late)
        told = [fact("Paused", clock.advance(hours=1)), fact("Processing", clock.advance(hours=1))]
        for some in [told] if is_at_once else [[each] for each in told]:
            take(desk, parcel(1, *some))
        assert (desk.find("S-1").status, desk.find("S-1").snooze) == ("order_received", "")

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
