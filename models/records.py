"""Frozen values that leave the database and cross threads; all times are aware UTC.

What lists and histories hold by the thousand are named tuples, which cost a tenth of a dataclass to make.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal, NamedTuple

Urgency = Literal["now", "over", "soon", "ok", "none"]


class EventKind(StrEnum):
    """What an event of a send's history says."""

    FACT = "fact"
    """The platform says that the send has a status."""
    RULE = "rule"
    """A rule that time triggers says so, until the platform says otherwise."""
    DETAILS = "details"
    """The platform changed fields other than the status."""
    OVERRIDE = "override"
    RELEASE = "release"
    UNDO = "undo"
    NOTE = "note"
    OWNER = "owner"
    ESCALATE = "escalate"
    RESOLVE = "resolve"
    SNOOZE = "snooze"
    DONE = "done"


class Snooze(StrEnum):
    """Why a send rests outside triage."""

    NONE = ""
    UNTIL_TIME = "time"
    UNTIL_CHANGE = "change"
    DONE = "done"


class SendRecord(NamedTuple):
    """One send as the list and the case show it."""

    id: int
    ref: str
    """The short name that agents use: `S-104233`, `G-0b6f3c1e`."""
    provider: str
    external_id: str
    type: str
    provider_status: str
    """The slug the platform's latest word stands for, or `unmapped`."""
    status: str
    """The override while it stands, else the platform's status."""
    stage: str
    since: datetime
    """When the send entered `status`."""
    revision: int
    """How many events its history has; every write raises it."""
    subtype: str = ""
    campaign: str = ""
    batch: str = ""
    recipient_name: str = ""
    recipient_email: str = ""
    company: str = ""
    sender_name: str = ""
    sender_email: str = ""
    team: str = ""
    sent_via: str = ""
    cost_minor: int | None = None
    """In the currency's minor units: cents for USD, whole yen for JPY."""
    currency: str = ""
    funding_source: str = ""
    tracking_number: str = ""
    tracking_url: str = ""
    carrier: str = ""
    created_at: datetime | None = None
    expires_at: datetime | None = None
    provider_raw: str = ""
    """The platform's own word."""
    provider_at: datetime | None = None
    order_uncertain: bool = False
    """The platform gave its latest word without a time."""
    override_status: str | None = None
    override_reason: str = ""
    override_by: str = ""
    override_at: datetime | None = None
    contested: bool = False
    """The platform has since said something that does not fit the override."""
    at_once: bool = False
    due_at: datetime | None = None
    """When the limit of the status is over, or None where there is no limit."""
    triage_at: datetime | None = None
    """When the send enters triage: its limit, unless it rests or its escalation runs."""
    owner: str = ""
    escalated_at: datetime | None = None
    escalation_ref: str = ""
    follow_up_at: datetime | None = None
    snooze: str = Snooze.NONE
    snoozed_until: datetime | None = None


class Event(NamedTuple):
    """One entry of a send's history."""

    seq: int
    at: datetime | None
    """When it happened; None when the platform did not say."""
    recorded_at: datetime
    kind: EventKind
    from_status: str = ""
    to_status: str = ""
    raw: str = ""
    actor: str = ""
    source: str = ""
    """Where it came from: `import:sends.csv`, `desk`, `cli`, `rule:egift_expired`."""
    reason: str = ""
    detail: str = "{}"
    """Further values as JSON text, keys sorted."""
    request_id: str | None = None
    effect: str = ""
    """What a fact did to an override: `confirmed`, `moved on`, `contested` or nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipment:
    """One parcel of an order."""

    external_id: str
    status: str
    carrier: str = ""
    tracking_number: str = ""
    tracking_url: str = ""
    shipped_at: datetime | None = None
    delivered_at: datetime | None = None
    expected_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do about a send now, and why."""

    urgency: Urgency
    title: str
    """What the agent does, in a few words: `Escalate to Sendoso Support`."""
    body: str
    """What is over and by how much, what to do, which number to quote."""
    why: str
    """The rule behind it, with its source."""
    contact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Everything about one send, read in one transaction."""

    send: SendRecord
    history: tuple[Event, ...]
    """Newest first; at most the newest 500."""
    history_total: int
    shipments: tuple[Shipment, ...]
    advice: Advice
    money: tuple[str, ...] = ()
    """Sentences on what will be charged or credited, and when."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one send of a bulk action."""

    ref: str
    done: bool
    message: str
    stale: bool = False
