"""Replies: the text that an agent sends to the sender or the recipient of a send.

What a text may name depends on whom it is for: the recipient hears nothing of campaigns, money and
other matters of the sender, and nobody hears what agents wrote for each other.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from string import Template
from types import MappingProxyType
from typing import Final

from models.providers import catalogue
from models.providers.replies import NoReply, To
from models.providers.status import Stage
from models.records import Case, SendRecord
from models.rules.shipments import asked_about
from models.values.local_time import LocalTime
from models.values.money import money_words
from models.values.text import display_text, safe_link

BOTH: Final[tuple[To, ...]] = ("sender", "recipient")
_LONGEST_VALUE = 200
"""How many characters of a value a text has."""
_LONGEST = 20_000
"""How many characters a text has."""
_MOST_PARCELS = 10
"""How many tracking numbers of one send a text has."""

_OF_BOTH: Mapping[str, str] = {
    "hello": "the greeting, with the name of whom it is for",
    "gift": "“gift” and which one it is; for the recipient, from whom",
    "recipient": "the recipient's name",
    "sender": "the sender's name",
    "platform": "the platform",
    "support": "the platform's support",
    "status": "the status",
    "since": "the day on which that began",
    "expires": "the day on which the offer ends",
    "tracking": "carriers, tracking numbers and links",
    "agent": "your own name",
}
PLACEHOLDERS: Mapping[To, Mapping[str, str]] = MappingProxyType(
    {
        "sender": {
            **_OF_BOTH,
            "email": "the recipient's mail address",
            "campaign": "the campaign",
            "number": "the order number",
            "created": "the day on which it was made",
            "cost": "the cost",
            "funding": "where the money came from",
            "credit": "“was credited to” where and on which day, or “goes back to” where",
        },
        "recipient": _OF_BOTH,
    }
)
"""What a text for each of them may name, with what it becomes."""


class BadTemplate(ValueError):
    """A text cannot be filled in; the message says what is wrong and what to write instead."""


@dataclass(frozen=True, slots=True)
class ReplyName:
    """Which text it is."""

    provider: str
    status: str
    to: To
    late: bool = False
    """Whether it is the one for a send whose limit is over."""

    def __str__(self) -> str:
        """Return it as files are called: `sendoso/bounced-to-sender`."""
        late = "-late" if self.late else ""
        return f"{self.provider}/{self.status.replace('_', '-')}{late}-to-{self.to}"

    @property
    def text(self) -> str | NoReply:
        """The text that comes with the desk."""
        rows = catalogue.provider(self.provider).replies
        return rows[self.status].text(self.to, late=self.late)


@dataclass(frozen=True, slots=True)
class Reply:
    """What there is to send, or why there is nothing."""

    to: To
    whom: str
    """Whom it is for, by name and mail address, as far as both are known."""
    text: str = ""
    """Empty if there is nothing to send."""
    why_not: str = ""
    """Why there is nothing."""
    warning: str = ""
    """What is wrong with the agent's own text; *text* is the one that comes with the desk."""
    names_tracking: bool = False
    """Whether the text names how shipments are tracked."""


def reply_names() -> Iterator[ReplyName]:
    """Yield every text that comes with the desk, by provider, status and whom it is for."""
    for provider in catalogue.STATUSES:
        for row in catalogue.provider(provider).replies.values():
            lates = {"sender": row.late_to_sender, "recipient": row.late_to_recipient}
            for to in BOTH:
                name = ReplyName(provider, row.status, to)
                if isinstance(name.text, str):
                    yield name
                if lates[to]:
                    yield ReplyName(provider, row.status, to, late=True)


def reply_name(send: SendRecord, to: To, now: datetime) -> ReplyName:
    """Return which text fits *send* at *now* (UTC); whether there is one is another question."""
    row = catalogue.provider(send.provider).replies[
        catalogue.status(send.provider, send.status).slug
    ]
    is_over = send.due_at is not None and now > send.due_at and not send.at_once
    has_late = bool(row.late_to_sender if to == "sender" else row.late_to_recipient)
    return ReplyName(send.provider, row.status, to, late=is_over and has_late)


def usual_reader(send: SendRecord) -> To:
    """Return whom an agent most often writes to about *send*: who has to act, else the sender."""
    status = catalogue.status(send.provider, send.status)
    return "recipient" if status.stage is Stage.WAITING else "sender"


def reply(
    case: Case,
    to: To,
    *,
    local: LocalTime,
    agent: str,
    own: Callable[[ReplyName], str | None] = lambda name: None,
) -> Reply:
    """Return the text about *case* for *to*, filled in and safe to show.

    Args:
        case: The case.
        to: The sender or the recipient.
        local: The present of the agent, whose days are told.
        agent: Who writes.
        own: Returns the agent's own text by its name, or None without one; raises BadTemplate with a
            sentence about a text that cannot be read.
    """
    send = case.send
    whom = _whom(send, to)
    if send.contested:
        why = f"The platform contradicts the override of {send.ref}: decide which one holds, then write."
        return Reply(to, whom, why_not=why)
    name = reply_name(send, to, local.now)
    values = _values(case, to, local, agent)
    warning = ""
    try:
        if (text := own(name)) is not None:
            return Reply(to, whom, filled(text, to, values), names_tracking=_names_tracking(text))
    except BadTemplate as problem:
        warning = str(problem)
    usual = name.text
    if isinstance(usual, NoReply):
        return Reply(to, whom, why_not=usual.why, warning=warning)
    text = filled(usual, to, values)
    return Reply(to, whom, text, warning=warning, names_tracking=_names_tracking(usual))


