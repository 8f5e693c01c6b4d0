"""How many sends a condition leaves, and how many of them have each value."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from models import catalogue, tables
from models.counts import Count, Facets, FacetValue
from models.guidance import WARNING
from models.query import Query, without

_CAP = 10_000
_GROUPED = ("status", "stage", "type", "provider", "owner")

Where = Callable[[Query], sa.ColumnElement[bool]]


def exact(connection: sa.Connection, clause: sa.ColumnElement[bool]) -> int:
    """Return how many sends meet *clause*."""
    wanted = sa.select(sa.func.count()).select_from(tables.Send).where(clause)
    return int(connection.execute(wanted).scalar_one())


def capped(connection: sa.Connection, clause: sa.ColumnElement[bool]) -> Count:
    """Return how many sends meet *clause*, exact up to ten thousand."""
    inner = sa.select(sa.literal(1)).select_from(tables.Send).where(clause).limit(_CAP + 1)
    counted = sa.select(sa.func.count()).select_from(inner.subquery())
    found = int(connection.execute(counted).scalar_one())
    return Count(min(found, _CAP), exact=found <= _CAP)


def facets(connection: sa.Connection, query: Query, where: Where, now: datetime) -> Facets:
    """Return how many sends of *query* have each value.

    A facet that the filter already restricts shows what its other values would give.
    """
    found: dict[str, tuple[FacetValue, ...]] = {}
    shared = _groups(connection, where(query))
    for key in _GROUPED:
        rest = without(query, key)
        groups = shared if rest == query else _groups(connection, where(rest))
        found[key] = _values(key, groups)
    found["urgency"] = _urgencies(connection, where(without(query, "urgency")), now)
    return Facets(**found)


def _groups(connection: sa.Connection, clause: sa.ColumnElement[bool]) -> list[sa.Row[Any]]:
    columns = [
        col(tables.Send.status), col(tables.Send.provider), col(tables.Send.type), col(tables.Send.owner)
    ]  # fmt: skip
    counted = sa.select(*columns, sa.func.count().label("n")).where(clause).group_by(*columns)
    return list(connection.execute(counted))


def _values(key: str, groups: Iterable[sa.Row[Any]]) -> tuple[FacetValue, ...]:
    counts: Counter[str] = Counter()
    for row in groups:
        match key:
            case "status":
                value = f"{row.provider}:{row.status}"
            case "stage":
                value = catalogue.status(row.provider, row.status).stage.value
            case _:
                value = getattr(row, key)
        counts[value] += row.n
    return tuple(FacetValue(value, n) for value, n in counts.most_common())


def _urgencies(
    connection: sa.Connection, clause: sa.ColumnElement[bool], now: datetime
) -> tuple[FacetValue, ...]:
    at_once, due = col(tables.Send.at_once), col(tables.Send.due_at)
    parts = {
        "over": ~at_once & (due < now),
        "now": at_once,
        "soon": ~at_once & (due >= now) & (due <= now + WARNING),
    }
    counted = [FacetValue(word, exact(connection, part & clause)) for word, part in parts.items()]
    return tuple(value for value in counted if value.count)
