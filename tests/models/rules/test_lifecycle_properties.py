"""Whatever order facts come in, and whatever agents do, every send is what its history adds up to."""

import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from models.database import open_database
from models.desk import Desk
from models.errors import NothingToDo, OffLifecycle, StaleSend
from models.history.audit import verify
from models.records import Case, Event, EventKind, SendRecord
from models.writing.writer import Draft, Request
from tests.support.desk_cases import HandClock, fact, parcel, redo, take, undo
from tests.support.sample_cases import ago

WORDS = ("Confirming Address", "Order Received", "Fulfillment Issue", "Shipped", "Delivered",
         "Out of Stock", "Levitating", "Teleporting")  # fmt: skip
TARGETS = ("fulfilling", "shipped", "undeliverable", "delivered")
PHASES = 3
"""Before the first override, between the two, after the second."""
moments = st.integers(0, 9).map(lambda days: ago(days=days))


@dataclass(frozen=True)
class Told:
    """A fact, and if it has no time, the phase in which the desk hears of it."""

    word: str
    at: datetime | None
    phase: int


FIRST_PHASE = 6
"""The first phase is six days ago, each further one two days later: nothing is told before it happens."""
happened = st.integers(FIRST_PHASE - 2 * (PHASES - 1), 9)
told = st.builds(
    Told,
    st.sampled_from(WORDS),
    happened.map(lambda days: ago(days=days)) | st.none(),
    st.integers(0, PHASES - 1),
)
overrides = st.tuples(st.sampled_from(TARGETS), st.sampled_from(TARGETS))


@st.composite
def deliveries(draw: st.DrawFn, facts: list[Told]) -> list[list[Told]]:
    """Spread *facts* over the phases: each at least once, those without a time in their own."""
    phases: list[list[Told]] = [[] for _ in range(PHASES)]
    for each in [*facts, *draw(st.lists(st.sampled_from(facts), max_size=3))]:
        starts = [ago(days=FIRST_PHASE - 2 * phase) for phase in range(PHASES)]
        known = [phase for phase, start in enumerate(starts) if each.at and each.at <= start]
        place = each.phase if each.at is None else draw(st.sampled_from(known))
        phases[place].append(each)
    return [draw(st.permutations(phase)) for phase in phases]


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(facts=st.lists(told, min_size=1, max_size=6), targets=overrides, data=st.data())
def test_facts_in_any_order_end_alike(
    empty_file: Path,
    tmp_path: Path,
    facts: list[Told],
    targets: tuple[str, str],
    data: st.DataObject,
) -> None:
    ends = [
        _end(empty_file, tmp_path, data.draw(deliveries(facts)), targets, one_by_one=one_by_one)
        for one_by_one in (False, True)
    ]
    assert ends[0] == ends[1]


def _end(
    empty_file: Path,
    folder: Path,
    phases: list[list[Told]],
    targets: tuple[str, str],
    *,
    one_by_one: bool,
) -> SendRecord:
    """Return where a parcel ends that is told of in *phases*, with overrides between them."""
    path = Path(tempfile.mkdtemp(dir=folder)) / "sends.db"
    shutil.copy(empty_file, path)
    clock = HandClock(ago(days=FIRST_PHASE))
    database = open_database(path)
    desk = Desk(database, "ana", clock)
    take(desk, parcel(1)._replace(facts=()))
    for phase, target in zip(phases, (*targets, None), strict=True):
        sends = [parcel(1, fact(each.word, each.at)) for each in phase]
        for some in [[each] for each in sends] if one_by_one else [sends]:
            take(desk, *some)
        clock.advance(days=1)
        if target is not None:
            # The desk refuses what is so already, which depends on what it has heard so far.
            _override(desk, target)
        clock.advance(days=1)
    assert verify(database).problems == ()
    send = desk.find("S-1")
    database.close()
    return send._replace(revision=0)


def _override(desk: Desk, slug: str) -> None:
    draft = Draft(EventKind.OVERRIDE, to_status=slug, reason="r")
    desk.write(desk.find("S-1"), lambda entry: draft, Request())


SENDS = st.sampled_from(["S-1", "S-2"])