def _names_tracking(text: str) -> bool:
    return "tracking" in Template(text).get_identifiers()


def filled(text: str, to: To, values: Mapping[str, str]) -> str:
    """Return *text* with *values* in the place of its placeholders.

    Raises:
        BadTemplate: If it is empty, or names something that a text for *to* does not have.
    """
    check(text, to)
    lines = (line.rstrip() for line in Template(text).substitute(values).splitlines())
    return display_text("\n".join(lines).strip(), _LONGEST, one_line=False) + "\n"


def check(text: str, to: To) -> None:
    """Return if *text* can be filled in for *to*.

    Raises:
        BadTemplate: If not.
    """
    if not text.strip():
        raise BadTemplate("line 1: there is no text")
    known = PLACEHOLDERS[to]
    for found in Template.pattern.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        name = found["named"] or found["braced"]
        if found["invalid"] is not None:
            after = re.split(r"\s", text[found.start() : found.start() + 20])[0]
            raise BadTemplate(
                f"line {line}: “{display_text(after)}” is not a placeholder; a dollar sign is written $$"
            )
        if name and name not in known:
            raise BadTemplate(f"line {line}: {_unknown(name, to)}")


def _unknown(name: str, to: To) -> str:
    """Return what is wrong with a placeholder of this *name*."""
    shown = display_text(name, 40)
    if name in PLACEHOLDERS["sender"]:
        return f"${shown} is not for the recipient's eyes"
    near = get_close_matches(name, list(PLACEHOLDERS[to]), 1)
    hint = f"did you mean ${near[0]}?" if near else f"there are {_listed(PLACEHOLDERS[to])}"
    return f"${shown} is not a placeholder; {hint}"


def _listed(names: Mapping[str, str]) -> str:
    return ", ".join(f"${name}" for name in names)


def _whom(send: SendRecord, to: To) -> str:
    name, email = (
        (send.sender_name, send.sender_email)
        if to == "sender"
        else (send.recipient_name, send.recipient_email)
    )
    return f"{_safe(name)} <{_safe(email)}>" if name and email else _safe(name or email)


def _values(case: Case, to: To, local: LocalTime, agent: str) -> dict[str, str]:
    """Return what each placeholder becomes; what is not known is named in words."""
    send = case.send
    platform = catalogue.provider(send.provider)
    name = _safe(send.sender_name if to == "sender" else send.recipient_name)
    sender = _safe(send.sender_name)
    which = f"“{_safe(send.campaign)}”" if send.campaign else ""
    if to == "recipient":
        which = f"from {sender}" if sender else ""
    values = {
        "hello": f"Hello {name}," if name else "Hello,",
        "gift": f"gift {which}".rstrip(),
        "recipient": _safe(send.recipient_name) or "the recipient",
        "sender": sender or "the sender",
        "platform": platform.name,
        "support": platform.support,
        "status": catalogue.status(send.provider, send.status).label,
        "since": local.day_words(send.since),
        "expires": _end(send, local),
        "tracking": _tracking(case),
        "agent": _safe(agent),
    }
    if to == "sender":
        funding = _safe(send.funding_source)
        funding = f"the funding source “{funding}”" if funding else "its funding source"
        expected = f"goes back to {funding}; {platform.name} has not confirmed it yet"
        values |= {
            "email": _safe(send.recipient_email) or "the address that we have",
            "campaign": _safe(send.campaign) or "the campaign",
            "number": _safe(send.external_id),
            "created": local.day_words(send.created_at)
            if send.created_at
            else "the day it was made",
            "cost": "the amount"
            if send.cost_minor is None
            else money_words(send.cost_minor, display_text(send.currency, 3)),
            "funding": funding,
            "credit": f"was credited to {funding} on {values['since']}"
            if send.credit_due_at is None
            else expected,
        }
    return values


def _end(send: SendRecord, local: LocalTime) -> str:
    """Return until when the offer is open; a day that is past would be a promise that is broken."""
    if send.expires_at is None or send.expires_at <= local.now:
        return "the end of the offer"
    return local.day_words(send.expires_at)


def _tracking(case: Case) -> str:
    """Return carrier, number and link of each shipment that is asked about; without any, of the send."""
    send = case.send
    asked = asked_about(case)
    parcels = [(each.carrier, each.tracking_number, each.tracking_url) for each in asked]
    if not asked:
        parcels = [(send.carrier, send.tracking_number, send.tracking_url)]
    told: dict[str, str] = {}
    for carrier, number, url in parcels:
        link = safe_link(url) or ""
        if number or link:
            words = " ".join(filter(None, (_safe(carrier), _safe(number))))
            told.setdefault(number or link, ", ".join(filter(None, (words, link))))
    return "; ".join(list(told.values())[:_MOST_PARCELS]) or "no number yet"


def _safe(value: str) -> str:
    return display_text(value.strip(), _LONGEST_VALUE)
