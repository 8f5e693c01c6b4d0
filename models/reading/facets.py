"""Numbers of sends: of a filter, and of each value of each facet."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from models.providers import catalogue
from models.providers.status import BATCH_TYPE
from models.query import Query, without
from models.query.sql.batches import has_batches
from models.query.sql.flags import urgency_conditions
from models.query.sql.index_use import split_by_index
from models.query.text_search import Condition
from models.query.tree import top_terms
from models.reading.counts import Count
from models.reading.facet_counts import FACETS, Facets, FacetValue
from models.records import Urgency
from models.rules.due import USUAL_WARNINGS, Warnings
from models.store import mapping, tables
from models.store.tables import col

_CAP = 10_000
"""Up to this number a count is exact."""
_URGENT: tuple[Urgency, ...] = ("over", "now", "soon")
"""The urgencies that are counted, in the order in which they are shown."""
_GROUPED = tuple(facet for facet in FACETS if facet != "urgency")
"""The facets that are counted together; an urgency depends on the present."""

_OF_SENDS = frozenset({"platform", "stage"})
"""The facets whose values bring no batches into a list that has none without them."""

ConditionOf = Callable[[Query], Condition]
"""Gives the condition of a query, batches included, written for the index that suits it best."""


def capped_count(connection: sa.Connection, clause: Condition) -> Count:
    """Return how many sends meet *clause*, exact up to ten thousand."""
    inner = (
        sa.select(sa.literal(1))
        .select_from(mapping.table_of(tables.Send))
        .where(clause)
        .limit(_CAP + 1)
    )
    counted = sa.select(sa.func.count()).select_from(inner.subquery())
    found = int(connection.execute(counted).scalar_one())
    return Count(min(found, _CAP), exact=found <= _CAP)


Groups = Sequence[sa.Row[Any]]
"""One row for each combination of status, provider, type and owner, with its number `n` of sends."""


@dataclass(slots=True)
class UnfilteredGroups:
    """The groups of all sends of a database, counted again only when something was written.

    Every write appends an event or a send, so the largest ids of both tell whether there was one.
    Counting reads the index of the facets from end to end: 40 ms at 1,000,000 sends.
    """

    _counted: tuple[tuple[int, int], Groups] | None = None
    """The largest ids of event and send, and the groups as they were then."""

    def groups(self, connection: sa.Connection) -> Groups:
        """Return the groups of all sends."""
        newest = tuple(
            connection.execute(sa.select(sa.func.max(col(each)))).scalar() or 0
            for each in (tables.Event.id, tables.Send.id)
        )
        if self._counted is None or self._counted[0] != newest:
            self._counted = ((newest[0], newest[1]), _counted(connection, _grouped().subquery()))
        return self._counted[1]

    def total(self, connection: sa.Connection) -> int:
        """Return how many sends there are; batches are none."""
        return sum(row.n for row in self.groups(connection) if row.type != BATCH_TYPE)


def facets(
    connection: sa.Connection,
    query: Query,
    condition_of: ConditionOf,
    now: datetime,
    unfiltered: UnfilteredGroups,
    warnings: Warnings = USUAL_WARNINGS,
) -> Facets:
    """Return how many sends of *query* have each value of each facet.

    A facet that the filter restricts is counted without that restriction: it shows how many sends
    each of its other values would give.

    Args:
        connection: An open transaction.
        query: The filter.
        condition_of: Gives the conditions of the queries to be counted.
        now: The present, in UTC, for the urgencies.
        unfiltered: The groups of all sends, as last counted.
        warnings: How long before their limits sends count as due soon.
    """

    def groups(query: Query) -> Groups:
        if not top_terms(query.tree):
            return unfiltered.groups(connection)
        matches = _grouped().where(condition_of(query))
        # Without an indexed term the index of the facets, which has these columns, is read instead.
        indexed = split_by_index(query.tree).indexed
        return _counted(connection, _materialised(matches) if indexed else matches.subquery())

    found: dict[str, tuple[FacetValue, ...]] = {}
    shared = groups(query)
    for key in _GROUPED:
        rest = without(query, key)
        counted = shared if rest == query else groups(rest)
        if key in _OF_SENDS and not has_batches(query.tree):
            counted = [row for row in counted if row.type != BATCH_TYPE]
        found[key] = _values(key, counted)
    found["urgency"] = _urgencies(
        connection, condition_of(without(query, "urgency")), now, warnings
    )
    return Facets(**found)


def _grouped() -> sa.Select[*tuple[Any, ...]]:
    send = mapping.columns_of(tables.Send)
    return sa.select(send["status"], send["provider"], send["type"], send["owner"])


def _counted(connection: sa.Connection, found: sa.CTE | sa.Subquery) -> Groups:
    counted = sa.select(*found.c, sa.func.count().label("n")).group_by(*found.c)
    return list(connection.execute(counted))


def _materialised(matches: sa.Select[*tuple[Any, ...]]) -> sa.CTE:
    """Return *matches* to be collected before they are grouped.

    Otherwise the planner picks an index for GROUP BY instead of one for the filter: at 1,000,000 sends
    facets of the last 30 days of one provider took 558 ms that way, 8.6 ms by the filter's index.
    """
    return matches.cte("found").prefix_with("MATERIALIZED")


def _values(key: str, groups: Iterable[sa.Row[Any]]) -> tuple[FacetValue, ...]:
    counts: Counter[str] = Counter()
    for row in groups:
        match key:
            case "status":
                value = f"{row.provider}:{row.status}"
            case "platform":
                value = row.provider
            case "stage":
                value = catalogue.status(row.provider, row.status).stage.value
            case _:
                value = getattr(row, key)
        counts[value] += row.n
    return tuple(FacetValue(value, n) for value, n in counts.most_common())


def _urgencies(
    connection: sa.Connection, clause: Condition, now: datetime, warnings: Warnings
) -> tuple[FacetValue, ...]:
    send = mapping.columns_of(tables.Send)
    # Only where a status has a warning of its own are more columns needed than the index has.
    names = ("at_once", "due_at", *(("provider", "status") if warnings.own else ()))
    chosen = sa.select(*(send[name] for name in names))
    limited = _materialised(chosen.where(send["due_at"] < tables.NEVER, clause))
    conditions = urgency_conditions(dict(limited.c.items()), now, warnings)
    sums = [sa.func.sum(sa.case((conditions[word], 1), else_=0)).label(word) for word in _URGENT]
    row = connection.execute(sa.select(*sums)).one()
    values = [FacetValue(word, int(row._mapping[word] or 0)) for word in _URGENT]
    return tuple(value for value in values if value.count)
