"""A filtered, sorted list read in windows, at nearly the same cost anywhere in it."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from models.reading.access_path import Condition, Effort, Reach, Ways
from models.reading.sort_order import Ordering
from models.records import SendRecord
from models.store import mapping, tables


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A part of a walk: some sends are passed by, the next ones taken."""

    ahead: Condition
    """What lies behind the place where it begins."""
    skipped: int
    count: int
    order: list[sa.UnaryExpression[Any]]
    is_turned: bool = False
    """Whether it leads from the end towards the beginning."""


@dataclass(slots=True)
class Listing:
    """The sends of one query in one order, as they stood at one moment.

    Few sends are found at once, wherever an index leads to them, and their order is remembered. Many
    are walked along the index of their order: places are found from remembered edges, the sort values
    of rows whose place is known, so no window is reached by counting from the beginning once its
    neighbourhood was seen. A walk that meets too few is given up for finding them all. Left to
    themselves databases mistake one kind of list for the other.

    One thread reads the windows. After the first, another may count and ask for positions.
    """

    reach: Reach
    ordering: Ordering
    effort: Effort = Effort()  # noqa: RUF009 - a frozen value
    total: int | None = None
    """How many sends there are, once counted."""
    _ids: Sequence[int] | None = None
    """All sends in their order, if they are remembered."""
    _ways: Ways | None = None
    _is_long: bool = False
    """Whether there were too many to remember."""
    _edges: dict[int, tuple[Any, ...]] = field(default_factory=dict)
    """By the place of a row, the sort values of the row just before it."""

    def count(self, connection: sa.Connection) -> int:
        """Return how many sends there are, exactly; the database is asked once."""
        ways = self._weigh(connection)
        if ways.most is None and self.total is None and self.reach.candidates:
            ways = self.reach.weigh(connection, self.effort, self.effort.many)
        if ways.most is not None and self.total is None:
            # All have to be looked at anyway; then every place of the list is at hand.
            self._gather(connection, ways, self.effort.many)
        if self.total is None:
            counted = sa.select(sa.func.count()).select_from(tables.Send).where(ways.finding)
            self.total = int(connection.execute(counted).scalar_one())
        return self.total

    def window(self, connection: sa.Connection, start: int, count: int) -> tuple[SendRecord, ...]:
        """Return up to *count* sends from place *start*; reads from the nearer side."""
        ways = self._weigh(connection)
        stretch = self._stretch(start, count)
        rows: Sequence[sa.Row[Any]] = ()
        if self._ids is None:
            if stretch.skipped and not self.ordering.is_indexed:
                # Each look into the middle would sort everything once more.
                self._gather(connection, ways, None)
            else:
                rows = self._walk(connection, ways, stretch)
        if self._ids is not None:
            return _in_this_order(connection, self._ids[start : start + count])
        if rows:
            self._edges[start + len(rows)] = self.ordering.values(rows[-1])
        if len(rows) < count and (rows or not start):
            self.total = start + len(rows)
        if not self._reads_all_of(stretch):
            return _in_this_order(connection, [row.id for row in rows])
        return tuple(mapping.record(row) for row in rows)

    def first(self, connection: sa.Connection, count: int) -> sa.Select[Any]:
        """Return the statement that finds the first *count* sends, as this list asks for them."""
        ways = self._weigh(connection)
        condition = ways.walking if self._ids is None else ways.finding
        columns = self._columns(all_of_them=self.ordering.is_indexed)
        wanted = sa.select(*columns).where(condition)
        return wanted.order_by(*self.ordering.forwards).limit(count)

    def position(self, connection: sa.Connection, send_id: int) -> int | None:
        """Return the place of a send, or None if it is not in the list."""
        ways = self._weigh(connection)
        if self._ids is None and ways.most is not None:
            self._gather(connection, ways, self.effort.many)
        if self._ids is not None:
            return self._ids.index(send_id) if send_id in self._ids else None
        wanted = sa.select(*self.ordering.columns)
        wanted = wanted.where(col(tables.Send.id) == send_id, self.reach.check)
        row = connection.execute(wanted).first()
        if row is None:
            return None
        ahead = self.ordering.before(self.ordering.values(row))
        counted = sa.select(sa.func.count()).select_from(tables.Send).where(ways.finding, ahead)
        return int(connection.execute(counted).scalar_one())

    def nearest(
        self, connection: sa.Connection, send_id: int, clause: Condition, *, backwards: bool
    ) -> int | None:
        """Return the place of the nearest send that also meets *clause*, or None.

        Args:
            connection: An open transaction.
            send_id: Where to start; it does not count itself.
            clause: What to look for.
            backwards: Look towards the beginning.
        """
        finding = self._weigh(connection).finding
        here = sa.select(*self.ordering.columns).where(col(tables.Send.id) == send_id)
        row = connection.execute(here).first()
        if row is None:
            return None
        values = self.ordering.values(row)
        beyond = self.ordering.before(values) if backwards else self.ordering.after(values)
        order = self.ordering.backwards if backwards else self.ordering.forwards
        wanted = sa.select(col(tables.Send.id)).where(finding, clause, beyond)
        found = connection.execute(wanted.order_by(*order).limit(1)).scalar_one_or_none()
        return None if found is None else self.position(connection, found)

    def _reads_all_of(self, stretch: _Stretch) -> bool:
        """Whether rows are read whole; where many are sorted or passed by for a few, that costs more."""
        return self.ordering.is_indexed and stretch.skipped < self.effort.unread

    def _columns(self, *, all_of_them: bool) -> tuple[sa.ColumnElement[Any], ...]:
        of_row = mapping.record_columns() if all_of_them else (col(tables.Send.id),)
        return (*of_row, *self.ordering.columns)

    def _weigh(self, connection: sa.Connection) -> Ways:
        """Return how to ask; the first time all sends are found if they turn out to be few."""
        if self._ways is None:
            ways = self.reach.weigh(connection, self.effort, self.effort.some)
            if ways.most is not None and (
                ways.most <= self.effort.few or not self.ordering.is_indexed
            ):
                self._gather(connection, ways, self.effort.many)
            self._ways = ways
        return self._ways

    def _gather(self, connection: sa.Connection, ways: Ways, most: int | None) -> None:
        """Remember the order of all sends, which are found before they are sorted, if there are at most *most*."""
        wanted = sa.select(col(tables.Send.id).label("id"), *self.ordering.columns)
        wanted = wanted.where(ways.finding).limit(None if most is None else most + 1)
        found = wanted.cte("found").prefix_with("MATERIALIZED")
        values = [found.c[label.name] for label in self.ordering.columns]
        in_order = sa.select(found.c.id).order_by(*self.ordering.over(values))
        ids = array("q", connection.execute(in_order).scalars())
        if most is None or len(ids) <= most:
            self._ids, self.total = ids, len(ids)
        else:
            self._is_long = True

    def _stretch(self, start: int, count: int) -> _Stretch:
        """Return the way to a window from the nearest place that is known."""
        known = max((place for place in self._edges if place <= start), default=0)
        ahead = self.ordering.after(self._edges[known]) if known else sa.true()
        if self.total is not None:
            behind = max(self.total - start - count, 0)
            if behind < start - known:
                rest = max(min(count, self.total - start), 0)
                return _Stretch(sa.true(), behind, rest, self.ordering.backwards, is_turned=True)
        return _Stretch(ahead, start - known, count, self.ordering.forwards)

    def _walk(
        self, connection: sa.Connection, ways: Ways, stretch: _Stretch
    ) -> Sequence[sa.Row[Any]]:
        """Return the rows of a window, unless it turns out that all sends are better remembered."""
        columns = self._columns(all_of_them=self._reads_all_of(stretch))
        wanted = sa.select(*columns).where(ways.walking, stretch.ahead).order_by(*stretch.order)
        wanted = wanted.limit(stretch.count).offset(stretch.skipped)
        near = self._near(connection, ways, stretch)
        rows = connection.execute(wanted if near is None else wanted.where(near)).all()
        if near is not None and len(rows) < stretch.count:
            self._gather(connection, ways, self.effort.many)
            rows = connection.execute(wanted).all() if self._is_long else ()
        return rows[::-1] if stretch.is_turned else rows

    def _near(self, connection: sa.Connection, ways: Ways, stretch: _Stretch) -> Condition | None:
        """Return the condition for what is worth walking by, or None if there is no other way."""
        if self._is_long or stretch.skipped or ways.far is None or not self.ordering.is_indexed:
            return None
        edge = sa.select(*self.ordering.columns).where(self.reach.along, stretch.ahead)
        row = connection.execute(edge.order_by(*stretch.order).offset(ways.far).limit(1)).first()
        if row is None:
            return None
        values = self.ordering.values(row)
        return self.ordering.after(values) if stretch.is_turned else self.ordering.before(values)


def _in_this_order(connection: sa.Connection, ids: Sequence[int]) -> tuple[SendRecord, ...]:
    """Return the sends with *ids*, as far as they are still there."""
    wanted = sa.select(*mapping.record_columns()).where(col(tables.Send.id).in_(ids))
    found = {row.id: mapping.record(row) for row in connection.execute(wanted)}
    return tuple(found[send_id] for send_id in ids if send_id in found)
