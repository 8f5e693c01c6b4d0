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
class StoredRows:
    """Rows for one table as its driver takes them.

    Attributes:
        table: Where they go.
        names: The columns that they give, in the order of the table.
        values: Those columns of each row, as the database stores them.
    """

    table: sa.Table
    names: tuple[str, ...]
    values: list[Values]


@cache
def insert_into(table: sa.Table) -> sa.Insert:
    """Return the statement that inserts into *table*: always the same one, so that it is compiled once."""
    return sa.insert(table)


def stored_rows(table: sa.Table, rows: Sequence[Mapping[str, Any]], dialect: Dialect) -> StoredRows:
    """Return *rows* as *dialect* stores them.

    Args:
        table: Where they go.
        rows: At least one; all give the same two or more columns of *table*.
        dialect: Of the connection that they will be written on.
    """
    columns = [column for column in table.columns if column.name in rows[0]]
    names = tuple(column.name for column in columns)
    # Column by column: most columns are stored as they are used, and their values are not touched.
    by_column = zip(*map(itemgetter(*names), rows), strict=True)
    types = [column.type for column in columns]
    stored = (stored_values(*pair, dialect) for pair in zip(types, by_column, strict=True))
    return StoredRows(table, names, list(zip(*stored, strict=True)))


def stored_values(kind: TypeEngine[Any], values: Values, dialect: Dialect) -> Iterable[Any]:
    """Return *values* of one *kind*, at least one, as *dialect* stores them."""
    process = kind.dialect_impl(dialect).bind_processor(dialect)
    if process is None:
        return values
    first = values[0]
    if all(value is first for value in values):
        # All rows of a transaction have the same `recorded_at`: it is converted once.
        return repeat(process(first), len(values))
    return map(process, values)
