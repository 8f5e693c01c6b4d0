"""EXPLAIN for a list: its SQL, the plan of the database, and how long reading and counting take."""

from dataclasses import dataclass
from time import perf_counter
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.engine.default import DefaultDialect

from models.query import Query
from models.reading.first_rows import ROWS
from models.reading.reader import Reader
from models.store import tables


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """How the database runs one query."""

    sql: str
    """The statement for the first rows, with its values written in."""
    plan: tuple[str, ...]
    """The steps as the database prints them; an indented step belongs to the one above it."""
    rows: int
    """How many of the first 200 there are."""
    rows_ms: float
    """Milliseconds that reading them took."""
    total: int
    count_ms: float
    """Milliseconds that counting all took."""

    def __str__(self) -> str:
        steps = "\n".join(f"  {step}" for step in self.plan)
        times = (
            f"{self.rows:,} rows in {self.rows_ms:,.1f} ms\n"
            f"{self.total:,} counted in {self.count_ms:,.1f} ms"
        )
        return f"{times}\n\nPlan\n{steps}\n\nSQL\n{self.sql}"


def explain(reader: Reader, query: Query) -> Explanation:
    """Read the first rows of *query*, count all, and return how the database did it.

    Args:
        reader: The desk.
        query: The filter and its order.

    Raises:
        DeskUnavailable: If the database cannot be read.
    """
    listing = reader.listing(query)
    with reader.database.read() as connection:
        begun = perf_counter()
        rows = len(listing.window(connection, 0, ROWS))
        read = perf_counter()
        total = listing.count(connection)
        counted = perf_counter()
        wanted = reader.listing(query).first(connection, ROWS)
        plan = reader.database.plan(connection, wanted)
        sql = _readable(wanted, connection)
    return Explanation(
        sql=sql,
        plan=tuple(plan),
        rows=rows,
        rows_ms=(read - begun) * 1000,
        total=total,
        count_ms=(counted - read) * 1000,
    )


def _readable(wanted: sa.Select[tuple[object, ...]], connection: sa.Connection) -> str:
    """Return the statement with its values; the columns are the same for every list and stand as `*`."""
    shown: sa.Select[Any] = wanted.with_only_columns(sa.literal_column("*")).select_from(
        tables.Send
    )
    # Other styles of parameters would double each percent sign of a LIKE.
    dialect = cast("type[DefaultDialect]", type(connection.dialect))(paramstyle="named")
    return str(shown.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
