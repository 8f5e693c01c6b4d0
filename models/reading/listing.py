"""A filtered, sorted list read in windows, at nearly the same cost anywhere in it."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from models.providers.status import BATCH_TYPE
from models.query.sql.batches import IS_BATCH, NO_BATCH
from models.query.text_search import Condition
from models.reading.access_path import AccessPath, FilterConditions, ScanLimits
from models.reading.sort_order import SortOrder
from models.records import SendRecord
from models.store import mapping, tables
from models.store.tables import col

_ASKED_AT_ONCE = 500
"""How many sends are looked up by their ids at a time."""


@dataclass(frozen=True, slots=True)
class _Scan:
    """A scan along the sort index: start behind *after*, skip *skipped* rows, return *count*."""

    after: tuple[Any, ...] | None
    """The sort values of the row before the start; None at an end of the list."""
    skipped: int
    count: int
    order: list[sa.UnaryExpression[Any]]
    is_backwards: bool = False
    """Whether it goes from the end of the list towards its beginning."""


@dataclass(slots=True)
class Listing:
    """The sends of one query in one order, as they stood at one moment.

    Small results: all ids are fetched by whatever index finds them, sorted and kept.
    Large results: each window is a scan along the sort index. Where a window ended, its sort values
    are kept as an anchor, so that a later window starts there and not at the beginning of the list.
    A scan that finds too few matches within its limit is abandoned for the first method.

    The planner alone chooses wrongly: it scans the order for a rare status (189 ms for 0.55 ms at
    1,000,000 sends), so fetching and scanning are written as different statements.

    One thread reads the windows. After the first one, another may count and ask for positions.
    """

    conditions: FilterConditions
    order: SortOrder
    limits: ScanLimits = ScanLimits()  # noqa: RUF009 - a frozen value
    total: int | None = None
    """How many sends there are, once counted."""
    _ids: Sequence[int] | None = None
    """The ids of all sends in their order, if they are kept."""
    _path: AccessPath | None = None
    _is_too_long: bool = False
    """Whether there were too many ids to keep."""
    _anchors: dict[int, tuple[Any, ...]] = field(default_factory=dict)
    """By the place of a row, the sort values of the row just before it."""

    def count(self, connection: sa.Connection) -> int:
        """Return how many sends there are, exactly; the database is asked once."""
        path = self._choose_path(connection)
        if path.matches_max is None and self.total is None and self.conditions.candidates:
            path = self.conditions.choose_path(connection, self.limits, self.limits.count_fetch_max)
        if path.matches_max is not None and self.total is None:
            # Counting reads every match anyway; keeping the ids makes every later window cheap.
            self._fetch_ids(connection, path, self.limits.count_fetch_max)
        if self.total is None:
            self.total = self._count(connection, path)
        return self.total

    def window(self, connection: sa.Connection, start: int, count: int) -> tuple[SendRecord, ...]:
        """Return up to *count* sends from place *start*; reads from the nearer end of the list."""
        path = self._choose_path(connection)
        scan = self._plan_scan(start, count)
        rows: Sequence[sa.Row[Any]] = ()
        if self._ids is None:
            if scan.skipped and not self.order.is_indexed:
                # Without a sort index each window would sort all sends once more.
                self._fetch_ids(connection, path, None)
            else:
                rows = self._scan(connection, path, scan)
        if self._ids is not None:
            return _in_this_order(connection, self._ids[start : start + count])
        if rows:
            self._anchors[start + len(rows)] = self.order.values(rows[-1])
        if len(rows) < count and (rows or not start):
            self.total = start + len(rows)
        if not self._selects_whole_rows(scan):
            return _in_this_order(connection, [row.id for row in rows])
        return tuple(mapping.record(row) for row in rows)

    def first(self, connection: sa.Connection, count: int) -> sa.Select[Any]:
        """Return the statement that finds the first *count* sends, as this list asks for them."""
        path = self._choose_path(connection)
        condition = path.scan if self._ids is None else path.fetch
        columns = self._columns(whole_rows=self.order.is_indexed)
        statement = sa.select(*columns).where(condition, self._no_batch)
        return statement.order_by(*self.order.forwards).limit(count)

    def position(self, connection: sa.Connection, send_id: int) -> int | None:
        """Return the place of a send, or None if it is not in the list."""
        path = self._choose_path(connection)
        if self._ids is None and path.matches_max is not None:
            self._fetch_ids(connection, path, self.limits.count_fetch_max)
        if self._ids is not None:
            return self._ids.index(send_id) if send_id in self._ids else None
        sort_values = sa.select(*self.order.columns)
        here = col(tables.Send.id) == send_id
        sort_values = sort_values.where(here, self.conditions.per_row, self._no_batch)
        row = connection.execute(sort_values).first()
        if row is None:
            return None
        return self._count(connection, path, self.order.before(self.order.values(row)))

    def members(self, connection: sa.Connection, send_ids: Sequence[int]) -> set[int]:
        """Return which of the sends with *send_ids* are in the list."""
        self._choose_path(connection)
        if self._ids is not None:
            return set(send_ids).intersection(self._ids)
        found: set[int] = set()
        for start in range(0, len(send_ids), _ASKED_AT_ONCE):
            some = send_ids[start : start + _ASKED_AT_ONCE]
            ids = sa.select(col(tables.Send.id)).where(col(tables.Send.id).in_(some))
            ids = ids.where(self.conditions.per_row, self._no_batch)
            found.update(row.id for row in connection.execute(ids))
        return found

    def nearest(
        self, connection: sa.Connection, send_id: int, clause: Condition, *, backwards: bool
    ) -> int | None:
        """Return the place of the nearest send that also meets *clause*, or None.

        Args:
            connection: An open transaction.
            send_id: Where to start; this send itself does not count.
            clause: What to look for.
            backwards: Look towards the beginning.
        """
        fetch = self._choose_path(connection).fetch
        here = sa.select(*self.order.columns).where(col(tables.Send.id) == send_id)
        row = connection.execute(here).first()
        if row is None:
            return None
        values = self.order.values(row)
        beyond = self.order.before(values) if backwards else self.order.after(values)
        order = self.order.backwards if backwards else self.order.forwards
        ids = sa.select(col(tables.Send.id)).where(fetch, clause, beyond, self._no_batch)
        found = connection.execute(ids.order_by(*order).limit(1)).scalar_one_or_none()
        return None if found is None else self.position(connection, found)

    @property
    def _no_batch(self) -> Condition:
        """The condition that leaves batches out, for statements that look at the rows anyway."""
        return sa.true() if self.conditions.has_batches else col(tables.Send.type) != BATCH_TYPE

    def _count(
        self, connection: sa.Connection, path: AccessPath, further: Condition | None = None
    ) -> int:
        """Return how many sends there are, or how many of them meet *further*.

        An index may have all that is counted, and it has no types. So the batches, which are few, are
        counted apart and taken off.
        """
        more = [] if further is None else [further]
        counted = sa.select(sa.func.count()).select_from(mapping.table_of(tables.Send))
        found = int(connection.execute(counted.where(path.fetch, *more)).scalar_one())
        if self.conditions.has_batches:
            return found
        batches = counted.where(IS_BATCH, self.conditions.per_row, *more)
        return found - int(connection.execute(batches).scalar_one())

    def _selects_whole_rows(self, scan: _Scan) -> bool:
        """Whether to select all columns; when many rows are skipped or sorted, select ids first."""
        return self.order.is_indexed and scan.skipped < self.limits.ids_only_after

    def _columns(self, *, whole_rows: bool) -> tuple[sa.ColumnElement[Any], ...]:
        of_row = mapping.record_columns() if whole_rows else (col(tables.Send.id),)
        return (*of_row, *self.order.columns)

    def _choose_path(self, connection: sa.Connection) -> AccessPath:
        """Return how to look sends up; the first call fetches all ids if there are few enough."""
        if self._path is None:
            if self.order.is_of_few and self.conditions.indexed is not None:
                # Those few are told by an index. Without an index of this order nothing could be
                # scanned, and to count first would read them twice.
                most = self.limits.count_fetch_max
                self._path = AccessPath(self.conditions.complete, sa.true(), None, most)
                self._fetch_ids(connection, self._path, most)
                if self._ids is not None:
                    return self._path
            limits = self.limits
            path = self.conditions.choose_path(connection, limits, limits.candidates_max)
            is_known = path.matches_max is not None
            if path.is_fetched or (is_known and not self.order.is_indexed):
                self._fetch_ids(connection, path, self.limits.count_fetch_max)
            self._path = path
        return self._path

    def _fetch_ids(self, connection: sa.Connection, path: AccessPath, most: int | None) -> None:
        """Keep the ids of all sends in their order, if there are at most *most*.

        The matches are materialised before they are sorted: the planner would rather scan the sort
        index and filter each row.
        """
        matches = sa.select(col(tables.Send.id).label("id"), *self.order.columns)
        matches = matches.where(path.fetch).limit(None if most is None else most + 1)
        found = matches.cte("found").prefix_with("MATERIALIZED")
        values = [found.c[label.name] for label in self.order.columns]
        in_order = sa.select(found.c.id).order_by(*self.order.over(values))
        ids = array("q", connection.execute(in_order).scalars())
        if not self.conditions.has_batches:
            batches = set(
                connection.execute(sa.select(col(tables.Send.id)).where(IS_BATCH)).scalars()
            )
            ids = array("q", (each for each in ids if each not in batches)) if batches else ids
        if most is None or len(ids) <= most:
            self._ids, self.total = ids, len(ids)
        else:
            self._is_too_long = True

    def _plan_scan(self, start: int, count: int) -> _Scan:
        """Return the shortest scan to a window: from the nearest anchor, or from the end."""
        known = max((place for place in self._anchors if place <= start), default=0)
        if self.total is not None:
            behind = max(self.total - start - count, 0)
            if behind < start - known:
                rest = max(min(count, self.total - start), 0)
                return _Scan(None, behind, rest, self.order.backwards, is_backwards=True)
        after = self._anchors[known] if known else None
        return _Scan(after, start - known, count, self.order.forwards)

    def _scan(
        self, connection: sa.Connection, path: AccessPath, scan: _Scan
    ) -> Sequence[sa.Row[Any]]:
        """Return the rows of a window; none if the ids of all sends were fetched instead."""
        whole_rows = self._selects_whole_rows(scan)
        # Of rows that are skipped only what the index of the order has is read.
        scope = self._no_batch if whole_rows or self.conditions.has_batches else NO_BATCH
        columns = self._columns(whole_rows=whole_rows)
        statement = sa.select(*columns).where(path.scan, scope).order_by(*scan.order)
        bound = self._scan_bound(connection, path, scan)
        rows = self._scan_to(connection, statement, scan, bound)
        if bound is not None and len(rows) < scan.count:
            self._fetch_ids(connection, path, self.limits.count_fetch_max)
            rows = self._scan_to(connection, statement, scan, None) if self._is_too_long else []
        return rows[::-1] if scan.is_backwards else rows

    def _scan_to(
        self,
        connection: sa.Connection,
        statement: sa.Select[Any],
        scan: _Scan,
        bound: tuple[Any, ...] | None,
    ) -> list[sa.Row[Any]]:
        """Return the rows of *statement* from the start of *scan* on, up to the row with *bound*."""
        if scan.skipped:
            # How many rows each range has nobody knows, so it is read as one.
            after = sa.true() if scan.after is None else self.order.after(scan.after)
            several = statement.where(after).limit(scan.count).offset(scan.skipped)
            return list(connection.execute(several))
        rows: list[sa.Row[Any]] = []
        for each in self.order.between(scan.after, bound, flip=scan.is_backwards):
            missing = scan.count - len(rows)
            if missing:
                rows += connection.execute(statement.where(each).limit(missing))
        return rows

    def _scan_bound(
        self, connection: sa.Connection, path: AccessPath, scan: _Scan
    ) -> tuple[Any, ...] | None:
        """Return the sort values of the row at which the scan ends, or None if it must run on."""
        must_run_on = self._is_too_long or scan.skipped or not self.order.is_indexed
        if must_run_on or path.scan_max is None:
            return None
        last = sa.select(*self.order.columns).where(self.conditions.on_sort_column)
        if scan.after is not None:
            last = last.where(self.order.after(scan.after))
        last = last.order_by(*scan.order).offset(path.scan_max).limit(1)
        row = connection.execute(last).first()
        return None if row is None else self.order.values(row)


def _in_this_order(connection: sa.Connection, ids: Sequence[int]) -> tuple[SendRecord, ...]:
    """Return the sends with *ids* in this order; a send that is no longer there is left out."""
    rows = connection.execute(
        sa.select(*mapping.record_columns()).where(col(tables.Send.id).in_(ids))
    )
    found = {row.id: mapping.record(row) for row in rows}
    return tuple(found[send_id] for send_id in ids if send_id in found)
