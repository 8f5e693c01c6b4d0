"""What an agent does about a send now, and why, in sentences that are safe to show."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from models.providers import catalogue
from models.providers.status import UNMAPPED_SLUG, Stage, Status, Threshold
from models.records import Advice, Credit, SendRecord, Snooze
from models.rules import credit_words
from models.rules.batches import runs_from_schedule
from models.rules.due import (
    CREDIT_LIMIT,
    FOLLOW_UP,
    TEAM,
    Policy,
    in_triage,
    is_due_for_credit,
    urgency,
)
from models.rules.wording import number_to_quote, status_word
from models.values.calendar import span_words
from models.values.local_time import LocalTime
from models.values.text import display_text

if TYPE_CHECKING:
    from models.providers.time_rule import TimeRule

_TITLES: Mapping[Stage, str] = {
    Stage.WAITING: "Wait for the recipient",
    Stage.WORKING: "Wait for {name}",
    Stage.MOVING: "Wait for the carrier",
    Stage.DONE: "Nothing left to do",
    Stage.PROBLEM: "Keep an eye on it",
    Stage.CLOSED: "Nothing left to do",
}
"""What to do while no limit is near; `{name}` is the provider's."""


def advise(
    send: SendRecord, local: LocalTime, policy: Policy, credit: Credit | None = None
) -> Advice:
    """Return what an agent does about a send, and why.

    Of a snoozed or escalated send the advice says first how long to wait.

    Args:
        send: The send.
        local: The present for which the advice holds, of the agent who reads it.
        policy: The thresholds and business days in force.
        credit: How the credit of the send stands; None if it has none.
    """
    status = catalogue.status(send.provider, send.status)
    threshold = None if status.final else policy.thresholds.of(send.provider, send.status)
    ending = None if status.final or threshold is not None else _rule_of(send)
    if send.contested:
        advice = _contested(send, status, local)
    elif send.status == UNMAPPED_SLUG:
        advice = _unmapped(send, status)
    elif credit is not None and is_due_for_credit(send):
        advice = _by_credit(send, local, status, credit, policy)
    elif ending is not None and not ending.to and send.override_status is None:
        advice = _reminder(send, local, status, ending, policy)
    else:
        advice = _by_threshold(send, local, status, threshold, policy)
    title, waiting = _waiting(send, local, status)
    if not title:
        return advice
    waits = not in_triage(send, local.now)
    return advice._replace(title=title, body=f"{waiting} {advice.body}", waits=waits)


def _contested(send: SendRecord, status: Status, local: LocalTime) -> Advice:
    name = catalogue.provider(send.provider).name
    word = status_word(send.provider, send.provider_status, send.provider_raw)
    since = f" since {local.words(send.provider_at)}" if send.provider_at else ""
    by = display_text(send.override_by, 40)
    return Advice(
        "now",
        "Keep or release the override",
        f"{name} says {word}{since}; the override by {by} says {status.label}. "
        f"Release it to follow {name}, or set it again to keep it.",
        "The platform's word is newer than the override and is not a usual step after it.",
        status.contact,
    )


def _unmapped(send: SendRecord, status: Status) -> Advice:
    word = display_text(send.provider_raw, 60)
    nearest = catalogue.suggest(send.provider, send.provider_raw, send.type)
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


def _rule_of(send: SendRecord) -> "TimeRule | None":
    if not send.rule:
        return None
    # Most sends have none.
    from models.rules.time_rules import rules

    return rules().get(send.rule)


def _ends_by_estimate(send: SendRecord) -> str:
    """Return what is said behind an end that is estimated; empty if the platform gave it."""
    from models.rules.time_rules import is_estimate

    return ", by an estimated end" if is_estimate(send) else ""


def _reminder(
    send: SendRecord, local: LocalTime, status: Status, rule: "TimeRule", policy: Policy
) -> Advice:
    """Return the advice for a send whose end is near, as a rule has reminded of."""
    now, end = local.now, send.due_at or local.now
    when = f"{local.words(end)}{_ends_by_estimate(send)}"
    if end >= now:
        left = span_words(end - now)
        title, told = f"It ends in {left}", f"it ends {when}"
    else:
        name = catalogue.provider(send.provider).name
        title = f"Ask {name} what became of it"
        told = f"it ended {when}, and {name} has said nothing since"
    return Advice(
        urgency(send, now, policy.warnings.of(send.provider, send.status)),
        title,
        f"{_stay(send, status, local)}; {told}. {status.advice}",
        f"The rule {rule.name} reminds of {rule.matches} ({rule.source}).",
        status.contact,
    )


