"""Whose turn it is to write to a file."""

import random
import sqlite3
import time

_LOOK_AGAIN = (0.0005, 0.002)
"""Seconds until a writer looks again whether the others have done, at least and at most."""


def take_turn(connection: sqlite3.Connection, patience: float) -> None:
    """Begin a transaction that writes as soon as nobody else does, or give up after *patience* seconds.

    So long the connection waits for anything else.

    SQLite's own waiting looks again after up to a tenth of a second: someone who writes again and
    again comes first each time, and others wait for many seconds.

    Raises:
        sqlite3.OperationalError: If it cannot begin.
    """
    end = time.monotonic() + patience
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        while True:
            try:
                connection.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                busy = error.sqlite_errorcode == sqlite3.SQLITE_BUSY
                if not busy or time.monotonic() > end:
                    raise
            time.sleep(random.uniform(*_LOOK_AGAIN))
    finally:
        connection.execute(f"PRAGMA busy_timeout = {patience * 1000:.0f}")
