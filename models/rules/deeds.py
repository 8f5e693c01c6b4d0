"""What an agent did to a send, told in full: from what to what, until when, which ticket, which words."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from models.providers import catalogue
from models.records import Event, EventKind
from models.rules.state import UNREADABLE_ENTRY, details
from models.values.text import display_text

_LONGEST = 500
"""Characters of a reason or a note that are told."""


def deed(provider: str, event: Event, time: Callable[[datetime], str]) -> str:
    """Return what *event*, an agent's own, did: `Order Received → Shipped: the carrier has it`.

    The text is one safe line.

    Args:
        provider: The key of the send's provider.
        event: What the agent did.
        time: Returns a moment in words.
    """
    try:
        said = _said(provider, event, details(event), time)
    except UNREADABLE_ENTRY:
        said = "changed something"
    reason = display_text(" ".join(event.reason.split()), _LONGEST)
    return f"{said}: {reason}" if reason else said


def _said(
    provider: str, event: Event, further: Mapping[str, Any], time: Callable[[datetime], str]
) -> str:
    match event.kind:
        case EventKind.OVERRIDE:
            return _step(provider, event)
        case EventKind.RELEASE:
            return f"override released, {_step(provider, event)}"
        case EventKind.ESCALATE:
            ticket = _name(further["reference"], "")
            again = time(datetime.fromisoformat(further["follow_up_at"]))
            return f"escalated{f' as {ticket}' if ticket else ''}, follow-up {again}"
        case EventKind.RESOLVE:
            return f"escalation {_name(further['reference'], '')} resolved".replace("  ", " ")
        case EventKind.OWNER:
            return (
                f"owner {_name(further.get('was'), 'nobody')} → {_name(further['owner'], 'nobody')}"
            )
        case EventKind.SNOOZE:
            until = further["until"]
            moment = time(datetime.fromisoformat(until)) if until else "the platform changes it"
            return f"snoozed until {moment}"
        case EventKind.DONE:
            return "done for now"
        case EventKind.NOTE:
            return "note"
        case _:
            return "woken"


def _step(provider: str, event: Event) -> str:
    before, after = (
        catalogue.status(provider, slug).label if slug else ""
        for slug in (event.from_status, event.to_status)
    )
    return f"{before} → {after}" if before and before != after else after


def _name(value: object, otherwise: str) -> str:
    return display_text(str(value or ""), 100) or otherwise
