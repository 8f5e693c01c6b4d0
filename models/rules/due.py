"""When a send is due, how urgent it is, and whether it is in triage.

This is the one statement of these rules. `due` is stored with every send; `urgency` and `in_triage`
are written as SQL in `models.query.sql.flags` and `models.reading.first_rows`, and a test holds those equal.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from models.providers import catalogue
from models.providers.status import UNMAPPED_SLUG, Status, Threshold
from models.records import SendRecord, Snooze, Urgency
from models.rules.refunds import expected_credit
from models.rules.state import SendState
from models.values.calendar import Calendar, Limit

CREDIT = "credit"
"""The key under which the team's own `CREDIT_LIMIT` is stored, among the usual spans."""
CREDIT_LIMIT = Threshold(
    Limit(7, "d"),
    "Send Desk; Sendoso's eGift FAQs promise the credit as soon as an offer ends",
)
"""After how long a credit that did not come is overdue, unless the team has set another time."""
WARNING = timedelta(hours=48)
"""How long before its limit a send counts as due soon."""
FOLLOW_UP = Limit(2, "bd")
"""When an escalated send is looked at again, unless the agent says otherwise."""
TEAM = "your team's own limit"
"""The source of a threshold that the team set."""
_NOTHING_SET: Final[Mapping[Any, Any]] = MappingProxyType({})


class Thresholds(NamedTuple):
    """The threshold of each status: the team's own where it has set one, else the catalogue's."""

    own: Mapping[tuple[str, str], Limit | None] = _NOTHING_SET
    """The limits that the team has set, by provider and status; None switches a limit off."""

    def of(self, provider: str, slug: str) -> Threshold | None:
        """Return the threshold of a status, or None if it has no limit.

        An unmapped status needs a person at once, whatever the team has set.
        """
        status = catalogue.status(provider, slug)
        if status.slug == UNMAPPED_SLUG or (provider, slug) not in self.own:
            return status.threshold
        limit = self.own[provider, slug]
        return None if limit is None else Threshold(limit, TEAM)


class Warnings(NamedTuple):
    """How long before its limit a send counts as due soon: the team's own time, else the usual one."""

    usual: timedelta = WARNING
    """For every status without a time of its own."""
    own: Mapping[tuple[str, str], timedelta] = _NOTHING_SET
    """By provider and status."""

    def of(self, provider: str, slug: str) -> timedelta:
        """Return the time of a status."""
        return self.own.get((provider, slug), self.usual)

    @property
    def all(self) -> frozenset[timedelta]:
        """Every time there is."""
        return frozenset((self.usual, *self.own.values()))


USUAL_WARNINGS = Warnings()
"""The times of a team that has set none."""


class RulesInForce(NamedTuple):
    """Which rules that time triggers are on, and how long sends last whose platform does not say."""

    off: frozenset[str] = frozenset()
    """The names of those that the desk has switched off."""
    spans: Mapping[tuple[str, str], Limit] = _NOTHING_SET
    """The usual spans that the desk has set, by key and campaign; the campaign is empty for all others."""


class Policy(NamedTuple):
    """The thresholds, the business days and the rules in force."""

    thresholds: Thresholds = Thresholds()
    calendar: Calendar = Calendar()
    warnings: Warnings = USUAL_WARNINGS
    rules: RulesInForce = RulesInForce()
    left_out: tuple[str, ...] = ()
    """A sentence for each stored limit or day off that cannot be read and so is not in force."""

    @property
    def credit_limit(self) -> Limit:
        """After how long a credit that did not come is overdue."""
        return self.rules.spans.get((CREDIT, ""), CREDIT_LIMIT.limit)


class Due(NamedTuple):
    """When a send is due; all times are aware UTC."""

    at_once: bool = False
    """Whether it needs a person from `due_at` on, not only after it. If set, there is a `due_at`."""
    due_at: datetime | None = None
    """When the limit of its status is over, or None if there is none and nobody asked for a reminder."""
    triage_at: datetime | None = None
    """When it enters triage, or None while nothing but a change can bring it there."""
    credit_due_at: datetime | None = None
    """When a credit that is expected is overdue, or None if none is."""


