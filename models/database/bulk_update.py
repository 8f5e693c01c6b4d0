"""One statement run for hundreds of rows, past what SQLAlchemy does for each single value."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.sql.compiler import SQLCompiler

from models.database.bulk_insert import stored_values


@cache
def _compiled(statement: sa.Update, dialect: Dialect) -> SQLCompiler:
    """Return *statement* in the words of *dialect*: the same few are run again and again."""
    compiled = statement.compile(dialect=dialect)
    assert isinstance(compiled, SQLCompiler)
    return compiled


def run_for_each(
    connection: sa.Connection, statement: sa.Update, rows: Sequence[Mapping[str, Any]]
) -> int:
    """Run *statement* with the values of each of *rows*, at least one; return how many rows it changed.

    Raises:
        DBAPIError: If the database refuses it.
    """
    dialect = connection.dialect
    compiled = _compiled(statement, dialect)
    names = compiled.positiontup or list(compiled.binds)
    columns = [
        stored_values(compiled.binds[name].type, tuple(row[name] for row in rows), dialect)
        for name in names
    ]
    given: list[Any] = list(zip(*columns, strict=True))
    if not compiled.positional:
        given = [dict(zip(names, each, strict=True)) for each in given]
    return connection.exec_driver_sql(str(compiled), given).rowcount
