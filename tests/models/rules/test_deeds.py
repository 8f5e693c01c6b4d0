"""What an agent did to a send is told in full, whatever it was."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from models.records import Event, EventKind
from models.rules.deeds import deed

AT = datetime(2026, 11, 20, 9, 41, tzinfo=UTC)
MONDAY = "2026-11-23T09:00:00+00:00"


def told(kind: EventKind, reason: str = "", detail: str = "", **further: Any) -> str:
    """Return how an event of *kind* is told."""
    happened = Event(
        seq=2,
        at=AT,
        recorded_at=AT,
        kind=kind,
        from_status="order_received",
        to_status="shipped",
        actor="ana",
        reason=reason,
        detail=detail or json.dumps(further),
    )
    return deed("sendoso", happened, lambda moment: f"{moment:%a %H:%M}")


@pytest.mark.parametrize(
    ("kind", "reason", "further", "words"),
    [
        ("override", "a guess", {}, "Order Received → Shipped: a guess"),
        ("release", "", {}, "override released, Order Received → Shipped"),
        (
            "escalate",
            "asked for the day",
            {"reference": "SUP-9", "follow_up_at": MONDAY},
            "escalated as SUP-9, follow-up Mon 09:00: asked for the day",
        ),
        (
            "escalate",
            "",
            {"reference": "", "follow_up_at": MONDAY},
            "escalated, follow-up Mon 09:00",
        ),
        ("resolve", "it left", {"reference": "SUP-9"}, "escalation SUP-9 resolved: it left"),
        ("resolve", "", {"reference": ""}, "escalation resolved"),
        ("owner", "", {"owner": "jo", "was": "ana"}, "owner ana → jo"),
        ("owner", "", {"owner": "", "was": "ana"}, "owner ana → nobody"),
        ("snooze", "", {"until": MONDAY}, "snoozed until Mon 09:00"),
        ("snooze", "", {"until": None}, "snoozed until the platform changes it"),
        ("done", "", {}, "done for now"),
        ("wake", "", {}, "woken"),
        ("note", "called\nthem", {}, "note: called them"),
    ],
)
def test_an_action_is_told_from_what_to_what_and_until_when(
    kind: str, reason: str, further: dict[str, Any], words: str
) -> None:
    assert told(EventKind(kind), reason, **further) == words


@pytest.mark.parametrize("detail", ["{", "[]", "{}", '{"follow_up_at": 3, "reference": "x"}'])
def test_an_entry_that_cannot_be_read_is_told_as_that(detail: str) -> None:
    assert told(EventKind.ESCALATE, detail=detail) == "changed something"
