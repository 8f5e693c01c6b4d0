"""Connections to an SQLite file: how they are opened and prepared, how transactions begin and end."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from models.database.sqlite.file_guard import NO_MARK, FileGuard
from models.database.sqlite.write_lock import begin_immediate
from models.values.first_page import new_mark

LOCK_TIMEOUT = 15.0
"""Seconds that whoever finds the file locked waits."""
_CHANGES = "changes before"
"""Where a connection keeps how many rows it had changed when a transaction began."""
_PRAGMAS = (
    f"busy_timeout={LOCK_TIMEOUT * 1000:.0f}",
    "foreign_keys=ON",
    "recursive_triggers=ON",
    "synchronous=FULL",
    "trusted_schema=OFF",
    "cell_size_check=ON",
    # SQLite may have been built with other defaults.
    "ignore_check_constraints=OFF",
    "case_sensitive_like=OFF",
    "read_uncommitted=OFF",
    "reverse_unordered_selects=OFF",
    "locking_mode=NORMAL",
    "cache_size=-8000",
)


def file_engine(
    path: Path, guard: FileGuard, *, writable: bool, only_reads: bool, is_draft: bool = False
) -> sa.Engine:
    """Return the engine of the file at *path*; nothing is opened yet.

    Args:
        path: The file.
        guard: Is asked, as each connection opens, whether the file is still in its place.
        writable: Whether the file and its folder can be written.
        only_reads: Whether connections refuse every write.
        is_draft: Whether commits leave it to the system when they reach the disk.
    """
    engine = sa.create_engine(
        "sqlite://",
        creator=_opener(path, guard, writable=writable, only_reads=only_reads),
        poolclass=sa.QueuePool,
        pool_size=4,
        hide_parameters=True,
    )
    sa.event.listen(engine, "connect", _prepare)
    if is_draft:
        sa.event.listen(engine, "connect", _do_not_sync)
    sa.event.listen(engine, "connect", guard.count_opened)
    sa.event.listen(engine, "close", guard.count_closed)
    sa.event.listen(engine, "close_detached", guard.count_closed)
    sa.event.listen(engine, "begin", _begin)
    sa.event.listen(engine, "commit", _mark_state)
    return engine


def memory_engine() -> sa.Engine:
    """Return the engine of a new database in memory, of which all connections are one."""
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    sa.event.listen(engine, "connect", _prepare)
    sa.event.listen(engine, "begin", _begin)
    return engine


def raw_connection(connection: sa.Connection) -> sqlite3.Connection:
    """Return the connection of the driver beneath *connection*."""
    raw = connection.connection.driver_connection
    assert isinstance(raw, sqlite3.Connection)
    return raw


def seen_mark(connection: sqlite3.Connection) -> int:
    """Return the mark of the state that *connection* sees, or `NO_MARK` if it cannot be read."""
    try:
        return _mark_of(connection)
    except sqlite3.Error:
        return NO_MARK


def _opener(
    path: Path, guard: FileGuard, *, writable: bool, only_reads: bool
) -> Callable[[], sqlite3.Connection]:
    mode = "rw" if not only_reads else "ro"
    address = f"file:{quote(str(path))}?mode={mode}"
    if not writable and not Path(f"{path}-wal").exists():
        # A write-ahead log cannot be opened in a folder that cannot be written.
        address += "&immutable=1"

    def open_file() -> sqlite3.Connection:
        guard.confirm()
        connection = sqlite3.connect(
            address, uri=True, timeout=LOCK_TIMEOUT, check_same_thread=False
        )
        try:
            # From the first question on SQLite holds the file, and nobody may take its log away.
            connection.execute("PRAGMA schema_version")
            guard.settle()
            guard.confirm()
        except BaseException:
            connection.close()
            raise
        return connection

    return open_file


def _prepare(connection: sqlite3.Connection, record: Any) -> None:
    # The driver must not open transactions by itself: `_begin` does.
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _do_not_sync(connection: sqlite3.Connection, record: Any) -> None:
    connection.execute("PRAGMA synchronous=OFF")


def _begin(connection: sa.Connection) -> None:
    # A writer takes the lock at once: a transaction that has read and then wants to write fails if
    # someone else has written in between.
    if not connection.get_execution_options().get("write"):
        connection.exec_driver_sql("BEGIN")
        return
    raw = raw_connection(connection)
    try:
        begin_immediate(raw, LOCK_TIMEOUT)
    except sqlite3.OperationalError as error:
        raise OperationalError("BEGIN IMMEDIATE", None, error) from error
    connection.info[_CHANGES] = raw.total_changes


def _mark_state(connection: sa.Connection) -> None:
    """Give the state of the file that is about to be committed a mark, and name the one before."""
    raw = raw_connection(connection)
    if raw.total_changes == connection.info.pop(_CHANGES, raw.total_changes):
        return
    try:
        raw.execute(f"PRAGMA application_id = {_mark_of(raw)}")
        raw.execute(f"PRAGMA user_version = {new_mark()}")
    except sqlite3.Error as error:
        raise OperationalError("PRAGMA user_version", None, error) from error


def _mark_of(connection: sqlite3.Connection) -> int:
    (mark,) = connection.execute("PRAGMA user_version").fetchone()
    return int(mark)
