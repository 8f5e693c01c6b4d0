"""A filtered, sorted list read in windows, at the same cost anywhere in it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from models import journal, tables
from models.ordering import Ordering
from models.query import Query, shape
from models.query.tree import Node, top_terms
from models.records import SendRecord

FEW = 10_000
"""How many sends a list may have to be short."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Ways to the sends of a filter."""

    walking: sa.ColumnElement[bool]
    """The filter as it is asked along the index of the order, which it leaves no choice."""
    narrow: sa.ColumnElement[bool] | None
    """What of the filter other indexes find; None where they do not help."""
    asks_history: bool
    """Whether the history has to be searched, for which once is enough."""

    @classmethod
    def of(cls, query: Query, where: Callable[[Node], sa.ColumnElement[bool]]) -> "Reach":
        """Return the ways to the sends of *query*, whose conditions *where* makes."""
        parts = shape(query.tree, query.sort)
        walking = where(parts.along)
        if top_terms(parts.rest):
            walking &= sa.case((where(parts.rest), 1), else_=0) == 1
        narrow = None if parts.narrow is None else where(parts.narrow)
        return cls(walking, narrow, parts.asks_history)


@dataclass(slots=True)
class Listing:
    """The sends of one query in one order, as they stood at one moment.

    A short list is found at once, wherever an index leads to its sends, and its order is remembered.
    A long one is walked along the index of its order: places are found from remembered edges, the
    sort values of rows whose place is known, so no window is reached by counting from the beginning
    once its neighbourhood was seen. Left to themselves databases mistake one kind for the other.
    Only one thread may use a listing at a time.
    """

    clause: sa.ColumnElement[bool]
    ordering: Ordering
    reach: Reach
    total: int | None = None
    """How many sends there are, once counted."""
    _ids: list[int] | None = None
    """All sends in their order, if the list is short."""
    _weighed: bool = False
    _edges: dict[int, tuple[Any, ...]] = field(default_factory=dict)
    """By the place of a row, the sort values of the row just before it."""

    def count(self, connection: sa.Connection) -> int:
        """Return how many sends there are, exactly; the database is asked once."""
        self._weigh(connection)
        if self.total is None:
            wanted = sa.select(sa.func.count()).select_from(tables.Send).where(self.clause)
            self.total = int(connection.execute(wanted).scalar_one())
        return self.total

    def window(self, connection: sa.Connection, start: int, count: int) -> tuple[SendRecord, ...]:
        """Return up to *count* sends from place *start*; reads from the nearer side."""
        self._weigh(connection)
        if self._ids is not None:
            return _in_this_order(connection, self._ids[start : start + count])
        known = max((place for place in self._edges if place <= start), default=0)
        behind = None if self.total is None else max(self.total - start - count, 0)
        wanted = self._select()
        if behind is not None and behind < start - known:
            assert self.total is not None
            wanted = wanted.order_by(*self.ordering.backwards)
            wanted = wanted.limit(max(min(count, self.total - start), 0)).offset(behind)
            rows = connection.execute(wanted).all()[::-1]
        else:
            if known:
                wanted = wanted.where(self.ordering.after(self._edges[known]))
            wanted = wanted.order_by(*self.ordering.forwards).limit(count)
            rows = connection.execute(
                wanted.offset(start - known) if start > known else wanted
            ).all()
        self._remember(start, rows)
        return tuple(journal.record(row) for row in rows)

    def position(self, connection: sa.Connection, send_id: int) -> int | None:
        """Return the place of a send, or None if it is not in the list."""
        self._weigh(connection)
        if self._ids is not None:
            return self._ids.index(send_id) if send_id in self._ids else None
        wanted = sa.select(*self.ordering.columns)
        row = connection.execute(wanted.where(self.clause, col(tables.Send.id) == send_id)).first()
        if row is None:
            return None
        ahead = self.ordering.before(self.ordering.values(row))
        counted = sa.select(sa.func.count()).select_from(tables.Send).where(self.clause, ahead)
        return int(connection.execute(counted).scalar_one())

    def nearest(
        self,
        connection: sa.Connection,
        send_id: int,
        clause: sa.ColumnElement[bool],
        *,
        backwards: bool,
    ) -> int | None:
        """Return the place of the nearest send that also meets *clause*, or None.

        Args:
            connection: An open transaction.
            send_id: Where to start; it does not count itself.
            clause: What to look for.
            backwards: Look towards the beginning.
        """
        here = sa.select(*self.ordering.columns).where(col(tables.Send.id) == send_id)
        row = connection.execute(here).first()
        if row is None:
            return None
        values = self.ordering.values(row)
        beyond = self.ordering.before(values) if backwards else self.ordering.after(values)
        order = self.ordering.backwards if backwards else self.ordering.forwards
        wanted = sa.select(col(tables.Send.id)).where(self.clause, clause, beyond)
        found = connection.execute(wanted.order_by(*order).limit(1)).scalar_one_or_none()
        return None if found is None else self.position(connection, found)

    def _weigh(self, connection: sa.Connection) -> None:
        """Find all the sends, if they turn out to be few."""
        if self._weighed:
            return
        self._weighed = True
        narrow = self.reach.narrow
        if self.reach.asks_history or (narrow is not None and _are_few(connection, narrow)):
            found = self._gather(connection)
            if len(found) <= FEW:
                self._ids, self.total = found, len(found)

    def _gather(self, connection: sa.Connection) -> list[int]:
        """Return the ids of the sends in their order, found before they are sorted; of many only some."""
        wanted = sa.select(col(tables.Send.id).label("id"), *self.ordering.columns)
        found = wanted.where(self.clause).limit(FEW + 1).cte("found").prefix_with("MATERIALIZED")
        values = [found.c[label.name] for label in self.ordering.columns]
        in_order = sa.select(found.c.id).order_by(*self.ordering.over(values))
        return list(connection.execute(in_order).scalars())

    def _select(self) -> sa.Select[Any]:
        columns = (*journal.record_columns(), *self.ordering.columns)
        return sa.select(*columns).where(self.reach.walking)

    def _remember(self, start: int, rows: Sequence[sa.Row[Any]]) -> None:
        if rows:
            self._edges[start + len(rows)] = self.ordering.values(rows[-1])


def _are_few(connection: sa.Connection, clause: sa.ColumnElement[bool]) -> bool:
    """Whether only few sends meet *clause*; counts no further than that takes."""
    some = sa.select(sa.literal(1)).select_from(tables.Send).where(clause).limit(FEW + 1)
    counted = sa.select(sa.func.count()).select_from(some.subquery())
    return int(connection.execute(counted).scalar_one()) <= FEW


def _in_this_order(connection: sa.Connection, ids: Sequence[int]) -> tuple[SendRecord, ...]:
    """Return the sends with *ids*, as far as they are still there."""
    wanted = sa.select(*journal.record_columns()).where(col(tables.Send.id).in_(ids))
    found = {row.id: journal.record(row) for row in connection.execute(wanted)}
    return tuple(found[send_id] for send_id in ids if send_id in found)
