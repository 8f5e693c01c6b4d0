"""A filtered, sorted list read in windows, at the same cost anywhere in it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from models import journal, tables
from models.ordering import Ordering
from models.records import SendRecord


@dataclass(slots=True)
class Listing:
    """The sends of one query in one order, as they stood at one moment.

    Places are found from remembered edges, the sort values of rows whose place is known, so no
    window is reached by counting from the beginning once its neighbourhood was seen. Only one
    thread may use a listing at a time.
    """

    clause: sa.ColumnElement[bool]
    ordering: Ordering
    total: int | None = None
    """How many sends there are, once counted."""
    _edges: dict[int, tuple[Any, ...]] = field(default_factory=dict)
    """By the place of a row, the sort values of the row just before it."""

    def count(self, connection: sa.Connection) -> int:
        """Return how many sends there are, exactly; the database is asked once."""
        if self.total is None:
            wanted = sa.select(sa.func.count()).select_from(tables.Send).where(self.clause)
            self.total = int(connection.execute(wanted).scalar_one())
        return self.total

    def window(self, connection: sa.Connection, start: int, count: int) -> tuple[SendRecord, ...]:
        """Return up to *count* sends from place *start*; reads from the nearer side."""
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

    def _select(self) -> sa.Select[Any]:
        return sa.select(*journal.record_columns(), *self.ordering.columns).where(self.clause)

    def _remember(self, start: int, rows: Sequence[sa.Row[Any]]) -> None:
        if rows:
            self._edges[start + len(rows)] = self.ordering.values(rows[-1])
