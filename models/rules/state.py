"""A history folded into a state: how a provider's facts and agents' events add up.

The state depends on the *set* of the provider's facts, whatever order they arrived in, and on the
agents' events in the order in which they were recorded.
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
"""The kinds of event that change nothing in the state."""


@dataclass(frozen=True, slots=True)
class Override:
    """A status that an agent put in place of the provider's."""

    status: str
    """A slug."""
    reason: str
    by: str
    """The agent."""
    at: datetime
    """In UTC."""
    seq: int
    """The number of its event."""


@dataclass(slots=True, kw_only=True)
class SendState:
    """What the history of a send adds up to; all times are aware UTC."""

    provider_status: str = ""
    """The slug of the provider's latest status; empty while it has said nothing."""
    provider_raw: str = ""
    """The provider's own word for it."""
    provider_at: datetime | None = None
    """When it entered that status, or None if the provider did not say."""
    provider_since: datetime | None = None
    """When the provider's status began, or the earliest it can have begun."""
    order_uncertain: bool = False
    """Whether the provider gave its latest status without a time."""
    override: Override | None = None
    """The override in force."""
    contested_at: datetime | None = None
    """When the provider first contradicted the override, or None if it did not."""
    owner: str = ""
    escalated_at: datetime | None = None
    escalation_ref: str = ""
    """The ticket at the provider's support."""
    follow_up_at: datetime | None = None
    """When an escalated send is looked at again; None if it is not escalated."""
    snooze: Snooze = Snooze.NONE
    snoozed_until: datetime | None = None
    """The end of a snooze until a time; None for the other kinds."""
    snoozed_at: datetime | None = None
    seen_when_snoozed: str = ""
    """The provider's `word` when the send was snoozed; another one ends the snooze."""
    effects: dict[int, str] = field(default_factory=dict)
    """What a fact did to the override, by the number of its event: see `Event.effect`."""

    @property
    def status(self) -> str:
        """The slug in force: of the override if there is one, else the provider's."""
        return self.override.status if self.override else self.provider_status

    @property
    def since(self) -> datetime | None:
        """When the send entered `status`, or None if nobody knows."""
        return self.override.at if self.override else self.provider_since

    @property
    def word(self) -> str:
        """What the provider says: a slug, or its own word if that is unmapped."""
        unmapped = self.provider_status == UNMAPPED_SLUG
        return self.provider_raw if unmapped else self.provider_status

    def end_snooze(self) -> None:
        """End the snooze."""
        self.snooze, self.snoozed_at, self.snoozed_until = Snooze.NONE, None, None

    def end_override(self) -> None:
        """End the override and its contradiction."""
        self.override, self.contested_at = None, None


def fold(provider: str, events: Iterable[Event], created_at: datetime | None = None) -> SendState:
    """Return the state of a send after *events*.

    An override that was undone counts as never made: the facts since are compared with the override
    before it.

    Args:
        provider: The provider's key.
        events: The history in the order recorded; kinds in `PASSIVE` may be missing.
        created_at: When the provider says that the send was created, in UTC.
    """
    state = SendState(provider_since=created_at)
    for moment, event in _timeline(provider, events, created_at):
        STEPS[event.kind](provider, state, event, moment)
    if state.snooze and state.seen_when_snoozed != state.word:
        state.end_snooze()
    return state


def details(event: Event) -> dict[str, Any]:
    """Return `Event.detail` as values by name; times in it are ISO 8601 text."""
    found: dict[str, Any] = json.loads(event.detail)
    return found


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _timeline(
    provider: str, events: Iterable[Event], created_at: datetime | None
) -> list[tuple[datetime, Event]]:
    """Return the events that count, each with its moment, in the order in which they apply.

    Facts and rules come at the moment they name, agents' events at the moment they were recorded.
    Of the facts without a time only the one with the highest rank in the lifecycle can count, and
    only if it ranks above every fact with a time: it then comes after all of those.
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
                undone.add(details(event)["undoes"])

    def rank(event: Event) -> tuple[int, str]:
        return catalogue.status(provider, event.to_status).rank, event.raw

    # Sorted by moment; at the same moment facts come first, by rank, then rules, then agents.
    placed = [((_when(event), 0, *rank(event)), event) for event in timed]
    placed += [((_when(event), 1, 0, event.raw), event) for event in rules]
    if untimed:
        # max() returns the first of equal ones: that is when this status was first heard of.
        top = max(untimed, key=rank)
        if not timed or rank(top)[0] > max(rank(event)[0] for event in timed):
            last = max((_when(event) for event in timed), default=created_at)
            heard = max(top.recorded_at, last or top.recorded_at)
            placed.append(((heard, 0, *rank(top)), top))
    latest: datetime | None = None
    for event in agents:
        # An agent's event never comes before one recorded earlier, even if a clock went back.
        latest = event.recorded_at if latest is None else max(latest, event.recorded_at)
        if event.seq in undone:
            continue
        placed.append(((latest, 2, event.seq, ""), event))
    placed.sort(key=lambda item: item[0])
    return [(key[0], event) for key, event in placed]


def _when(event: Event) -> datetime:
    return event.at or event.recorded_at


# Each step changes *state* by one event; all have the same arguments, so that STEPS can hold them.
# *moment* is when the event counts, in UTC.


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
        _compare_with_override(provider, state, event, moment)


def _compare_with_override(provider: str, state: SendState, event: Event, moment: datetime) -> None:
    """Let a fact that is newer than the override confirm it, end it or contest it."""
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
    # A rule holds only for the status that it was applied to.
    if state.provider_status == event.from_status:
        _fact(provider, state, event, moment)


def _override(provider: str, state: SendState, event: Event, moment: datetime) -> None:
    state.override = Override(event.to_status, event.reason, event.actor, moment, event.seq)
    state.contested_at = None
    state.end_snooze()


def _release(provider: str, state: SendState, event: Event, moment: datetime) -> None:
    state.end_override()
    state.end_snooze()


def _undo(provider: str, state: SendState, event: Event, moment: datetime) -> None:
    state.end_snooze()


def _owner(provider: str, state: SendState, event: Event, moment: datetime) -> None:
    state.owner = details(event)["owner"]


def _escalate(provider: str, state: SendState, event: Event, moment: datetime) -> None:
    further = details(event)
    state.escalated_at = moment
    state.escalation_ref = further["reference"]
    state.follow_up_at = _moment(further["follow_up_at"])
    state.end_snooze()


def _resolve(provider: str, state: SendState, event: Event, moment: datetime) -> None:
    state.escalated_at, state.escalation_ref, state.follow_up_at = None, "", None


def _snooze(provider: str, state: SendState, event: Event, moment: datetime) -> None:
    further = details(event)
    until = _moment(further["until"])
    state.snooze = Snooze.UNTIL_TIME if until else Snooze.UNTIL_CHANGE
    state.snoozed_at, state.snoozed_until = moment, until
    state.seen_when_snoozed = further["seen"]


def _done(provider: str, state: SendState, event: Event, moment: datetime) -> None:
    state.snooze, state.snoozed_at, state.snoozed_until = Snooze.DONE, moment, None
    state.seen_when_snoozed = details(event)["seen"]


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
