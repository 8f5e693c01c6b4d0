"""What agents can take back and do again: which part of a send each of their actions decides."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from models.records import Event, EventKind
from models.rules.state import UNREADABLE_ENTRY, SendState, details

_REPORTS = (EventKind.FACT, EventKind.RULE)


class Facet(NamedTuple):
    """A part of a send that agents decide."""

    actions: frozenset[EventKind]
    """The actions of agents that decide it."""
    fields: tuple[str, ...] = ()
    """The fields of a `SendState` that say how it stands; empty for what changes nothing in the state."""
    others: frozenset[EventKind] = frozenset()
    """Other kinds of event that can end what was decided."""

    def of(self, state: SendState) -> tuple[Any, ...]:
        """Return how this part stands in *state*."""
        return tuple(getattr(state, name) for name in self.fields)


STATUS = Facet(
    frozenset({EventKind.OVERRIDE, EventKind.RELEASE}),
    ("override", "contested_at"),
    frozenset(_REPORTS),
)
OWNER = Facet(frozenset({EventKind.OWNER}), ("owner",))
ESCALATION = Facet(
    frozenset({EventKind.ESCALATE, EventKind.RESOLVE}),
    ("escalated_at", "escalation_ref", "follow_up_at"),
)
SNOOZE = Facet(
    frozenset({EventKind.SNOOZE, EventKind.DONE, EventKind.WAKE}),
    ("snooze", "snoozed_at", "snoozed_until"),
    frozenset({*_REPORTS, *STATUS.actions, *ESCALATION.actions}),
)
NOTES = Facet(frozenset({EventKind.NOTE}))
FACETS: Mapping[EventKind, Facet] = MappingProxyType(
    {kind: facet for facet in (STATUS, OWNER, ESCALATION, SNOOZE, NOTES) for kind in facet.actions}
)
"""By the kind of an action, the part of a send that it decides."""
MOMENTS: Mapping[EventKind, str] = MappingProxyType(
    {EventKind.SNOOZE: "until", EventKind.ESCALATE: "follow_up_at"}
)
"""By the kind of an action, the name of the moment in its `Event.detail` that must be to come."""


def taken_back(events: Iterable[Event]) -> frozenset[int]:
    """Return the numbers of the events that others of *events* have taken back."""
    return frozenset(_number(event, "undoes") for event in events) - {0}


def done_again(events: Iterable[Event]) -> frozenset[int]:
    """Return the numbers of the undos whose action others of *events* have done again."""
    return frozenset(_number(event, "redoes") for event in events) - {0}


def _number(event: Event, key: str) -> int:
    """Return the event number that *event* gives under *key*; 0 if there is none to be read."""
    try:
        return int(details(event).get(key, 0))
    except UNREADABLE_ENTRY:
        return 0


def changes_since(events: Sequence[Event], seq: int, facet: Facet) -> list[Event]:
    """Return what has changed *facet* since the event numbered *seq*, oldest first.

    What was taken back since does not count, nor what only did again what was taken back since.

    Args:
        events: The history, oldest first; kinds that change no state may be missing.
        seq: The event that is looked back to.
        facet: The part of the send in question.
    """
    kinds = facet.actions | facet.others
    undone, redone = taken_back(events), done_again(events)
    return [
        event
        for event in events
        if event.seq > seq
        and _decided(event) in kinds
        and event.seq not in undone | redone
        and (_number(event, "undoes") or _number(event, "redoes")) <= seq
    ]


def _decided(event: Event) -> EventKind:
    """Return the kind of *event*; of an undo, the kind of what it took back."""
    if event.kind is not EventKind.UNDO:
        return event.kind
    try:
        return EventKind(details(event).get("kind", EventKind.OVERRIDE))
    except UNREADABLE_ENTRY:
        return event.kind
