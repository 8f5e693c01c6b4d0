"""Which index leads to the sends of a filter, and how far it is worth scanning."""

from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from models.query import Query
from models.query.sql import history
from models.query.sql.batches import has_batches
from models.query.sql.clauses import where
from models.query.sql.context import QueryContext
from models.query.sql.index_use import is_covered, split_by_index
from models.query.text_search import Condition
from models.query.tree import conjunction, top_terms
from models.store import tables
from models.store.tables import col

Ids = sa.Select[Any]
_COVERED = 10
"""How many times as many matches may be fetched where one index has all that is read for it."""
_SCANNED_EACH = 5
"""How many rows are scanned for each candidate before all of them are fetched: that takes as long."""


@dataclass(frozen=True, slots=True)
class ScanLimits:
    """Up to which number of sends each way to read a list is used; chosen at 1,000,000 sends.

    The wrong way costs a hundredfold there: 200 rows with a rare status took 189 ms by scanning the
    index of the order, which both databases choose by themselves, and 0.55 ms by fetching the matches.
    """

    fetch_max: int = 5_000
    """Up to this many matches, fetching and sorting all ids is faster than scanning the sort index.
    Where one index has all that is read for it, ten times as many."""
    candidates_max: int = 40_000
    """Up to this many candidate ids, `id IN (…)` during the scan is cheaper than evaluating the
    filter on each row."""
    count_fetch_max: int = 100_000
    """The largest result whose ids are fetched and kept when only their number is needed."""
    scan_max: int = 20_000
    """How many rows a scan may read before it is abandoned for fetching the matches."""
    scan_max_with_candidates: int = 100_000
    """The same where candidate ids are known, so that the filter is evaluated on few rows only."""
    ids_only_after: int = 10_000
    """If a window skips at least this many rows, only ids are selected for the skipped part. With
    whole rows a server took 1.2 s for the first jump into 1,000,000 sends, with ids 0.1 s."""


@dataclass(frozen=True, slots=True)
class AccessPath:
    """How the sends of one filter are looked up."""

    fetch: Condition
    """Selects all of them, in any order, by the best index."""
    scan: Condition
    """Selects them during a scan along the index of the list's order."""
    scan_max: int | None
    """How many rows a scan for one window may read; None if every row of it is a match."""
    matches_max: int | None
    """There are at most this many; None if no index tells."""
    is_fetched: bool = False
    """Whether there are so few that fetching and sorting them is faster than any scan."""


@dataclass(frozen=True, slots=True)
class FilterConditions:
    """One filter as conditions in the forms that the different ways to read a list need."""

    complete: Condition
    """The whole filter, written so that indexes can answer it."""
    on_sort_column: Condition
    """The terms about the column that the list is sorted by."""
    remaining: Condition | None
    """The other terms, hidden from the planner so that it uses no index for them; None without any."""
    per_row: Condition
    """The whole filter, hidden from the planner."""
    indexed: Condition | None
    """The terms that indexes of columns answer; None without any."""
    text_ids: Ids | None
    """Ids that the text index finds: every match and perhaps others; None if it cannot help."""
    history_ids: tuple[Ids, ...]
    """For each entry of the history that the filter asks for, the ids of the sends that have it."""
    has_batches: bool
    """Whether order batches are on the list too; if not, no condition here leaves them out."""
    is_covered: bool = False
    """Whether one index has all that the filter and the order ask for, so that no send is looked up."""

    @classmethod
    def of(cls, query: Query, context: QueryContext) -> "FilterConditions":
        """Return the conditions of *query*."""
        parts = split_by_index(query.tree, query.sort)
        per_row = replace(context, per_row=True)
        indexed = tuple(term for term in parts.indexed if context.search.candidates(term) is None)
        entries = history.entries_of(filter(history.is_history_term, top_terms(query.tree)))
        has_more = bool(top_terms(parts.remaining))
        return cls(
            complete=where(query.tree, context),
            on_sort_column=where(parts.on_sort_column, per_row),
            remaining=_hidden_from_planner(where(parts.remaining, per_row)) if has_more else None,
            per_row=_hidden_from_planner(where(query.tree, per_row)),
            indexed=where(conjunction(indexed), context) if indexed else None,
            text_ids=context.search.candidates(query.tree),
            history_ids=tuple(entry.sends(context) for entry in entries),
            has_batches=has_batches(query.tree),
            is_covered=is_covered(query.tree, query.sort),
        )

    @property
    def candidates(self) -> tuple[Ids, ...]:
        """One id query for each text or history index; each of them contains every match."""
        return self.history_ids if self.text_ids is None else (self.text_ids, *self.history_ids)

    def choose_path(
        self, connection: sa.Connection, limits: ScanLimits, candidates_max: int
    ) -> AccessPath:
        """Return the cheapest way, after counting in the indexes as far as the limits reach.

        Args:
            connection: An open transaction.
            limits: Up to which numbers each way is used.
            candidates_max: Candidate ids are used if there are at most this many.
        """
        counted = [(_count(connection, ids, candidates_max), ids) for ids in self.candidates]
        number, ids = min(counted, key=lambda pair: pair[0], default=(candidates_max + 1, None))
        scan = self.on_sort_column
        if self.remaining is not None:
            scan &= self.remaining
        scan_max = None if self.remaining is None else limits.scan_max
        if number > limits.fetch_max and self.indexed is not None:
            matches = sa.select(col(tables.Send.id)).where(self.indexed)
            most = limits.fetch_max * (_COVERED if self.is_covered else 1)
            if _count(connection, matches, most) <= most:
                fetch = self.complete if ids is None else self.indexed & self.per_row
                return AccessPath(fetch, scan, scan_max, most, is_fetched=True)
        if ids is not None and number <= candidates_max:
            fetch = col(tables.Send.id).in_(ids) & self.per_row
            # Each sort index has the id as its last column, so this is answered within it. As `id + 0`
            # it fits no other index, which the planner would prefer to the order.
            among_candidates = (col(tables.Send.id) + 0).in_(ids)
            if scan_max is not None:
                # Few candidates are soon fetched: a scan that finds none must not cost much more.
                scan_max = min(limits.scan_max_with_candidates, _SCANNED_EACH * number)
            is_fetched = number <= limits.fetch_max
            return AccessPath(fetch, among_candidates & scan, scan_max, number, is_fetched)
        # Looking up very many candidates by their ids costs more than reading the table once.
        return AccessPath(self.per_row if self.candidates else self.complete, scan, scan_max, None)


def _hidden_from_planner(condition: Condition) -> Condition:
    """Return *condition* inside CASE: the planner then uses no index for it."""
    return sa.case((condition, 1), else_=0) == 1


def _count(connection: sa.Connection, ids: Ids, most: int) -> int:
    """Return how many *ids* there are; counting stops at *most* + 1."""
    counted = sa.select(sa.func.count()).select_from(ids.limit(most + 1).subquery())
    return int(connection.execute(counted).scalar_one())
