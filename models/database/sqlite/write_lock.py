"""The write lock of an SQLite file: `BEGIN IMMEDIATE`, with a wait that is fair to everyone."""

import random
import sqlite3
import time

_RETRY_AFTER = (0.0005, 0.002)
"""Seconds until a writer tries again to get the lock, at least and at most; drawn by chance."""


def begin_immediate(connection: sqlite3.Connection, timeout: float) -> None:
    """Begin a transaction that holds the write lock.

    SQLite's own waiting tries again only after up to a tenth of a second. A program that writes again
    and again then gets the lock first each time, and the others wait for many seconds.

    Args:
        connection: It is not within a transaction. Its busy timeout is *timeout* afterwards.
        timeout: Seconds until it gives up, if others hold the lock for so long.

    Raises:
        sqlite3.OperationalError: If it cannot begin.
    """
    end = time.monotonic() + timeout
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
            time.sleep(random.uniform(*_RETRY_AFTER))
    finally:
        connection.execute(f"PRAGMA busy_timeout = {timeout * 1000:.0f}")
