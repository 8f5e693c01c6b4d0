"""SQLite: one file, many readers, one writer at a time."""

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from models.database import backup as copies
from models.database import paths
from models.database.bulk_insert import Inserted
from models.database.data_version import DataVersion
from models.database.messages import of_file as sentence
from models.database.plans import Explained, indented
from models.database.text_search import trigram_index as text_search
from models.database.watching import Watch
from models.database.write_lock import begin_immediate
from models.errors import DeskUnavailable
from models.store.location import file_of

__all__ = ["sentence", "text_search"]

PATIENCE = 15.0
"""Seconds that whoever finds the file locked waits."""
_PRAGMAS = (
    f"busy_timeout={PATIENCE * 1000:.0f}",
    "foreign_keys=ON",
    "recursive_triggers=ON",
    "synchronous=FULL",
    "trusted_schema=OFF",
    "cell_size_check=ON",
    "cache_size=-8000",
)
_TEXTS = "recipient_name, recipient_email, company, campaign, ref, external_id, tracking_number"

READING: dict[str, str] = {}
"""Execution options under which a transaction sees one moment of the data: every one does."""
HISTORY_GUARDS = (
    """CREATE TRIGGER event_is_never_changed BEFORE UPDATE ON event
    BEGIN SELECT RAISE(ABORT, 'the history cannot be changed'); END""",
    """CREATE TRIGGER event_is_never_removed BEFORE DELETE ON event
    BEGIN SELECT RAISE(ABORT, 'the history cannot be removed'); END""",
    # REPLACE removes rows without a DELETE trigger wherever recursive_triggers is off.
    """CREATE TRIGGER event_is_never_replaced BEFORE INSERT ON event
    WHEN EXISTS (SELECT 1 FROM event WHERE id = NEW.id)
      OR EXISTS (SELECT 1 FROM event WHERE send_id = NEW.send_id AND seq = NEW.seq)
      OR EXISTS (SELECT 1 FROM event WHERE request_id = NEW.request_id)
    BEGIN SELECT RAISE(ABORT, 'the history cannot be replaced'); END""",
)
TEXT_SEARCH = (
    f"CREATE VIRTUAL TABLE send_text USING fts5({_TEXTS}, content='send', content_rowid='id',"
    " tokenize='trigram', detail=none, columnsize=0)",
)
NEWS: tuple[str, ...] = ()
"""What tells others of a commit: SQLite does."""


def connect(text: str, *, create: bool, read_only: str) -> tuple[sa.Engine, ModuleType, str, str]:
    """Return the engine for the file at *text*, this module, its name and why it is read-only."""
    path = file_of(text)
    if sqlite3.sqlite_version_info < (3, 35):
        raise DeskUnavailable(
            f"Send Desk needs SQLite 3.35 or newer; this Python brings {sqlite3.sqlite_version}."
        )
    paths.refuse_what_is_no_file(path, create=create)
    if not path.exists():
        if read_only:
            raise DeskUnavailable(
                f"There is no database at {path}: open it once without --read-only."
            )
        paths.make_private(path)
    writable = os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)
    if not writable and not read_only:
        read_only = (
            f"{path.name} cannot be written: check the permissions of the file and its folder."
        )
    engine = sa.create_engine(
        "sqlite://",
        creator=_opener(path, writable=writable, only_reads=bool(read_only)),
        poolclass=sa.QueuePool,
        pool_size=4,
        hide_parameters=True,
    )
    sa.event.listen(engine, "connect", _prepare)
    sa.event.listen(engine, "begin", _begin)
    return engine, _this(), path.name, read_only


def _this() -> ModuleType:
    import models.database.sqlite

    return models.database.sqlite


def _opener(path: Path, *, writable: bool, only_reads: bool) -> Callable[[], sqlite3.Connection]:
    mode = "rw" if not only_reads else "ro"
    address = f"file:{quote(str(path))}?mode={mode}"
    if not writable and not Path(f"{path}-wal").exists():
        # A write-ahead log cannot be opened in a folder that cannot be written.
        address += "&immutable=1"

    def open_file() -> sqlite3.Connection:
        return sqlite3.connect(address, uri=True, timeout=PATIENCE, check_same_thread=False)

    return open_file