def _by_threshold(
    send: SendRecord,
    local: LocalTime,
    status: Status,
    threshold: Threshold | None,
    policy: Policy,
) -> Advice:
    """Return the advice for a send that is neither contested nor unmapped."""
    now = local.now
    platform = catalogue.provider(send.provider)
    waiting = status.stage is Stage.WAITING
    contact = status.contact or ("the sender" if waiting else platform.support)
    quote = _quote(send, local, policy) if contact == platform.support else ""
    pressing = urgency(send, now, policy.warnings.of(send.provider, send.status))
    stay = _stay(send, status, local)
    calm = _TITLES[status.stage].format(name=platform.name)
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
    if send.is_by_rule:
        said = status_word(send.provider, send.provider_status, send.provider_raw)
        body = f"By time alone; {platform.name} still says {said}. {body}"
    return Advice(pressing, title, body, _why(send, status, threshold), status.contact)


def _by_credit(
    send: SendRecord, local: LocalTime, status: Status, credit: Credit, policy: Policy
) -> Advice:
    """Return the advice for a send that is due because its credit is expected, and for nothing else."""
    assert send.credit_due_at is not None
    now, limit = local.now, policy.credit_limit
    platform = catalogue.provider(send.provider)
    pressing = urgency(send, now, policy.warnings.of(send.provider, send.status))
    expected = credit_words.told(credit, local)
    if pressing == "over":
        title = f"Ask {platform.support} for the credit"
        body = (
            f"{expected}, and not confirmed: {span_words(now - send.credit_due_at)} past the limit of "
            f"{limit.words}. Ask on which day it was paid.{_quote(send, local, policy)}"
        )
    else:
        left = span_words(send.credit_due_at - now)
        title = f"Watch it: {left} left" if pressing == "soon" else "Wait for the credit"
        body = f"{expected}; the limit of {limit.words} is over in {left}."
    source = CREDIT_LIMIT.source if limit == CREDIT_LIMIT.limit else TEAM
    why = f"A credit that is not confirmed after {limit.words} is overdue ({source})."
    if send.is_by_rule:
        why = f"{_why(send, status, None)} {why}"
    return Advice(pressing, title, body, why, platform.support)


def _quote(send: SendRecord, local: LocalTime, policy: Policy) -> str:
    """Return which number to quote to the platform's support, and when to look again."""
    if send.escalated_at is not None:
        return f" Quote {number_to_quote(send)}."
    again = local.words(policy.calendar.or_usual(local.zone).after(local.now, FOLLOW_UP))
    return f" Quote {number_to_quote(send)}. If you escalate now, look again {again}."


def _stay(send: SendRecord, status: Status, local: LocalTime) -> str:
    """Return how long it stands as it does; of what waits for its time, when that is or was."""
    if runs_from_schedule(send):
        assert send.scheduled_at is not None
        word = "was" if send.scheduled_at <= local.now else "is"
        return f"{status.label}; it {word} to be sent {local.words(send.scheduled_at)}"
    return f"{status.label} for {span_words(local.now - send.since)}"


def _why(send: SendRecord, status: Status, threshold: Threshold | None) -> str:
    rule = _rule_of(send)
    if rule is not None and send.is_by_rule:
        estimated = _ends_by_estimate(send)
        return (
            f"The rule {rule.name} makes {rule.matches} {status.label}{estimated} ({rule.source})."
        )
    if status.final:
        return f"Nothing more is expected after {status.label} ({status.source})."
    if threshold is None:
        return f"{status.label} has no limit ({status.source})."
    if threshold.limit.at_once:
        return f"{status.label} needs a person at once ({threshold.source})."
    if runs_from_schedule(send):
        late = f"More than {threshold.limit.words} after its time is too late"
        return f"{late} for what is {status.label} ({threshold.source})."
    return f"More than {threshold.limit.words} in {status.label} is too long ({threshold.source})."


def _waiting(send: SendRecord, local: LocalTime, status: Status) -> tuple[str, str]:
    """Return title and sentence for a snoozed or escalated send; both empty for any other."""
    now = local.now
    platform = catalogue.provider(send.provider)
    if send.snooze and not in_triage(send, now):
        until = send.snoozed_until
        match send.snooze:
            case Snooze.UNTIL_CHANGE:
                return "Snoozed", f"Comes back into triage when {platform.name} changes it."
            case Snooze.DONE:
                return (
                    "Done for now",
                    f"Comes back into triage when {platform.name} changes it or its next limit is over.",
                )
            case _ if until is not None and until > now:
                return "Snoozed", f"Comes back into triage {local.words(until)}."
    if send.escalated_at is None:
        return "", ""
    reference = f" as {display_text(send.escalation_ref, 60)}" if send.escalation_ref else ""
    said = f"Escalated {local.words(send.escalated_at)}{reference}"
    title = "Close the escalation" if status.final else f"Wait for {platform.support}"
    if send.follow_up_at is None:
        return title, f"{said}."
    if send.follow_up_at >= now:
        return title, f"{said}; look again {local.words(send.follow_up_at)}."
    late = span_words(now - send.follow_up_at)
    title = title if status.final else f"Ask {platform.support} again"
    return title, f"{said}; the follow-up was due {late} ago."
