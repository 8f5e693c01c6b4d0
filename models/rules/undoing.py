"""What of a history was taken back or done again, and what has changed a part of a send since."""

from collections.abc import Iterable, Sequence

from models.records import Event, EventKind
from models.rules.state import UNREADABLE_ENTRY, Facet, details


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
        and decided(event) in kinds
        and event.seq not in undone | redone
        and (_number(event, "undoes") or _number(event, "redoes")) <= seq
    ]


def decided(event: Event) -> EventKind:
    """Return the kind of *event*; of an undo, the kind of what it took back."""
    if event.kind is not EventKind.UNDO:
        return event.kind
    try:
        return EventKind(details(event).get("kind", EventKind.OVERRIDE))
    except UNREADABLE_ENTRY:
        return event.kind
