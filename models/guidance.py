"""When a send needs a person, how urgently, and what that person does."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from models import catalogue
from models.clock import Calendar, Limit, moment_words, span_words
from models.lifecycle import UNMAPPED_SLUG, Stage, Status, Threshold
from models.records import Advice, SendRecord, Snooze, Urgency
from models.text import display_text
from models.wording import number_to_quote, status_word

WARNING = timedelta(hours=48)
"""How long before its limit a send counts as due soon."""
FOLLOW_UP = Limit(2, "bd")
"""When an escalated send is looked at again, unless the agent says otherwise."""
TEAM = "your team's own limit"
"""The source of a threshold that the team set."""

_CALM: Mapping[Stage, str] = {
    Stage.WAITING: "Wait for the recipient",
    Stage.WORKING: "Wait for {name}",
    Stage.MOVING: "Wait for the carrier",
    Stage.DONE: "Nothing left to do",
    Stage.PROBLEM: "Keep an eye on it",
    Stage.CLOSED: "Nothing left to do",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """The thresholds in force: the catalogue's, and where the team has set its own, those."""

    own: Mapping[tuple[str, str], Limit | None] = field(default_factory=dict)
    """By provider and status; None switches a limit off."""

    def of(self, provider: str, slug: str) -> Threshold | None:
        """Return the threshold of a status, or None where there is no limit.

        A word the desk does not know needs a person at once, whatever the team has set.
        """
        status = catalogue.status(provider, slug)
        if status.slug == UNMAPPED_SLUG or (provider, slug) not in self.own:
            return status.threshold
        limit = self.own[provider, slug]
        return None if limit is None else Threshold(limit, TEAM)


@dataclass(frozen=True, slots=True)
class Due:
    """When a send is due; all times are aware UTC."""

    at_once: bool = False
    """Whether it needs a person from `due_at` on, not only after it."""
    due_at: datetime | None = None
    triage_at: datetime | None = None
    """When it enters triage, or None while nothing but a change can bring it there."""


def due(
    *,
    provider: str,
    status: str,
    since: datetime,
    contested: bool,
    contested_since: datetime | None,
    final: bool,
    follow_up_at: datetime | None,
    snooze: str,
    snoozed_until: datetime | None,
    done_at: datetime | None,
    limits: Limits,
    calendar: Calendar,
) -> Due:
    """Return when a send is due and when it enters triage.

    Args:
        provider: The platform's key.
        status: The slug in force, the override's while one stands.
        since: When the send entered it.
        contested: Whether the platform has contradicted the override.
        contested_since: When it first did.
        final: Whether nothing more is expected, so that no limit runs.
        follow_up_at: When an escalated send is looked at again; None if it is not escalated.
        snooze: Why the send rests, a `Snooze`.
        snoozed_until: The end of a snooze until a time; where there is no limit it is when the
            agent wants to be reminded.
        done_at: When the agent said done.
        limits: The thresholds in force.
        calendar: The days that count for limits in business days.
    """
    threshold = None if final else limits.of(provider, status)
    at_once = contested or (threshold is not None and threshold.limit.at_once)
    if contested:
        due_at: datetime | None = contested_since or since
    elif threshold is not None:
        due_at = calendar.after(since, threshold.limit)
    else:
        due_at = follow_up_at or (snoozed_until if snooze == Snooze.UNTIL_TIME else None)
    if due_at is None:
        return Due()
    back_at = max(due_at, follow_up_at or due_at)
    if snooze == Snooze.UNTIL_CHANGE:
        return Due(at_once, due_at)
    if snooze == Snooze.DONE and done_at is not None and _reached(at_once, back_at, done_at):
        return Due(at_once, due_at)
    if snooze == Snooze.UNTIL_TIME and snoozed_until is not None:
        back_at = max(back_at, snoozed_until)
    return Due(at_once, due_at, back_at)


def urgency(send: SendRecord, now: datetime, warning: timedelta = WARNING) -> Urgency:
    """Say how urgent *send* is, whether or not it rests."""
    if send.at_once:
        return "now"
    if send.due_at is None:
        return "none"
    if now > send.due_at:
        return "over"
    return "soon" if send.due_at - now <= warning else "ok"


def in_triage(send: SendRecord, now: datetime) -> bool:
    """Whether *send* needs a person now: past its limit or due at once, and not resting."""
    return send.triage_at is not None and _reached(send.at_once, send.triage_at, now)


def _reached(at_once: bool, moment: datetime, now: datetime) -> bool:
    """Whether *moment* counts as over; a limit is strict, what is due at once is not."""
    return moment < now or (at_once and moment == now)


