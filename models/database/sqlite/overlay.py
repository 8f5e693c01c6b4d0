"""The temporary tables and views through which a connection to a file shows the past."""

import re
import sqlite3
from datetime import UTC, datetime

from models.database import overlay

SCHEMA = "main"
_INDEX = re.compile(
    r'CREATE (?:UNIQUE )?INDEX "?(?P<name>\w+)"? ON "?\w+"? (?P<rest>\(.*)', re.DOTALL
)


def put(connection: sqlite3.Connection, moment: datetime) -> None:
    """Lay the past before the tables of the desk, within a transaction; it is empty yet.

    Args:
        connection: Its temporary tables go with it.
        moment: In UTC.
    """
    for each in overlay.OWN_TABLES:
        connection.execute(f"CREATE TEMP TABLE {each}")
    for each in overlay.OWN_INDEXES:
        connection.execute(f"CREATE INDEX temp.{each}")
    text = f"'{moment.astimezone(UTC).replace(tzinfo=None).isoformat(' ', 'microseconds')}'"
    for name, column in overlay.PLACE_OF.items():
        _copy(connection, name, f"past_{name}")
        for index in _indexes(connection, name):
            connection.execute(index)
        names = ", ".join(_columns(connection, name))
        connection.execute(
            f"CREATE TEMP VIEW {name} AS SELECT {names} FROM main.{name}"
            f" WHERE {column} NOT IN (SELECT id FROM past_hidden)"
            f" UNION ALL SELECT {names} FROM past_{name}"
        )
    connection.execute(f"CREATE TEMP VIEW event AS {overlay.known(SCHEMA, text)}")
    connection.execute(f"CREATE TEMP VIEW stay_count AS {overlay.stays(SCHEMA)}")
    connection.execute(f"CREATE TEMP VIEW credit AS {overlay.known_credits(SCHEMA)}")
    for name, column in overlay.MOMENTS.items():
        connection.execute(
            f"CREATE TEMP VIEW {name} AS SELECT * FROM main.{name} WHERE {column} <= {text}"
        )
    for name in (*overlay.SETTINGS, *overlay.EMPTY):
        _copy(connection, name, name)


def _columns(connection: sqlite3.Connection, table: str) -> dict[str, tuple[str, bool]]:
    """Return the declared type of each column of *table*, and whether it alone is the primary key."""
    rows = connection.execute(f"PRAGMA main.table_info({table})").fetchall()
    keys = sum(bool(row[5]) for row in rows)
    return {row[1]: (row[2], keys == 1 and bool(row[5])) for row in rows}


def _copy(connection: sqlite3.Connection, table: str, name: str) -> None:
    """Make the empty temporary table *name* with the columns of *table*."""
    columns = (
        f'"{column}" {kind}{" PRIMARY KEY" if is_key else ""}'
        for column, (kind, is_key) in _columns(connection, table).items()
    )
    connection.execute(f"CREATE TEMP TABLE {name} ({', '.join(columns)})")


def _indexes(connection: sqlite3.Connection, table: str) -> list[str]:
    """Return the statements that give the past of *table* the indexes that it has."""
    found = connection.execute(
        "SELECT sql FROM main.sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL",
        (table,),
    )
    parts = (_INDEX.fullmatch(sql) for (sql,) in found.fetchall())
    return [
        f"CREATE INDEX temp.past_{part['name']} ON past_{table} {part['rest']}"
        for part in parts
        if part
    ]
