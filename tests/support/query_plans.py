"""How SQLite would find what a test asks the database for."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

import sqlalchemy as sa

from models.database import Database


@contextmanager
def plans_of(database: Database, wanted: re.Pattern[str]) -> Iterator[list[str]]:
    """Yield the steps of the plans of all statements that *wanted* is found in, as they are run.

    Args:
        database: A file; the plans are asked for on a connection of their own.
        wanted: What a statement has in it that is explained.
    """
    steps: list[str] = []
    with database.engine.connect() as connection:
        path = connection.exec_driver_sql("PRAGMA database_list").all()[0][2]
    with closing(sqlite3.connect(path, check_same_thread=False)) as explaining:

        def explain(
            connection: sa.Connection,
            cursor: object,
            statement: str,
            given: tuple[object, ...],
            *_: object,
        ) -> None:
            if wanted.search(statement):
                found = explaining.execute(f"EXPLAIN QUERY PLAN {statement}", given)
                steps.extend(row[3] for row in found)

        sa.event.listen(database.engine, "before_cursor_execute", explain)
        yield steps
        sa.event.remove(database.engine, "before_cursor_execute", explain)