def advise(send: SendRecord, now: datetime, limits: Limits, calendar: Calendar) -> Advice:
    """Return what an agent does about *send* at *now*, and why.

    A send that rests keeps its advice, below the word on how long it rests.
    """
    status = catalogue.status(send.provider, send.status)
    threshold = None if status.final else limits.of(send.provider, send.status)
    if send.contested:
        advice = _contested(send, status)
    elif send.status == UNMAPPED_SLUG:
        advice = _unmapped(send, status)
    else:
        advice = _limited(send, now, status, threshold, calendar)
    title, said = _rest(send, now, status)
    return replace(advice, title=title, body=f"{said} {advice.body}") if title else advice


def _contested(send: SendRecord, status: Status) -> Advice:
    name = catalogue.provider(send.provider).name
    word = status_word(send.provider, send.provider_status, send.provider_raw)
    since = f" since {moment_words(send.provider_at)}" if send.provider_at else ""
    by = display_text(send.override_by, 40)
    return Advice(
        "now",
        "Keep or release the override",
        f"{name} says {word}{since}; the override by {by} says {status.label}. "
        f"Release it to follow {name}, or set it again to keep it.",
        "The platform's word is newer than the override and is no usual step after it.",
        status.contact,
    )


def _unmapped(send: SendRecord, status: Status) -> Advice:
    word = display_text(send.provider_raw, 60)
    nearest = catalogue.suggest(send.provider, send.provider_raw)
    guess = f" The nearest status is {nearest.label}." if nearest else ""
    name = catalogue.provider(send.provider).name
    why = status.threshold.source if status.threshold else status.source
    return Advice(
        "now",
        f"Find out what “{word}” means",
        f"{name} calls it “{word}”, which stands for no status here.{guess} {status.advice}",
        f"{why}.",
        catalogue.provider(send.provider).support,
    )


def _limited(
    send: SendRecord, now: datetime, status: Status, threshold: Threshold | None, calendar: Calendar
) -> Advice:
    """Advise by how the send stands against the limit of its status."""
    platform = catalogue.provider(send.provider)
    waiting = status.stage is Stage.WAITING
    contact = status.contact or ("the sender" if waiting else platform.support)
    quote = ""
    if contact == platform.support:
        quote = f" Quote {number_to_quote(send)}."
        if send.escalated_at is None:
            again = moment_words(calendar.after(now, FOLLOW_UP))
            quote += f" If you escalate now, look again {again}."
    pressing = urgency(send, now)
    stay = f"{status.label} for {span_words(now - send.since)}"
    calm = _CALM[status.stage].format(name=platform.name)
    if pressing == "now":
        title, body = f"Contact {contact}", f"{stay}. {status.advice}{quote}"
    elif pressing == "over" and send.due_at is not None and threshold is not None:
        verb = "Escalate to" if contact == platform.support else "Contact"
        over = f"{span_words(now - send.due_at)} past the limit of {threshold.limit.words}"
        title, body = f"{verb} {contact}", f"{stay}: {over}. {status.advice}{quote}"
    elif send.due_at is not None and threshold is not None:
        left = span_words(send.due_at - now)
        title = f"Watch it: {left} left" if pressing == "soon" else calm
        body = f"{stay}; the limit of {threshold.limit.words} is over in {left}. {status.advice}"
    else:
        title, body = calm, status.advice
    return Advice(pressing, title, body, _why(status, threshold), status.contact)


def _why(status: Status, threshold: Threshold | None) -> str:
    if status.final:
        return f"Nothing more is expected after {status.label} ({status.source})."
    if threshold is None:
        return f"{status.label} has no limit ({status.source})."
    if threshold.limit.at_once:
        return f"{status.label} needs a person at once ({threshold.source})."
    return f"More than {threshold.limit.words} in {status.label} is too long ({threshold.source})."


def _rest(send: SendRecord, now: datetime, status: Status) -> tuple[str, str]:
    """Return title and sentence for a send that rests or was escalated; empty for any other."""
    platform = catalogue.provider(send.provider)
    if send.snooze and not in_triage(send, now):
        until = send.snoozed_until
        match send.snooze:
            case Snooze.UNTIL_CHANGE:
                return "Resting", f"Snoozed until {platform.name} changes it."
            case Snooze.DONE:
                return (
                    "Done for now",
                    f"Back when {platform.name} changes it or its next limit is over.",
                )
            case _ if until is not None and until > now:
                return "Resting", f"Snoozed until {moment_words(until)}."
    if send.escalated_at is None:
        return "", ""
    reference = f" as {display_text(send.escalation_ref, 60)}" if send.escalation_ref else ""
    said = f"Escalated {moment_words(send.escalated_at)}{reference}"
    title = "Close the escalation" if status.final else f"Wait for {platform.support}"
    if send.follow_up_at is None:
        return title, f"{said}."
    if send.follow_up_at >= now:
        return title, f"{said}; look again {moment_words(send.follow_up_at)}."
    late = span_words(now - send.follow_up_at)
    title = title if status.final else f"Ask {platform.support} again"
    return title, f"{said}; the follow-up was due {late} ago."
