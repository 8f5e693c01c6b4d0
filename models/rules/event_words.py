"""How each kind of event reads: in the log, in conflicts, in the case history and in the packet.

`WORDS` has one row for each kind; a new kind also needs its step in `state.py`.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple

from models.providers import catalogue
from models.records import Event, EventKind

Tone = Literal["muted", "text", "accent", "success", "warning"]
"""How much a sign stands out; the screen has a colour for each."""


class EventWords(NamedTuple):
    """The words of one kind of event."""

    did: str
    """What its actor did, behind the actor's name: `snoozed it`; `{label}` is the new status."""
    title: str = ""
    """Its line in the case history: `snoozed`; empty where the new status says it all."""
    sign: str = ""
    """The sign before that line; empty for the sign of the new status."""
    tone: Tone = "muted"
    packet: str = ""
    """Its step in the packet, with `{status}`; empty for what is not the platform's business."""


WORDS: Mapping[EventKind, EventWords] = MappingProxyType(
    {
        EventKind.FACT: EventWords(did="reports {label}", packet="{status}"),
        EventKind.RULE: EventWords(
            did="made it {label}", packet="{status} (derived, not reported)"
        ),
        EventKind.DETAILS: EventWords(did="changed its details", title="details changed", sign="·"),
        EventKind.OVERRIDE: EventWords(
            did="set {label}",
            title="set to",
            sign="✎",
            tone="warning",
            packet="we corrected our record to {status}",
        ),
        EventKind.RELEASE: EventWords(
            did="released the override", title="override released", sign="✎"
        ),
        EventKind.UNDO: EventWords(did="undid an override", title="override undone", sign="✎"),
        EventKind.NOTE: EventWords(did="added a note", title="note", sign="●", tone="warning"),
        EventKind.OWNER: EventWords(did="changed the owner", title="owner:", sign="●"),
        EventKind.ESCALATE: EventWords(
            did="escalated it",
            title="escalated",
            sign="▲",
            tone="accent",
            packet="we asked support",
        ),
        EventKind.RESOLVE: EventWords(
            did="resolved the escalation", title="escalation resolved", sign="✓", tone="success"
        ),
        EventKind.SNOOZE: EventWords(did="snoozed it", title="snoozed", sign="●"),
        EventKind.DONE: EventWords(did="marked it done", title="done", sign="✓", tone="success"),
    }
)


def did(provider: str, event: Event) -> str:
    """Return in a few words what an event did: `set Delivered`."""
    label = catalogue.status(provider, event.to_status).label if event.to_status else ""
    return WORDS[event.kind].did.format(label=label)


def who_did(provider: str, event: Event) -> str:
    """Return in a few words what an event did and who did it: `jo set Delivered`."""
    return f"{event.actor or 'someone'} {did(provider, event)}"
