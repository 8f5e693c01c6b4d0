"""When a send is due, how urgent it is, and when it is in triage."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from models.providers import catalogue
from models.providers.status import UNMAPPED_SLUG, Threshold
from models.records import SendRecord, Snooze, Urgency
from models.values.calendar import Calendar, Limit

WARNING = timedelta(hours=48)
"""How long before its limit a send counts as due soon."""
FOLLOW_UP = Limit(2, "bd")
"""When an escalated send is looked at again, unless the agent says otherwise."""
TEAM = "your team's own limit"
"""The source of a threshold that the team set."""


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