class Agents(RuleBasedStateMachine):
    """Two agents and a platform at one file."""

    empty_file: Path

    @initialize()
    def open(self) -> None:
        self.folder = tempfile.mkdtemp()
        path = shutil.copy(self.empty_file, self.folder)
        self.clock = HandClock(ago(days=9))
        self.database = open_database(path)
        self.desks = [Desk(self.database, name, self.clock) for name in ("ana", "jo")]
        take(self.desks[0], parcel(1), parcel(2))
        self.before: dict[str, Case] = {}

    def teardown(self) -> None:
        self.database.close()
        shutil.rmtree(self.folder)

    def _try(self, change: Callable[[], Case]) -> None:
        """Do it if the desk lets it; a refusal changes nothing, which the invariants see."""
        with suppress(NothingToDo, OffLifecycle):
            change()

    @rule(hours=st.integers(1, 60))
    def time_passes(self, hours: int) -> None:
        self.clock.advance(hours=hours)

    @rule(ref=SENDS, word=st.sampled_from(WORDS), at=moments | st.none())
    def platform_tells(self, ref: str, word: str, at: datetime | None) -> None:
        take(self.desks[0], parcel(ref.removeprefix("S-"), fact(word, at)))

    @rule(ref=SENDS, word=st.sampled_from(WORDS))
    def platform_tells_the_present(self, ref: str, word: str) -> None:
        take(self.desks[0], parcel(ref.removeprefix("S-"), fact(word, self.clock())))

    @rule(ref=SENDS, who=st.integers(0, 1), slug=st.sampled_from(TARGETS), force=st.booleans())
    def override(self, ref: str, who: int, slug: str, force: bool) -> None:
        desk = self.desks[who]
        self._try(lambda: desk.override(desk.find(ref), slug, "r", force=force))

    @rule(ref=SENDS, who=st.integers(0, 1))
    def release(self, ref: str, who: int) -> None:
        self._try(lambda: self.desks[who].release(self.desks[who].find(ref)))

    @rule(who=st.integers(0, 1))
    def undo(self, who: int) -> None:
        self._try(lambda: undo(self.desks[who]))

    @rule(who=st.integers(0, 1))
    def redo(self, who: int) -> None:
        self._try(lambda: redo(self.desks[who]))

    @rule(ref=SENDS, owner=st.sampled_from(["", "ana", "jo"]))
    def assign(self, ref: str, owner: str) -> None:
        self._try(lambda: self.desks[0].assign(self.desks[0].find(ref), owner))

    @rule(ref=SENDS, days=st.integers(1, 3))
    def escalate(self, ref: str, days: int) -> None:
        again = self.clock() + timedelta(days=days)
        self.desks[0].escalate(self.desks[0].find(ref), "T-1", again)

    @rule(ref=SENDS)
    def resolve(self, ref: str) -> None:
        self._try(lambda: self.desks[0].resolve(self.desks[0].find(ref)))

    @rule(ref=SENDS, hours=st.integers(1, 90) | st.none())
    def snooze(self, ref: str, hours: int | None) -> None:
        until = None if hours is None else self.clock() + timedelta(hours=hours)
        self.desks[0].snooze(self.desks[0].find(ref), until)

    @rule(ref=SENDS)
    def done(self, ref: str) -> None:
        self.desks[1].done(self.desks[1].find(ref))

    @rule(ref=SENDS)
    def wake(self, ref: str) -> None:
        self._try(lambda: self.desks[1].wake(self.desks[1].find(ref)))

    @rule(ref=SENDS)
    def note(self, ref: str) -> None:
        self.desks[1].note(self.desks[1].find(ref), "called")

    @precondition(lambda self: self.before)
    @rule(ref=SENDS)
    def act_on_what_was_seen_before(self, ref: str) -> None:
        seen = self.before[ref].send
        if seen.revision != self.desks[0].find(ref).revision:
            with pytest.raises(StaleSend):
                self.desks[0].done(seen)

    @invariant()
    def the_audit_finds_nothing(self) -> None:
        assert verify(self.database).problems == ()

    @invariant()
    def nothing_disappears(self) -> None:
        for ref in ("S-1", "S-2"):
            case = self.desks[0].case(self.desks[0].find(ref).id)
            before = self.before.get(ref, case)
            assert _without_effects(case)[: before.history_total] == _without_effects(before)
            _holds_together(before.send, case)
            self.before[ref] = case


def _without_effects(case: Case) -> list[Event]:
    return [event._replace(effect="") for event in reversed(case.history)]


def _holds_together(before: SendRecord, case: Case) -> None:
    """A send shows its override while it has one, which nothing ends without a trace."""
    send = case.send
    assert send.status == (send.override_status or send.provider_status)
    assert not send.contested or (send.override_status and send.at_once)
    if before.override_status and not send.override_status:
        ends = ("confirmed", "moved on")
        agents = (EventKind.RELEASE, EventKind.UNDO)
        assert any(event.effect in ends or event.kind in agents for event in case.history)


def test_every_send_is_what_its_history_adds_up_to(empty_file: Path) -> None:
    Agents.empty_file = empty_file
    run_state_machine_as_test(Agents, settings=settings(max_examples=12, stateful_step_count=20))
