"""What the log calls the actions of agents: the verbs of the command line."""

from collections.abc import Mapping
from types import MappingProxyType

from models.event_kind import EventKind
from models.records import Event
from models.rules.state import details

LOG_VERBS: Mapping[str, EventKind | None] = MappingProxyType(
    {
        "set": EventKind.OVERRIDE,
        "release": EventKind.RELEASE,
        "cancel": EventKind.CANCEL,
        "extend": EventKind.EXTEND,
        "answer": EventKind.ANSWER,
        "escalate": EventKind.ESCALATE,
        "resolve": EventKind.RESOLVE,
        "take": EventKind.OWNER,
        "assign": EventKind.OWNER,
        "note": EventKind.NOTE,
        "snooze": EventKind.SNOOZE,
        "done": EventKind.DONE,
        "wake": EventKind.WAKE,
        "undo": EventKind.UNDO,
        "redo": None,
    }
)
"""Each verb with the kind of event that it writes; `redo` writes that of the action it does again.

`answer` is what a platform has answered to the agent who asked it to cancel or extend a send.
"""
_OF_KIND = {kind: verb for verb, kind in LOG_VERBS.items() if kind}
_OF_KIND[EventKind.TIME_RULE] = "rule"


def verb_of(event: Event) -> str:
    """Return the verb that wrote *event*, an agent's; of what was done again, the verb that did it first.

    What a rule did that time triggers is called `rule`.

    Raises:
        ValueError: If the event cannot be read; also the others of `UNREADABLE_ENTRY`.
    """
    if event.kind is EventKind.OWNER:
        return "take" if details(event)["owner"] == event.actor else "assign"
    return _OF_KIND.get(event.kind, event.kind.value)
