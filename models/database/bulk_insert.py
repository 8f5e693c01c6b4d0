"""Thousands of rows on their way into a table, past what SQLAlchemy does for each single value."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import repeat
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.types import TypeEngine

Values = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Inserted:
    """Rows of one table as a driver takes them.

    Attributes:
        table: Where they go.
        names: The columns they give, in the order of the table.
        values: Those columns of each row, as the database stores them.
    """

    table: sa.Table
    names: tuple[str, ...]
    values: list[Values]


@cache
def insertion(table: sa.Table) -> sa.Insert:
    """Return the statement that inserts into *table*, the same each time, so that it is compiled once."""
    return sa.insert(table)


def inserted(table: sa.Table, rows: Sequence[Mapping[str, Any]], dialect: Dialect) -> Inserted:
    """Return *rows*, which all give the same two or more columns of *table*, as *dialect* stores them."""
    columns = [column for column in table.columns if column.name in rows[0]]
    names = tuple(column.name for column in columns)
    # Column by column, so that only those are touched that are stored otherwise than they are used.
    by_column = zip(*map(itemgetter(*names), rows), strict=True)
    types = [column.type for column in columns]
    stored = (as_stored(*pair, dialect) for pair in zip(types, by_column, strict=True))
    return Inserted(table, names, list(zip(*stored, strict=True)))


def as_stored(kind: TypeEngine[Any], values: Values, dialect: Dialect) -> Iterable[Any]:
    """Return *values* of one *kind*, at least one, as *dialect* stores them."""
    process = kind.dialect_impl(dialect).bind_processor(dialect)
    if process is None:
        return values
    first = values[0]
    if all(value is first for value in values):
        # What is recorded together is recorded at one moment.
        return repeat(process(first), len(values))
    return map(process, values)