def _prepare(connection: sqlite3.Connection, record: Any) -> None:
    # The driver must not open transactions by itself: BEGIN is ours.
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: sa.Connection) -> None:
    # A writer takes the lock at once: a read that turns into a write cannot wait for another.
    if not connection.get_execution_options().get("write"):
        connection.exec_driver_sql("BEGIN")
        return
    try:
        begin_immediate(_raw(connection), PATIENCE)
    except sqlite3.OperationalError as error:
        raise OperationalError("BEGIN IMMEDIATE", None, error) from error


def first_time(engine: sa.Engine) -> None:
    """Set what a file keeps for life."""
    with engine.connect() as connection:
        _raw(connection).execute("PRAGMA journal_mode=WAL")


def one_intake_at_a_time(connection: sa.Connection) -> None:
    """Nothing: the write lock is held since the transaction began."""


def reserve_ids(connection: sa.Connection, count: int) -> range:
    """Return ids above every used one; the write lock keeps others out until the commit."""
    top = connection.exec_driver_sql("SELECT coalesce(max(id), 0) FROM send").scalar_one()
    return range(top + 1, top + 1 + count)


def insert(connection: sa.Connection, new: Inserted) -> None:
    """Insert all rows with one statement that is prepared once."""
    statement = sa.insert(new.table).compile(dialect=connection.dialect, column_keys=new.names)
    connection.exec_driver_sql(str(statement), new.values)


def index_text(connection: sa.Connection, first: int, last: int) -> None:
    """Add the sends from *first* to *last* to the text index in one statement."""
    connection.exec_driver_sql(
        f"INSERT INTO send_text(rowid, {_TEXTS}) SELECT id, {_TEXTS} FROM send WHERE id BETWEEN ? AND ?",
        (first, last),
    )


def reindex_text(connection: sa.Connection, send_ids: list[int], write: Callable[[], None]) -> None:
    """Take the old texts out of the index, let *write* change them, put the new ones in."""
    if not send_ids:
        write()
        return
    rows = [(send_id,) for send_id in send_ids]
    connection.exec_driver_sql(
        f"INSERT INTO send_text(send_text, rowid, {_TEXTS}) SELECT 'delete', id, {_TEXTS} FROM send WHERE id = ?",
        rows,
    )
    write()
    connection.exec_driver_sql(
        f"INSERT INTO send_text(rowid, {_TEXTS}) SELECT id, {_TEXTS} FROM send WHERE id = ?", rows
    )


def watch(engine: sa.Engine) -> Watch:
    """Return what notices commits."""
    return DataVersion(engine)


def stopper(connection: sa.Connection) -> Callable[[], None]:
    """Return what ends the statement that runs on *connection*, from another thread."""
    return _raw(connection).interrupt


def plan(connection: sa.Connection, statement: sa.Select[Any]) -> list[str]:
    """Return the steps of the query plan, indented under the step they belong to."""
    return indented(connection.execute(Explained("EXPLAIN QUERY PLAN", statement)))


def one_upgrade_at_a_time(connection: sa.Connection) -> None:
    """Nothing: the write lock is held since the transaction began."""


def after_upgrade(engine: sa.Engine) -> None:
    """Nothing: every file has all there is."""


def warning(engine: sa.Engine, name: str) -> str:
    """Return nothing: there is nothing about a file that agents must know."""
    return ""


def _raw(connection: sa.Connection) -> sqlite3.Connection:
    raw = connection.connection.driver_connection
    assert isinstance(raw, sqlite3.Connection)
    return raw


def backup(engine: sa.Engine, target: Path) -> None:
    """Copy the database as it is now into the new file *target*."""
    copies.copy(engine, target)


def keep_before_upgrade(engine: sa.Engine) -> Path:
    """Copy the file as it is, beside it, and return the copy."""
    return copies.keep(engine)


def check(engine: sa.Engine) -> list[str]:
    """Return what SQLite's own checks find, and whether the guards of the history are there."""
    with engine.connect() as connection:
        guards = connection.exec_driver_sql(
            "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'event'"
        ).scalars()
        unguarded = set(HISTORY_GUARDS).difference(guards)
        found = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check")]
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    problems = [line for line in found if line != "ok"]
    if broken:
        problems.append(f"{len(broken)} rows refer to sends that do not exist")
    if unguarded:
        problems.append("the triggers that guard the history are missing or changed")
    return problems
