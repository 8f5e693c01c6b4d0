"""What the passing of time alone changes: the next moment, and what has come into triage since."""

from datetime import datetime
from typing import Any, Literal, NamedTuple

import sqlalchemy as sa

from models.records import SendRecord, Snooze
from models.rules.due import USUAL_WARNINGS, Warnings, in_triage
from models.store import mapping
from models.store.tables import NEVER, Send, col

Reason = Literal["snooze", "follow-up", "limit"]
"""Why a send is in triage: its snooze or the wait for an answer has ended, or its limit is over."""
ARRIVALS_MOST = 1_000
"""How many arrivals are read at most; more than that nobody looks through one by one."""

_triage_at = col(Send.triage_at)
_due_at = col(Send.due_at)
_snoozed_until = col(Send.snoozed_until)
_rule_at = col(Send.rule_at)
_SNOOZED = (col(Send.snooze) != "", col(Send.snooze) == Snooze.UNTIL_TIME)
"""Of which sends a snooze ends; the first term lets the index of put off sends answer."""


class Arrival(NamedTuple):
    """A send that time alone has brought into triage."""

    send_id: int
    reason: Reason


class PassingTime(NamedTuple):
    """What time has done, and when it does something next."""

    arrivals: tuple[Arrival, ...]
    """The earliest first, at most `ARRIVALS_MOST`."""
    next_at: datetime | None
    """The next moment, in UTC, that changes a list, a count or a colour; None if there is none."""
    are_rules_due: bool = False
    """Whether the rules that time triggers have something to do."""


def read(
    connection: sa.Connection, since: datetime, now: datetime, warnings: Warnings = USUAL_WARNINGS
) -> PassingTime:
    """Return what time has brought into triage from *since* to *now*, both in UTC.

    Each question is a look into one index, however many sends there are.
    """
    came = (
        sa.select(*mapping.record_columns())
        .where(_triage_at >= since, _triage_at <= now)
        .order_by(_triage_at)
        .limit(ARRIVALS_MOST)
    )
    sends = map(mapping.record, connection.execute(came))
    arrivals = tuple(
        Arrival(send.id, _reason(send))
        for send in sends
        if in_triage(send, now) and not in_triage(send, since)
    )
    rule_at = sa.select(_rule_at).where(_rule_at <= now).order_by(_rule_at).limit(1)
    are_due = connection.execute(rule_at).first() is not None
    return PassingTime(arrivals, _next_moment(connection, now, warnings), are_due)


def _reason(send: SendRecord) -> Reason:
    if send.triage_at == send.snoozed_until:
        return "snooze"
    return "follow-up" if send.triage_at == send.follow_up_at else "limit"


def _next_moment(connection: sa.Connection, now: datetime, warnings: Warnings) -> datetime | None:
    """Return when the next send is due, nearly due, back from a snooze, or up to a rule; not before *now*."""
    following = [
        _first(connection, _triage_at, now),
        _first(connection, _due_at, now),
        _first(connection, _snoozed_until, now, *_SNOOZED),
        # What is due this very moment is told apart: the rules may be unable to do it.
        _first(connection, _rule_at, now, _rule_at > now),
    ]
    moments = [moment for moment in following if moment is not None]
    # A time that is of other statuses brings the moment forward at most, which costs one look more.
    for before in warnings.all:
        due_later = _first(connection, _due_at, now + before)
        if due_later is not None:
            moments.append(due_later - before)
    return min(moments, default=None)


def _first(
    connection: sa.Connection, column: Any, start: datetime, *more: sa.ColumnElement[bool]
) -> datetime | None:
    """Return the earliest time in *column* that is not before *start*, or None."""
    statement = sa.select(column).where(column >= start, column < NEVER, *more)
    found: datetime | None = connection.execute(statement.order_by(column).limit(1)).scalar()
    return found
