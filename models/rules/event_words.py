"""What each kind of event did, in words: one row for each kind."""

from models.providers import catalogue
from models.records import Event, Kind


def deed(provider: str, event: Event) -> str:
    """Return in a few words what an event did and who did it: `jo set Delivered`."""
    return f"{event.actor or 'someone'} {deed_words(provider, event)}"


def deed_words(provider: str, event: Event) -> str:
    """Return in a few words what an event did: `set Delivered`."""
    label = catalogue.status(provider, event.to_status).label if event.to_status else ""
    return _DEEDS[event.kind].format(label=label)


_DEEDS = {
    Kind.FACT: "reports {label}",
    Kind.RULE: "made it {label}",
    Kind.DETAILS: "changed its details",
    Kind.OVERRIDE: "set {label}",
    Kind.RELEASE: "released the override",
    Kind.UNDO: "undid an override",
    Kind.NOTE: "added a note",
    Kind.OWNER: "changed the owner",
    Kind.ESCALATE: "escalated it",
    Kind.RESOLVE: "resolved the escalation",
    Kind.SNOOZE: "snoozed it",
    Kind.DONE: "marked it done",
}
