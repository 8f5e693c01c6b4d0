"""Frozen values that leave the database and cross threads; all times are aware UTC.

Sends and events are named tuples, because lists and histories hold thousands of them and a named tuple
takes a tenth of the time of a frozen dataclass to make.
"""

from datetime import datetime
from enum import StrEnum
from typing import Literal, NamedTuple

from models.event_kind import EventKind as EventKind

Urgency = Literal["now", "over", "soon", "ok", "none"]
"""`now`: needs a person at once. `over`: past its limit. `soon`: within the warning time before it.
`ok`: has a limit, but later. `none`: has no limit."""


class Snooze(StrEnum):
    """Until when a send is kept out of triage."""

    NONE = ""
    UNTIL_TIME = "time"
    UNTIL_CHANGE = "change"
    DONE = "done"


class CreditState(StrEnum):
    """What an entry of the ledger says about the money for a send."""

    EXPECTED = "expected"
    """A rule says that the provider gives it back."""
    CONFIRMED = "confirmed"
    """The provider says that it gave it back."""
    WITHDRAWN = "withdrawn"
    """The provider has since said what shows that it does not."""


class Credit(NamedTuple):
    """One entry of the ledger: how the credit of a send stands from one event of its history on."""

    seq: int
    """The number of the event that made it."""
    state: CreditState
    rule: str
    """The rule that expected it; empty if the provider gave it back without one."""
    amount_minor: int | None
    """In minor units of the currency; None if nobody knows."""
    currency: str
    funding_source: str
    at: datetime
    """From when it is expected, when it was given back, or when it was withdrawn."""


class SendRecord(NamedTuple):
    """One send as the list and the case show it."""

    id: int
    ref: str
    """The short name that agents use: `S-104233`, `G-0b6f3c1e`."""
    provider: str
    """The provider's key: `sendoso`."""
    external_id: str
    """Its id at the provider; unique together with `provider`."""
    type: str
    provider_status: str
    """The slug of the provider's latest status, or `unmapped`."""
    status: str
    """The slug in force: of the override if there is one, else of a rule, else the provider's."""
    stage: str
    """The stage of `status`: a `models.providers.status.Stage`."""
    since: datetime
    """When the send entered `status`."""
    revision: int
    """How many events its history has; every write raises it. Writes compare it with the one seen."""
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
    """The provider's own word for its latest status."""
    provider_at: datetime | None = None
    """When the provider says that it began."""
    order_uncertain: bool = False
    """The provider gave its latest status without a time."""
    rule: str = ""
    """The name of the rule that time triggered last and that still holds; it gave `status`, unless an
    agent has overridden it or the rule only reminds. Empty if there is none."""
    rule_at: datetime | None = None
    """When the rules look at it next; None while only a change can make them."""
    override_status: str | None = None
    override_reason: str = ""
    override_by: str = ""
    override_at: datetime | None = None
    contested: bool = False
    """The provider has since said something that does not fit the override."""
    at_once: bool = False
    """It needs a person from `due_at` on, not only after it."""
    due_at: datetime | None = None
    """When the limit of the status is over, or None if there is no limit."""
    triage_at: datetime | None = None
    """When the send enters triage, or None while only a change can bring it there.

    Usually `due_at`; later if it is snoozed or its escalation has a follow-up.
    """
    owner: str = ""
    """An agent, or an empty string."""
    escalated_at: datetime | None = None
    escalation_ref: str = ""
    follow_up_at: datetime | None = None
    snooze: str = Snooze.NONE
    """A `Snooze`."""
    snoozed_until: datetime | None = None
    refunded_at: datetime | None = None
    """When the provider gave the money back, or the earliest it can have; None if it did not.
    The status does not say it: an order may be refunded and shipped."""
    refunded_minor: int | None = None
    """How much of it, in minor units; None if the provider did not say."""
    credit_due_at: datetime | None = None
    """When a credit that a rule expects is overdue; None if none is expected."""
    scheduled_at: datetime | None = None
    """When a batch is to be sent; None if that is at once. Only batches have it and what follows."""
    orders_count: int | None = None
    """How many orders the provider has made of a batch; None if it has not said."""
    recipients_count: int | None = None
    """How many recipients a batch has, and so how many orders are to be made."""

    @property
    def is_by_rule(self) -> bool:
        """Whether a rule that time triggers gave `status`, and neither the provider nor an agent."""
        ruled = self.rule and self.override_status is None
        return bool(ruled) and self.status != self.provider_status


