"""A database whose guards sleep, so that tests can damage what it stores."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import psycopg

from models.database import Database

CONSTRAINED = ("threshold", "holiday", "business_hours", "warning", "saved_view", "event", "send")
"""The tables whose constraints keep rows out that no desk could read."""


def lift_constraints(database: Database) -> None:
    """Take those constraints away for good, as in a database of before they came."""
    with database.write() as connection:
        for table in CONSTRAINED:
            name = f"{table}_can_be_read"
            if database.is_server:
                connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}")
            else:
                for statement in ("insert", "update"):
                    connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}_{statement}")


@contextmanager
def unguarded(database: Database) -> Iterator[Callable[[str], int]]:
    """Give what runs statements while guards and references sleep; afterwards they stand again."""
    with database.read() as reader:
        if database.is_server:
            plain = reader.connection.driver_connection
            assert isinstance(plain, psycopg.Connection)
            address = plain.info.dsn
        else:
            path = reader.exec_driver_sql("PRAGMA database_list").fetchall()[0][2]
    if database.is_server:
        with psycopg.connect(address) as connection:
            for table in ("event", "credit"):
                connection.execute(f"ALTER TABLE IF EXISTS {table} DISABLE TRIGGER ALL".encode())
            for table in ("event", "send", "credit"):
                connection.execute(
                    f"ALTER TABLE IF EXISTS {table} DROP CONSTRAINT IF EXISTS {table}_can_be_read".encode()
                )
            connection.execute("SET session_replication_role = replica")
            yield lambda statement: connection.execute(statement.encode()).rowcount
            for table in ("event", "credit"):
                connection.execute(f"ALTER TABLE IF EXISTS {table} ENABLE TRIGGER ALL".encode())
                for name in (f"{table}_is_never_changed", f"{table}_is_never_emptied"):
                    connection.execute(
                        f"ALTER TABLE IF EXISTS {table} ENABLE ALWAYS TRIGGER {name}".encode()
                    )
        return
    with closing(sqlite3.connect(path)) as plain, plain:
        guards = plain.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        kept = guards.fetchall()
        for name, _ in kept:
            plain.execute(f"DROP TRIGGER {name}")
        yield lambda statement: plain.execute(statement).rowcount
        for _, statement in kept:
            plain.execute(statement)
