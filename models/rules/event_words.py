"""What each kind of event did, in words: one row for each kind."""

from models.providers import catalogue
from models.records import Event, EventKind


def deed(provider: str, event: Event) -> str:
    """Return in a few words what an event did and who did it: `jo set Delivered`."""
    return f"{event.actor or 'someone'} {deed_words(provider, event)}"


def deed_words(provider: str, event: Event) -> str:
    """Return in a few words what an event did: `set Delivered`."""
    label = catalogue.status(provider, event.to_status).label if event.to_status else ""
    return _DEEDS[event.kind].format(label=label)


_DEEDS = {
    EventKind.FACT: "reports {label}",
    EventKind.RULE: "made it {label}",
    EventKind.DETAILS: "changed its details",
    EventKind.OVERRIDE: "set {label}",
    EventKind.RELEASE: "released the override",
    EventKind.UNDO: "undid an override",
    EventKind.NOTE: "added a note",
    EventKind.OWNER: "changed the owner",
    EventKind.ESCALATE: "escalated it",
    EventKind.RESOLVE: "resolved the escalation",
    EventKind.SNOOZE: "snoozed it",
    EventKind.DONE: "marked it done",
}