class Event(NamedTuple):
    """One entry of a send's history."""

    seq: int
    """Its number in the history of its send, from 1."""
    at: datetime | None
    """When it happened, or None if the provider did not say."""
    recorded_at: datetime
    """When the desk wrote it down."""
    kind: EventKind
    from_status: str = ""
    """A slug, or an empty string if the event is not about the status."""
    to_status: str = ""
    raw: str = ""
    """The provider's own word for `to_status`."""
    actor: str = ""
    """An agent, a provider's key, or `rule:` and the name of a rule."""
    source: str = ""
    """Where it came from: `import:sends.csv`, `desk`, `cli`, `rule:egift_expired`."""
    reason: str = ""
    detail: str = "{}"
    """Further values as JSON text, keys sorted."""
    request_id: str | None = None
    """Of the request that an agent's event answers; None for what providers say."""
    effect: str = ""
    """What a fact did to an override: `confirmed`, `moved on`, `contested`, or an empty string."""


class Shipment(NamedTuple):
    """One shipment of an order."""

    external_id: str
    status: str
    """Its state as the provider calls it: `catalogue.shipment_state` says what that means."""
    carrier: str = ""
    tracking_number: str = ""
    tracking_url: str = ""
    brand: str = ""
    """Who sends it; empty if the provider does not say."""
    shipped_at: datetime | None = None
    delivered_at: datetime | None = None
    expected_at: datetime | None = None
    """When it is expected to arrive."""


class Advice(NamedTuple):
    """What to do about a send now, and why."""

    urgency: Urgency
    title: str
    """What the agent does, in a few words: `Escalate to Sendoso Support`."""
    body: str
    """What is over and by how much, what to do, which number to quote."""
    why: str
    """The rule behind it, with its source."""
    contact: str = ""
    """Whom to contact, or an empty string."""
    waits: bool = False
    """Nothing is to be done before a time or a change: it is snoozed, done, or escalated."""


RelationKey = Literal["recipient", "company", "campaign", "batch", "of", "orders", "problem"]
"""What sends have in common. `of`: the batch that an order is of; `orders`: the orders of a batch;
`problem`: the same campaign and status, and past their limit."""


class Relation(NamedTuple):
    """The other sends that have something in common with one send; there is one at least."""

    key: RelationKey
    value: str
    """What they have in common: an address, a company, a campaign, the id of a batch."""
    filter: str
    """The filter that lists them; this send is in its list too."""
    others: int
    exact: bool = True
    """False: there are more than `others`."""


class OrdersIn(NamedTuple):
    """How many orders of a batch are in one status."""

    status: str
    """A slug."""
    number: int


class Case(NamedTuple):
    """Everything about one send, read in one transaction."""

    send: SendRecord
    history: tuple[Event, ...]
    """Newest first; at most the newest 500."""
    history_total: int
    shipments: tuple[Shipment, ...]
    advice: Advice
    asked_about: tuple[Shipment, ...] = ()
    """Those of `shipments` that the agent has picked; empty for those in question."""
    usual_end: datetime | None = None
    """When it usually ends, if its provider gave no end and the rules that time triggers wait for one."""
    credits: tuple[Credit, ...] = ()
    """Its entries in the ledger, the oldest first."""
    money: tuple[str, ...] = ()
    """Sentences on what will be charged or credited, and when."""
    orders: tuple[OrdersIn, ...] = ()
    """Of a batch, its orders on the desk by status, in the order of the lifecycle."""
    around: tuple[Relation, ...] = ()
    """The other sends around it, the closest first; empty in what a verb returns: they are not counted."""


class Outcome(NamedTuple):
    """What became of one send of a verb on many sends."""

    ref: str
    done: bool
    message: str
    """What was done, or why not: a sentence for the agent."""
    stale: bool = False
    """Refused because the send has changed since the agent saw it."""
    tried: bool = True
    """False if the verb had ended before it came to this send."""
    unusual: str = ""
    """Why an agent may want to leave this send out; only a dry run says so."""
    left_out: bool = False
    """Not tried, because the agent wanted unusual sends left out."""
