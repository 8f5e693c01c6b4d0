"""What a limit would change before it is set, and how many sends are past the limits in force."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

import sqlalchemy as sa

from models.database import Database
from models.database.cancel import Reads
from models.providers.catalogue import STATUSES
from models.providers.status import Status
from models.records import Snooze
from models.store import mapping
from models.store.tables import Send, col
from models.values.calendar import Calendar, Limit

OVER_MOST: Final = 10_000
"""Up to this many sends past the limit of a status are counted."""
_YEARS_BACK = timedelta(days=60 * 366)
"""Longer than any limit lasts: 9,999 business days are 39 years."""
_TICK = timedelta(microseconds=1)


class Effect(NamedTuple):
    """What a limit would change for the sends that are in its status now."""

    sends: int
    """How many are in the status."""
    over: int
    """How many of them are past the limit in force."""
    more: int
    """How many would be past the new limit and are not past the one in force."""
    fewer: int
    """How many would be past the new limit no longer."""

    @property
    def words(self) -> str:
        """The change in words: `14 more past their limit, 3 fewer`."""
        parts = [f"{self.more:,} more past their limit"] if self.more else []
        if self.fewer:
            parts.append(
                f"{self.fewer:,} fewer" if parts else f"{self.fewer:,} fewer past their limit"
            )
        return ", ".join(parts) or "as many past their limit as now"


def effect(
    database: Database,
    status: Status,
    limit: Limit | None,
    now: datetime,
    reads: Reads | None = None,
) -> Effect:
    """Return what *limit* would change at *now* (UTC); nothing is written.

    Args:
        database: An open database.
        status: Whose limit it would be.
        limit: The limit; None switches it off.
        now: The present, in UTC.
        reads: What the read belongs to, so that another thread can cancel it.

    Raises:
        DeskUnavailable: If the database cannot be read.
        Cancelled: If it was cancelled, before or meanwhile.
    """
    contested, over = col(Send.contested), _is_over(now)
    with database.read(reads) as connection:
        calendar = mapping.policy_of(connection).calendar
        # What is contested is due for that, whatever the limit is.
        would_be = _would_be_over(_start_in(status), limit, calendar, now)
        then = sa.or_(sa.and_(contested, over), ~contested & would_be)
        numbers = (_sum(over), _sum(then & ~over), _sum(over & ~then))
        wanted = sa.select(sa.func.count(), *numbers).where(
            col(Send.provider) == status.provider, col(Send.status) == status.slug
        )
        sends, *others = connection.execute(wanted).one()
    return Effect(sends, *(int(each or 0) for each in others))


def counts_over(database: Database, now: datetime) -> Mapping[str, int]:
    """Return how many sends are past the limit of each status now, by its key, up to `OVER_MOST` + 1.

    Each is counted by one range of an index. Statuses without such sends are left out.

    Raises:
        DeskUnavailable: If the database cannot be read.
    """
    statuses = [
        status for known in STATUSES.values() for status in known.values() if not status.final
    ]
    counted = [_count_over(status, now).label(f"n{place}") for place, status in enumerate(statuses)]
    with database.read() as connection:
        row = connection.execute(sa.select(*counted)).one()
    return {status.key: count for status, count in zip(statuses, row, strict=True) if count}


def _count_over(status: Status, now: datetime) -> sa.Label[int] | sa.ScalarSelect[int]:
    here = sa.and_(
        col(Send.status) == status.slug,
        # The index has the moments of one status; what is due at once has its moment behind it.
        col(Send.due_at) <= now,
        col(Send.provider) == status.provider,
        _is_over(now),
    )
    found = (
        sa.select(sa.literal(1))
        .select_from(mapping.table_of(Send))
        .where(here)
        .limit(OVER_MOST + 1)
    )
    return sa.select(sa.func.count()).select_from(found.subquery()).scalar_subquery()


def _is_over(now: datetime) -> sa.ColumnElement[bool]:
    """Return the condition for a send that is past its limit, or due at once."""
    at_once = sa.and_(col(Send.at_once))
    return sa.or_(col(Send.due_at) < now, sa.and_(at_once, col(Send.due_at) <= now))


def _start_in(status: Status) -> Any:
    """Return from when the limit of *status* runs for a send in it."""
    since = col(Send.since)
    if not status.runs_from_schedule:
        return since
    scheduled = col(Send.scheduled_at)
    runs_from_it = scheduled.is_not(None) & col(Send.override_status).is_(None)
    return sa.case((runs_from_it, scheduled), else_=since)


def _would_be_over(
    start: Any, limit: Limit | None, calendar: Calendar, now: datetime
) -> sa.ColumnElement[bool]:
    if limit is None:
        # Without a limit a send is due when its agent wanted to be reminded of it.
        until = col(Send.snoozed_until)
        snoozed = sa.and_(col(Send.snooze) == Snooze.UNTIL_TIME, until.is_not(None), until < now)
        follow_up = col(Send.follow_up_at)
        return sa.or_(
            sa.and_(follow_up.is_not(None), follow_up < now),
            sa.and_(follow_up.is_(None), snoozed),
        )
    over: sa.ColumnElement[bool] = (
        start <= now if limit.at_once else start < _first_within(limit, calendar, now)
    )
    return over


def _first_within(limit: Limit, calendar: Calendar, now: datetime) -> datetime:
    """Return the earliest moment from which *limit* is not over at *now*.

    The end of a limit never comes earlier for a later beginning, so it is found by halving.
    """
    before, within = max(now - _YEARS_BACK, datetime(1, 1, 2, tzinfo=UTC)), now
    while within - before > _TICK:
        middle = before + (within - before) / 2
        if calendar.after(middle, limit) < now:
            before = middle
        else:
            within = middle
    return within


def _sum(condition: sa.ColumnElement[bool]) -> sa.Function[int]:
    return sa.func.sum(sa.case((condition, 1), else_=0))
