"""How each kind of event reads: in the log, in conflicts, in the case history and in the packet.

`WORDS` has one row for each kind; a new kind also needs its step in `state.py`.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from models.providers import catalogue
from models.providers.status import UNMAPPED_SLUG
from models.records import Event, EventKind
from models.rules import shipments
from models.rules.state import UNREADABLE_ENTRY, details
from models.values.money import money_words
from models.values.text import display_text

Tone = Literal["muted", "text", "accent", "success", "warning"]
"""How much a sign stands out; the screen has a colour for each."""


class EventWords(NamedTuple):
    """The words of one kind of event."""

    did: str
    """What its actor did, behind the actor's name: `snoozed it`.

    `{label}` is the new status; `{what}` is what the function of that name returns.
    `{platform}` is the platform's name; `{until}` says that a snooze waits for it.
    """
    title: str = ""
    """Its line in the case history: `snoozed`; empty where the new status says it all."""
    sign: str = ""
    """The sign before that line; empty for the sign of the new status."""
    tone: Tone = "muted"
    packet: str = ""
    """Its step in the packet, with `{status}` or `{what}`; empty for what is not the platform's business."""


WORDS: Mapping[EventKind, EventWords] = MappingProxyType(
    {
        EventKind.FACT: EventWords(did="reports {label}", packet="{status}"),
        EventKind.RULE: EventWords(
            did="made it {label}", packet="{status} (derived, not reported)"
        ),
        EventKind.TIME_RULE: EventWords(did="{what}", packet="{what} (by time, not reported)"),
        EventKind.REFUND: EventWords(
            did="refunded {what}", title="refunded", sign="$", tone="success", packet="refunded"
        ),
        EventKind.DETAILS: EventWords(did="changed its details", title="details changed", sign="·"),
        EventKind.SHIPMENT: EventWords(
            did="changed a shipment", title="shipment", sign="·", packet="Shipment {what}"
        ),
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
        EventKind.CANCEL: EventWords(
            did="asked {platform} to cancel it",
            title="asked to cancel",
            sign="▲",
            tone="warning",
            packet="we asked to cancel it",
        ),
        EventKind.EXTEND: EventWords(
            did="asked {platform} for another end",
            title="asked for another end",
            sign="▲",
            tone="accent",
            packet="we asked for another end",
        ),
        EventKind.ANSWER: EventWords(
            did="was answered by {platform}", title="answered", sign="●", tone="accent"
        ),
        EventKind.UNDO: EventWords(did="took back: {what}", title="took back:", sign="✎"),
        EventKind.NOTE: EventWords(did="added a note", title="note", sign="●", tone="warning"),
        EventKind.OWNER: EventWords(did="{what}", title="owner:", sign="●"),
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
        EventKind.SNOOZE: EventWords(did="snoozed it{until}", title="snoozed", sign="●"),
        EventKind.DONE: EventWords(did="marked it done", title="done", sign="✓", tone="success"),
        EventKind.WAKE: EventWords(did="woke it", title="woken", sign="●"),
    }
)


_FURTHER = frozenset(
    {
        EventKind.UNDO,
        EventKind.OWNER,
        EventKind.REFUND,
        EventKind.SHIPMENT,
        EventKind.TIME_RULE,
    }
)
"""The kinds whose words depend on their details."""


def did(provider: str, event: Event) -> str:
    """Return in a few words what an event did: `set Delivered`, `took back: snoozed it`."""
    label = _label(provider, event.to_status)
    return WORDS[event.kind].did.format(
        label=label,
        what=what(provider, event),
        platform=_platform(provider),
        until=_until(event),
    )


def what(provider: str, event: Event) -> str:
    """Return what an undo took back, whose a send became, what became of a shipment or was refunded.

    And what a rule that time triggers did.
    """
    if event.kind not in _FURTHER:
        return ""
    try:
        further = details(event)
        if event.kind is EventKind.SHIPMENT:
            return f"{display_text(further['name'])}: {shipments.word_of(provider, further['to'])}"
        if event.kind is EventKind.REFUND:
            minor = further["minor"]
            return "it" if minor is None else money_words(minor, further["currency"])
        if event.kind is EventKind.TIME_RULE:
            return _by_time(provider, event, further)
        if event.kind is EventKind.OWNER:
            return _gave(event.actor, further["owner"])
        kind = EventKind(further.get("kind", EventKind.OVERRIDE))
    except UNREADABLE_ENTRY:
        return "changed something"
    # The status in force before an override is undone is that of the override.
    label = _label(provider, event.from_status)
    owner = further.get("owner")
    # Older programs did not note whose the send had become.
    changed = "changed the owner" if owner is None else _gave(event.actor, owner)
    return WORDS[kind].did.format(label=label, what=changed, platform=_platform(provider), until="")


def _until(event: Event) -> str:
    """Return that a snooze lasts until the platform changes the send; nothing for one that has a time."""
    if event.kind is not EventKind.SNOOZE:
        return ""
    try:
        return "" if details(event)["until"] else " until the platform changes it"
    except UNREADABLE_ENTRY:
        return ""


def _by_time(provider: str, event: Event, further: Mapping[str, Any]) -> str:
    """Return in a few words what a rule that time triggers did."""
    label = _label(provider, event.to_status)
    if further.get("over"):
        return f"made it {label} again" if label else "took its reminder back"
    estimated = ", by an estimate" if further["estimate"] else ""
    return f"made it {label}{estimated}" if label else f"reminded of its end{estimated}"


def _gave(actor: str, owner: str) -> str:
    """Return in a few words that *actor* made *owner* the owner; an empty name is nobody."""
    return "took it" if owner == actor else f"gave it to {owner or 'nobody'}"


def from_to(provider: str, event: Event) -> str:
    """Return what became of what in an event, `Shipped → Delivered`; empty where nothing changed hands."""
    if event.kind is EventKind.OWNER:
        try:
            further = details(event)
            return f"{further.get('was') or 'nobody'} → {further['owner'] or 'nobody'}"
        except UNREADABLE_ENTRY:
            return ""
    before, after = _label(provider, event.from_status), _label(provider, event.to_status)
    return f"{before} → {after}" if before and after and before != after else ""


def _platform(provider: str) -> str:
    known = provider in catalogue.STATUSES
    return catalogue.provider(provider).name if known else "the platform"


def _label(provider: str, slug: str) -> str:
    return catalogue.status(provider, slug).label if slug else ""


def telling_word(provider: str, event: Event) -> str:
    """Return the platform's own word where the label of the status does not say it all, else nothing.

    It is unmapped, or says that the money was given back.
    """
    if event.kind is not EventKind.FACT:
        return ""
    status = catalogue.status(provider, event.to_status)
    says_more = status.slug == UNMAPPED_SLUG or event.raw in status.refund_words
    return event.raw if says_more else ""


def who_did(provider: str, event: Event) -> str:
    """Return in a few words what an event did and who did it: `jo set Delivered`."""
    return f"{event.actor or 'someone'} {did(provider, event)}"
