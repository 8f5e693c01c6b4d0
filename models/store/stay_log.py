"""Which stays in a status have ended, and which of them outlasted their limits: kept with every write.

Everything here runs within a transaction of the caller, which turns database errors into `DeskError`s.
"""

import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa

from models.rules.due import Policy
from models.rules.state import Stay
from models.rules.stays import Breaches, Cell, StayCounts, difference
from models.store import mapping, tables
from models.store.tables import col

_COUNT = mapping.table_of(tables.StayCount)
_BREACH = mapping.table_of(tables.LimitBreach)
# Part of most writes: as module constants they are built once, and SQLAlchemy compiles them once.
_ADD_COUNTS: Final = sa.insert(_COUNT)
_ADD_BREACHES: Final = sa.insert(_BREACH)
_REMOVE: Final = sa.delete(_BREACH).where(
    *(_BREACH.c[name] == sa.bindparam(f"the_{name}") for name in ("send_id", "status", "began"))
)
_OF_DAYS: Final = sa.select(*_COUNT.c).where(
    _COUNT.c.day >= sa.bindparam("first"), _COUNT.c.day <= sa.bindparam("last")
)
_LIMITS_CHANGED: Final = sa.select(sa.func.max(col(tables.SettingChange.at))).where(
    sa.or_(
        *(
            col(tables.SettingChange.subject).startswith(begins)
            for begins in ("limit ", "business hours", "holiday")
        )
    )
)
_AT_ONCE: Final = 500
"""How many rows one statement removes."""


class StayChanges:
    """The stays that one transaction ends or changes."""

    def __init__(self) -> None:
        self._counts = StayCounts()
        self._gone: list[dict[str, Any]] = []
        self._new: list[dict[str, Any]] = []
        self._breaches = Breaches(Policy())

    def change(
        self,
        send_id: int,
        provider: str,
        before: Sequence[Stay],
        after: Sequence[Stay],
        policy: Policy,
    ) -> None:
        """Note that the stays of a send were *before* and are *after*.

        Args:
            send_id: The send, by its id in this database.
            provider: The key of its provider.
            before: Its stays so far; empty for a new send.
            after: Those with what is written now.
            policy: The limits by which new stays count as breaches.
        """
        gone, new = difference(before, after)
        for stay in gone:
            self._counts.add(provider, stay, -1)
            self._gone.append(
                {"the_send_id": send_id, "the_status": stay.status, "the_began": stay.began}
            )
        if policy is not self._breaches.policy:
            self._breaches = Breaches(policy)
        for stay in new:
            self._counts.add(provider, stay)
            if breach := self._breaches.of(provider, stay):
                self._new.append({"send_id": send_id, "provider": provider, **breach._asdict()})

    def write(self, connection: sa.Connection, *, join: bool = False) -> None:
        """Store them, and begin anew.

        Args:
            connection: The transaction that writes the events.
            join: Whether to join them with the rows that are there; of all writers only one at a time may.
        """
        counts, gone, new = self._counts, self._gone, self._new
        self._counts, self._gone, self._new = StayCounts(), [], []
        if gone:
            connection.execute(_REMOVE, gone)
        if new:
            connection.execute(_ADD_BREACHES, new)
        if join and counts.lengths:
            days = sorted({day for day, *_ in counts.lengths})
            found = connection.execute(_OF_DAYS, {"first": _iso(days[0]), "last": _iso(days[-1])})
            rows = [row for row in found if _cell(row) in counts.lengths]
            add_stored(counts, rows)
            for start in range(0, len(rows), _AT_ONCE):
                ids = [row.id for row in rows[start : start + _AT_ONCE]]
                connection.execute(sa.delete(_COUNT).where(_COUNT.c.id.in_(ids)))
        if written := list(rows_of(counts)):
            connection.execute(_ADD_COUNTS, written)


def counts_of(connection: sa.Connection, first: date, last: date) -> StayCounts:
    """Return the stays that ended from the day *first* to the day *last*, in UTC."""
    counts = StayCounts()
    days = {"first": first.isoformat(), "last": last.isoformat()}
    add_stored(counts, connection.execute(_OF_DAYS, days))
    return counts


def limits_changed_at(connection: sa.Connection) -> datetime | None:
    """Return when a limit, the business hours or the holidays were last changed, in UTC; None for never."""
    found: datetime | None = connection.execute(_LIMITS_CHANGED).scalar()
    return found


def clear(connection: sa.Connection) -> None:
    """Remove all that is kept of stays, to be made anew."""
    connection.execute(sa.delete(_COUNT))
    connection.execute(sa.delete(_BREACH))


def add_stored(counts: StayCounts, rows: Iterable[sa.Row[Any]]) -> None:
    """Add stored *rows* to *counts*; one that cannot be read counts nothing, and `db verify` tells."""
    for row in rows:
        with suppress(ValueError, TypeError, AttributeError):
            cell = _cell(row)
            stored = {
                int(bucket): int(number) for bucket, number in json.loads(row.lengths).items()
            }
            lengths = counts.lengths.setdefault(cell, {})
            for bucket, number in stored.items():
                lengths[bucket] = lengths.get(bucket, 0) + number
            if row.reopened:
                counts.reopened[cell] += int(row.reopened)


def rows_of(counts: StayCounts) -> Iterable[dict[str, Any]]:
    """Yield the rows that store *counts*; ids are left to the database."""
    for cell, lengths in counts.lengths.items():
        day, provider, status = cell
        found = {bucket: number for bucket, number in sorted(lengths.items()) if number}
        reopened = counts.reopened[cell]
        if found or reopened:
            yield {
                "day": _iso(day),
                "provider": provider,
                "status": status,
                "lengths": json.dumps(found, separators=(",", ":")),
                "reopened": reopened,
            }


def _cell(row: sa.Row[Any]) -> Cell:
    return date.fromisoformat(row.day).toordinal(), row.provider, row.status


def _iso(day: int) -> str:
    return date.fromordinal(day).isoformat()
