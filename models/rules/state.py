"""What a send's history adds up to: the rules by which facts, overrides and agents meet.

The state is a function of the *set* of platform facts, whatever order they arrived in, and of
the agents' events in the order they were recorded.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from models.providers import catalogue
from models.providers.status import UNMAPPED_SLUG
from models.records import Event, EventKind, Snooze

PASSIVE = frozenset({EventKind.NOTE, EventKind.DETAILS})
"""Kinds that change nothing in the state."""
_PLATFORM = frozenset({EventKind.FACT, EventKind.RULE})


@dataclass(frozen=True, slots=True)
class Override:
    """A status that an agent put in place of the platform's."""

    status: str
    reason: str
    by: str
    at: datetime
    seq: int
    """The number of the event that made it."""


@dataclass(slots=True, kw_only=True)
class SendState:
    """Where a send stands once its whole history is read."""

    provider_status: str = ""
    provider_raw: str = ""
    provider_at: datetime | None = None
    provider_since: datetime | None = None
    """When the platform's status began, or the earliest it can have begun."""
    order_uncertain: bool = False
    override: Override | None = None
    contested_at: datetime | None = None
    owner: str = ""
    escalated_at: datetime | None = None
    escalation_ref: str = ""
    follow_up_at: datetime | None = None
    snooze: Snooze = Snooze.NONE
    snoozed_until: datetime | None = None
    snoozed_at: datetime | None = None
    seen_when_snoozed: str = ""
    effects: dict[int, str] = field(default_factory=dict)
    """By the number of a platform event, what it did to the override."""

    @property
    def status(self) -> str:
        """The override while it stands, else the platform's status."""
        return self.override.status if self.override else self.provider_status

    @property
    def since(self) -> datetime | None:
        """When the send entered `status`."""
        return self.override.at if self.override else self.provider_since

    @property
    def word(self) -> str:
        """What the platform says: a status of ours, or its own word where we know none."""
        unmapped = self.provider_status == UNMAPPED_SLUG
        return self.provider_raw if unmapped else self.provider_status

    def wake(self) -> None:
        """Let the send count for triage again."""
        self.snooze, self.snoozed_at, self.snoozed_until = Snooze.NONE, None, None

    def end_override(self) -> None:
        """Let the platform's status show again."""
        self.override, self.contested_at = None, None


def fold(provider: str, events: Iterable[Event], created_at: datetime | None = None) -> SendState:
    """Return the state of a send of *provider* after *events*, given in the order recorded.

    An override that was undone counts as never made, so that the one before it meets every fact.
    """
    state = SendState(provider_since=created_at)
    for moment, event in _timeline(provider, events, created_at):
        STEPS[event.kind](provider, state, event, moment)
    if state.snooze and state.seen_when_snoozed != state.word:
        state.wake()
    return state


def values(event: Event) -> dict[str, Any]:
    """Return the further values of *event*."""
    found: dict[str, Any] = json.loads(event.detail)
    return found


def moment_of(text: str | None) -> datetime | None:
    """Read a time as events keep it in their further values."""
    return datetime.fromisoformat(text) if text else None


def _timeline(
    provider: str, events: Iterable[Event], created_at: datetime | None
) -> list[tuple[datetime, Event]]:
    """Order events by when they happened; each comes with its moment.

    Facts without a time know only their rank: one that ranks above every timed fact comes last of
    the platform's, any other is history that changes nothing.
    """
    timed: list[Event] = []
    untimed: list[Event] = []
    rules: list[Event] = []
    agents: list[Event] = []
    undone: set[int] = set()
    for event in events:
        if event.kind is EventKind.FACT:
            (untimed if event.at is None else timed).append(event)
        elif event.kind is EventKind.RULE:
            rules.append(event)
        elif event.kind not in PASSIVE:
            agents.append(event)
            if event.kind is EventKind.UNDO:
                undone.add(values(event)["undoes"])

    def rank(event: Event) -> tuple[int, str]:
        return catalogue.status(provider, event.to_status).rank, event.raw

    placed = [((_when(event), 0, *rank(event)), event) for event in timed]
    placed += [((_when(event), 1, 0, event.raw), event) for event in rules]
    if untimed:
        # Of equals the first is taken: what is heard again was known before.
        top = max(untimed, key=rank)
        if not timed or rank(top)[0] > max(rank(event)[0] for event in timed):
            last = max((_when(event) for event in timed), default=created_at)
            heard = max(top.recorded_at, last or top.recorded_at)
            placed.append(((heard, 0, *rank(top)), top))
    latest: datetime | None = None
    for event in agents:
        latest = event.recorded_at if latest is None else max(latest, event.recorded_at)
        if event.seq in undone:
            continue
        placed.append(((latest, 2, event.seq, ""), event))
    placed.sort(key=lambda item: item[0])
    return [(key[0], event) for key, event in placed]


