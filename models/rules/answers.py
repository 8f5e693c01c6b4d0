"""The usual answers to a send that needs an agent, as its status and its advice suggest them."""

from typing import NamedTuple

from models.event_kind import EventKind
from models.providers import catalogue
from models.providers.replies import NoReply, To
from models.providers.status import Stage
from models.records import Advice, SendRecord
from models.rules.reply import usual_reader

_STEPS = 2
"""How many of the statuses that usually follow are offered."""


class Answer(NamedTuple):
    """One thing that agents usually do about a send as it stands."""

    kind: EventKind | None
    """What it adds to the history; None for a text that is written to somebody."""
    words: str
    """What the agent reads: `escalate to Sendoso Support`."""
    status: str = ""
    """The slug of the new status, for an override."""
    to: To | None = None
    """Whom a text is written to."""


def usual_answers(send: SendRecord, advice: Advice, until: str) -> tuple[Answer, ...]:
    """Return what agents usually do about *send*, the most likely first.

    Args:
        send: The send.
        advice: What its status and its limits suggest.
        until: The moment that a snooze is offered for, in words.
    """
    return (
        *_about_people(send, advice),
        *_about_status(send),
        Answer(EventKind.SNOOZE, f"snooze until {until}"),
        Answer(EventKind.DONE, "done for now"),
    )


def _about_people(send: SendRecord, advice: Advice) -> tuple[Answer, ...]:
    """Return whom to ask, and what to do where an answer is waited for."""
    support = catalogue.provider(send.provider).support
    if send.contested:
        return (Answer(EventKind.RELEASE, "keep or release the override"),)
    if send.escalated_at is not None:
        again = Answer(EventKind.ESCALATE, f"ask {support} again")
        return again, Answer(EventKind.RESOLVE, "resolve the escalation"), *_texts(send)
    contact = advice.contact or support
    if contact == support:
        return Answer(EventKind.ESCALATE, f"escalate to {contact}"), *_texts(send)
    return *_texts(send), Answer(EventKind.ESCALATE, f"contact {contact}")


def _texts(send: SendRecord) -> tuple[Answer, ...]:
    """Return whom there is something to write to, most often the sender."""
    row = catalogue.provider(send.provider).replies.get(send.status)
    to = usual_reader(send)
    if row is None or isinstance(row.text(to, late=False), NoReply):
        return ()
    return (Answer(None, f"write to the {to}", to=to),)


def _about_status(send: SendRecord) -> tuple[Answer, ...]:
    """Return the statuses that usually follow; a problem is for the platform to report."""
    if send.contested:
        return ()
    following = catalogue.may_follow(send.provider, send.status, send.type)
    steps = [status for status in following if status.stage is not Stage.PROBLEM]
    return tuple(
        Answer(EventKind.OVERRIDE, f"set {status.label}", status.slug) for status in steps[:_STEPS]
    )