def due(state: SendState, status: Status, since: datetime, policy: Policy) -> Due:
    """Return when a send is due and when it enters triage.

    Args:
        state: What its history adds up to.
        status: The status in force: the override's while one stands.
        since: When the send entered it, in UTC.
        policy: The thresholds and business days in force.
    """
    threshold = None if status.final else policy.thresholds.of(status.provider, status.slug)
    contested = state.contested_at is not None
    at_once = contested or (threshold is not None and threshold.limit.at_once)
    until_time = state.snoozed_until if state.snooze is Snooze.UNTIL_TIME else None
    credit_due_at = _credit_due_at(state, status.provider, policy)
    if contested:
        due_at = state.contested_at
    elif threshold is not None:
        is_reported = state.override is None and not (state.rule and state.rule.status)
        start = (state.limit_from or since) if is_reported else since
        due_at = policy.calendar.after(start, threshold.limit)
    elif state.rule is not None and not state.rule.status:
        # A rule has reminded of its end.
        due_at = state.rule.ends_at
    elif credit_due_at is None:
        # Without a limit, a send is due when the agent wanted to be reminded of it.
        due_at = state.follow_up_at or until_time
    else:
        due_at = credit_due_at
    if due_at is None:
        return Due()
    if credit_due_at is not None and not at_once:
        due_at = min(due_at, credit_due_at)
    back_at = max(due_at, state.follow_up_at or due_at)
    match state.snooze:
        case Snooze.UNTIL_CHANGE:
            return Due(at_once, due_at, None, credit_due_at)
        case Snooze.DONE if state.snoozed_at and _reached(at_once, back_at, state.snoozed_at):
            # The agent said done after the limit was over: only a change brings the send back.
            return Due(at_once, due_at, None, credit_due_at)
        case _:
            triage_at = max(back_at, until_time or back_at)
            return Due(at_once, due_at, triage_at, credit_due_at)


def _credit_due_at(state: SendState, provider: str, policy: Policy) -> datetime | None:
    """Return when the credit that is expected is overdue; None if none is."""
    owed = expected_credit(provider, state)
    return None if owed is None else policy.calendar.after(owed.at, policy.credit_limit)


def is_due_for_credit(send: SendRecord) -> bool:
    """Whether a credit is what *send* is due for, and not the limit of its status."""
    return send.credit_due_at is not None and send.credit_due_at == send.due_at


def is_credit_overdue(send: SendRecord, now: datetime) -> bool:
    """Whether a credit was expected for *send* and has not come in time at *now* (UTC)."""
    return send.credit_due_at is not None and send.credit_due_at < now


def urgency(send: SendRecord, now: datetime, warning: timedelta = WARNING) -> Urgency:
    """Return how urgent *send* is, snoozed or not.

    Args:
        send: The send.
        now: The present, in UTC.
        warning: How long before its limit it counts as due soon.
    """
    if send.at_once:
        return "now"
    if send.due_at is None:
        return "none"
    if now > send.due_at:
        return "over"
    return "soon" if send.due_at - now <= warning else "ok"


def in_triage(send: SendRecord, now: datetime) -> bool:
    """Whether *send* needs a person at *now* (UTC): overdue or due at once, and not snoozed."""
    return send.triage_at is not None and _reached(send.at_once, send.triage_at, now)


def is_put_off(send: SendRecord, now: datetime) -> bool:
    """Whether *send* is snoozed or done at *now* (UTC), and not back from that by itself."""
    until = send.snoozed_until
    is_over = send.snooze == Snooze.UNTIL_TIME and (until is None or until <= now)
    return bool(send.snooze) and not is_over and not in_triage(send, now)


def is_snoozed(send: SendRecord, now: datetime) -> bool:
    """Whether *send* is snoozed at *now* (UTC), and not back from that by itself."""
    return send.snooze != Snooze.DONE and is_put_off(send, now)


def is_done(send: SendRecord, now: datetime) -> bool:
    """Whether an agent has called *send* done, and it is not back from that by *now* (UTC)."""
    return send.snooze == Snooze.DONE and is_put_off(send, now)


def _reached(at_once: bool, moment: datetime, now: datetime) -> bool:
    """Whether *moment* is over at *now*: at the very moment, only what is due at once is."""
    return moment < now or (at_once and moment == now)
