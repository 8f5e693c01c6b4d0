"""What is in a new SQLite file, so that it can appear under its name whole or not at all."""

import sqlite3
from collections.abc import Callable
from contextlib import closing

import sqlalchemy as sa

from models.database.sqlite.engine import memory_engine

_WRITE_AHEAD = b"\x02\x02"


def empty() -> bytes:
    """Return what is in a database without any table, whose readers go on while someone writes."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("PRAGMA user_version = 0")
        connection.execute("VACUUM")
        return _in_wal_mode(connection)


def new_desk(fill: Callable[[sa.Connection], None]) -> bytes:
    """Return what is in a database that *fill* has made its tables in."""
    engine = memory_engine()
    with closing(engine.raw_connection()) as kept:
        with engine.execution_options(write=True).begin() as connection:
            fill(connection)
        assert isinstance(kept.driver_connection, sqlite3.Connection)
        return _in_wal_mode(kept.driver_connection)


def _in_wal_mode(connection: sqlite3.Connection) -> bytes:
    """Return the whole database of *connection*, marked as one that has a write-ahead log.

    The format of the file has this mark in two bytes; in memory no database can have a log.
    """
    data = bytearray(connection.serialize())
    data[18:20] = _WRITE_AHEAD
    return bytes(data)