def _when(event: Event) -> datetime:
    return event.at or event.recorded_at


def _fact(provider: str, state: SendState, event: Event, moment: datetime) -> None:
    if (event.to_status, event.raw) == (state.provider_status, state.provider_raw):
        return
    same_status = event.to_status == state.provider_status != UNMAPPED_SLUG
    state.provider_raw = event.raw
    if same_status:
        return
    state.provider_status = event.to_status
    state.provider_since = event.at or state.provider_at or state.provider_since or moment
    state.provider_at = event.at
    state.order_uncertain = event.at is None
    if state.override:
        _meet(provider, state, event, moment)


def _meet(provider: str, state: SendState, event: Event, moment: datetime) -> None:
    """Let a fact that is newer than the override meet it."""
    override = state.override
    assert override is not None
    if event.to_status == override.status:
        state.effects[event.seq] = "confirmed"
    elif catalogue.follows(provider, override.status, event.to_status):
        state.effects[event.seq] = "moved on"
    else:
        state.effects[event.seq] = "contested"
        state.contested_at = state.contested_at or moment
        return
    state.end_override()


def _rule(provider: str, state: SendState, event: Event, moment: datetime) -> None:
    if state.provider_status == event.from_status:
        _fact(provider, state, event, moment)


def _override(provider: str, state: SendState, event: Event, moment: datetime) -> None:
    state.override = Override(event.to_status, event.reason, event.actor, moment, event.seq)
    state.contested_at = None
    state.wake()


def _release(provider: str, state: SendState, event: Event, moment: datetime) -> None:
    state.end_override()
    state.wake()


def _undo(provider: str, state: SendState, event: Event, moment: datetime) -> None:
    state.wake()


def _owner(provider: str, state: SendState, event: Event, moment: datetime) -> None:
    state.owner = values(event)["owner"]


def _escalate(provider: str, state: SendState, event: Event, moment: datetime) -> None:
    further = values(event)
    state.escalated_at = moment
    state.escalation_ref = further["reference"]
    state.follow_up_at = moment_of(further["follow_up_at"])
    state.wake()


def _resolve(provider: str, state: SendState, event: Event, moment: datetime) -> None:
    state.escalated_at, state.escalation_ref, state.follow_up_at = None, "", None


def _snooze(provider: str, state: SendState, event: Event, moment: datetime) -> None:
    further = values(event)
    until = moment_of(further["until"])
    state.snooze = Snooze.UNTIL_TIME if until else Snooze.UNTIL_CHANGE
    state.snoozed_at, state.snoozed_until = moment, until
    state.seen_when_snoozed = further["seen"]


def _done(provider: str, state: SendState, event: Event, moment: datetime) -> None:
    state.snooze, state.snoozed_at, state.snoozed_until = Snooze.DONE, moment, None
    state.seen_when_snoozed = values(event)["seen"]


STEPS: Mapping[EventKind, Callable[[str, SendState, Event, datetime], None]] = {
    EventKind.FACT: _fact,
    EventKind.RULE: _rule,
    EventKind.OVERRIDE: _override,
    EventKind.RELEASE: _release,
    EventKind.UNDO: _undo,
    EventKind.OWNER: _owner,
    EventKind.ESCALATE: _escalate,
    EventKind.RESOLVE: _resolve,
    EventKind.SNOOZE: _snooze,
    EventKind.DONE: _done,
}
"""What each kind of event does to the state; the kinds of `PASSIVE` have no step."""
