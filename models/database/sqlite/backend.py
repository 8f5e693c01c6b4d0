"""SQLite: one file, many readers, one writer at a time."""

import os
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.ext.compiler import compiles

from models.database import messages
from models.database.backend import FileCopy
from models.database.bulk_insert import StoredRows
from models.database.plans import Explained, indented
from models.database.sqlite import backup, lock_holder, new_file, overlay, paths
from models.database.sqlite.common_grams import CommonGrams
from models.database.sqlite.data_version import DataVersion
from models.database.sqlite.engine import file_engine, raw_connection, seen_mark
from models.database.sqlite.file_guard import FileGuard
from models.database.sqlite.text_search import TrigramIndex
from models.database.watching import Watch
from models.errors import DeskUnavailable
from models.query.keys import SEARCHED_COLUMNS
from models.query.text_search import TextSearch
from models.store.location import file_of
from models.store.tables import EventId
from models.values.file_lock import FileLock

_OLDEST_SQLITE = (3, 35)
_TEXTS = ", ".join(SEARCHED_COLUMNS)
"""The columns of `send` that the text index `send_text` has."""
_ADD_TEXTS = f"INSERT INTO send_text(rowid, {_TEXTS}) SELECT id, {_TEXTS} FROM send"
_REMOVE_TEXTS = (
    f"INSERT INTO send_text(send_text, rowid, {_TEXTS}) SELECT 'delete', id, {_TEXTS} FROM send"
)

HISTORY_GUARDS = (
    """CREATE TRIGGER event_is_never_changed BEFORE UPDATE ON event
    BEGIN SELECT RAISE(ABORT, 'the history cannot be changed'); END""",
    """CREATE TRIGGER event_is_never_removed BEFORE DELETE ON event
    BEGIN SELECT RAISE(ABORT, 'the history cannot be removed'); END""",
    """CREATE TRIGGER event_is_never_replaced BEFORE INSERT ON event
    WHEN EXISTS (SELECT 1 FROM event WHERE id = NEW.id)
      OR EXISTS (SELECT 1 FROM event WHERE send_id = NEW.send_id AND seq = NEW.seq)
      OR EXISTS (SELECT 1 FROM event WHERE request_id = NEW.request_id)
    BEGIN SELECT RAISE(ABORT, 'the history cannot be replaced'); END""",
)
"""The triggers on the history that every sound file has, as the migrations have written them."""
LEDGER_GUARDS = (
    """CREATE TRIGGER credit_is_never_changed BEFORE UPDATE ON credit
    BEGIN SELECT RAISE(ABORT, 'the ledger cannot be changed'); END""",
    """CREATE TRIGGER credit_is_never_removed BEFORE DELETE ON credit
    BEGIN SELECT RAISE(ABORT, 'the ledger cannot be removed'); END""",
    """CREATE TRIGGER credit_is_never_replaced BEFORE INSERT ON credit
    WHEN EXISTS (SELECT 1 FROM credit WHERE id = NEW.id)
      OR EXISTS (SELECT 1 FROM credit
        WHERE send_id = NEW.send_id AND seq = NEW.seq AND state = NEW.state)
    BEGIN SELECT RAISE(ABORT, 'the ledger cannot be replaced'); END""",
)
"""Those on the ledger."""


@cache
def _insert(table: sa.Table, names: tuple[str, ...], dialect: Dialect) -> str:
    """Return the statement that inserts the columns *names*; to compile it takes 0.2 ms."""
    # Of *table* itself SQLAlchemy would add each other column for which Python has a default.
    given = sa.table(table.name, *map(sa.column, names))
    return str(sa.insert(given).compile(dialect=dialect))


def connect(
    text: str, *, create: bool = True, read_only: str = "", is_draft: bool = False
) -> "SQLite":
    """Return the database in the file at *text*, whatever its schema.

    Args:
        text: A path, or a `sqlite:///` address.
        create: Whether an empty file may be made where there is none.
        read_only: Why nothing may be written, or an empty string.
        is_draft: Whether commits do not wait for the disk.

    Raises:
        DeskUnavailable: If it is not there, cannot be made, or holds something else.
    """
    path = file_of(text)
    if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        raise DeskUnavailable(
            f"Send Desk needs SQLite 3.35 or newer; this Python brings {sqlite3.sqlite_version}."
        )
    paths.refuse_unusable(path, create=create)
    if not path.exists():
        if read_only:
            raise DeskUnavailable(
                f"There is no database at {path}: open it once without --read-only."
            )
        paths.make_new(path, new_file.empty())
    writable = os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)
    if not writable and not read_only:
        read_only = (
            f"{path.name} cannot be written: check the permissions of the file and its folder."
        )
    guard = FileGuard(path, may_change=not writable)
    guard.open()
    engine = file_engine(
        path, guard, writable=writable, only_reads=bool(read_only), is_draft=is_draft
    )
    search = TrigramIndex(CommonGrams(engine).__contains__)
    return SQLite(engine, path.name, read_only, guard, search)


@dataclass(frozen=True, slots=True)
class _HeldFile:
    """A lock that is a file; as `Held` says."""

    lock: FileLock

    def is_held(self) -> bool:
        """Whether it is held; the system gives it up only with the process."""
        return True

    def give_back(self) -> None:
        """Take the file away and let others make their own."""
        self.lock.give_back(remove=True)


@dataclass(frozen=True, slots=True)
class SQLite:
    """A file; as `Backend` says."""

    engine: sa.Engine
    name: str
    read_only: str
    guard: FileGuard
    """Knows whether the file is still in its place."""
    text_search: TextSearch
    is_server: ClassVar[bool] = False
    read_options: ClassVar[Mapping[str, Any]] = {}
    """Every transaction sees one moment of the data."""

    def watch(self) -> Watch:
        """Return what notices commits."""
        return DataVersion(self.engine, self.guard)

    @property
    def is_lost(self) -> bool:
        """Whether another file, or none, was found in the place of the one that was opened."""
        return bool(self.guard.trouble)

    def confirm(self, connection: sa.Connection | None = None) -> None:
        """Make sure that the file is the one that was opened; within a transaction, also its state."""
        if connection is None:
            self.guard.confirm()
            return
        raw = raw_connection(connection)
        if self.guard.confirm(lambda: seen_mark(raw)):
            # Other connections may remember pages of a state that is gone.
            self.engine.dispose()

    def find_again(self) -> None:
        """Open what is in the place of the file now, if that is sound."""
        self.guard.find_again(self.engine.dispose, self._quick_check)

    def lose(self, reason: str) -> None:
        """Read and write nothing more, for this *reason*, until the file was opened again."""
        self.guard.lose(reason)

    def close(self) -> None:
        """Close the connections, then the file."""
        self.guard.let_go(self.engine.dispose)

    def _quick_check(self) -> str:
        try:
            with self.engine.connect() as connection:
                found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
        except DBAPIError as error:
            return messages.of_file(error, self.name)
        return "" if found == "ok" else messages.DAMAGED.format(name=self.name)

    def session_of(self, connection: sa.Connection) -> int:
        """Return 0: whoever is in a transaction that writes waits for nobody."""
        return 0

    def who_blocks(self, sessions: Sequence[int | None]) -> str:
        """Return who writes to the file, if a write of this process has not begun for that."""
        return lock_holder.holder_of(self.guard.path) if None in sessions else ""

    def canceller(self, connection: sa.Connection) -> Callable[[], None]:
        """Return what interrupts the statement that runs on *connection*."""
        return raw_connection(connection).interrupt

    def message(self, error: DBAPIError) -> str:
        """Return the sentence that tells the agent of *error*."""
        sentence = messages.of_file(error, self.name)
        if messages.is_damage(error):
            self.guard.lose(sentence)
        return sentence

    def plan(self, connection: sa.Connection, statement: sa.Select[Any]) -> list[str]:
        """Return the steps of the query plan, indented under the step that they belong to."""
        return indented(connection.execute(Explained("EXPLAIN QUERY PLAN", statement)))

    def put_past(self, connection: sa.Connection, moment: datetime) -> str:
        """Lay the past before the tables; SQLite keeps it in files that have no name, or in memory."""
        try:
            overlay.put(raw_connection(connection), moment)
        except sqlite3.Error as error:
            raise OperationalError("CREATE TEMP TABLE", None, error) from error
        return overlay.SCHEMA

    def may_write(self, connection: sa.Connection, table: str) -> bool:
        """Return True: who may write a file may write all of it."""
        return True

    def one_intake_at_a_time(self, connection: sa.Connection) -> None:
        """Do nothing: the write lock is held since the transaction began."""

    def hold(self, name: str) -> "_HeldFile | None":
        """Take a lock by a file beside the database; None if another program has it."""
        path = self.guard.path.resolve()
        lock = FileLock(path.with_name(f"{path.name}.{name}.lock"))
        try:
            return _HeldFile(lock) if lock.take() else None
        except OSError as error:
            raise DeskUnavailable(
                f"{lock.path} cannot be made: {error.strerror}. It keeps two programs from doing the"
                " same at once."
            ) from None

    def reserve_ids(self, connection: sa.Connection, count: int) -> range:
        """Return ids above every used one; the write lock keeps others out until the commit."""
        top = connection.exec_driver_sql("SELECT coalesce(max(id), 0) FROM send").scalar_one()
        return range(top + 1, top + 1 + count)

    def insert(self, connection: sa.Connection, rows: StoredRows) -> None:
        """Insert all rows with one statement that is prepared once."""
        statement = _insert(rows.table, rows.names, connection.dialect)
        connection.exec_driver_sql(statement, rows.values)

    def index_text(self, connection: sa.Connection, first: int, last: int) -> None:
        """Add the texts of the sends from *first* to *last* to the index with one statement.

        A trigger for each row would be three times slower: of sends alone, 14,000 a second were
        imported with triggers and 37,000 to 53,000 without.
        """
        connection.exec_driver_sql(f"{_ADD_TEXTS} WHERE id BETWEEN ? AND ?", (first, last))

    def reindex_text(
        self, connection: sa.Connection, send_ids: list[int], write: Callable[[], None]
    ) -> None:
        """Take the old texts out of the index, let *write* change them, put the new ones in."""
        if not send_ids:
            write()
            return
        rows = [(send_id,) for send_id in send_ids]
        connection.exec_driver_sql(f"{_REMOVE_TEXTS} WHERE id = ?", rows)
        write()
        connection.exec_driver_sql(f"{_ADD_TEXTS} WHERE id = ?", rows)

    def refuse_unsuitable(self, connection: sa.Connection) -> None:
        """Do nothing: every file can hold every text."""

    def refuse_upgrade(self, connection: sa.Connection) -> None:
        """Do nothing: whoever can write a file can change its schema."""

    def set_up_file(self) -> None:
        """Have readers go on while someone writes: a file keeps its journal mode for life."""
        with self.engine.connect() as connection:
            raw_connection(connection).execute("PRAGMA journal_mode=WAL")

    def one_upgrade_at_a_time(self, connection: sa.Connection) -> None:
        """Do nothing: the write lock is held since the transaction began."""

    def backup_before_upgrade(self) -> FileCopy:
        """Copy the file as it is, beside it."""
        return backup.copy_beside(self.engine)

    def after_upgrade(self) -> None:
        """Do nothing: the migrations have made all that a file needs."""

    def warning(self) -> str:
        """Return an empty string: there is nothing about a file that agents must know."""
        return ""

    def backup(self, target: Path) -> None:
        """Copy the database as it is now into the new file *target*."""
        backup.copy(self.engine, target)

    def check(self) -> list[str]:
        """Return what SQLite's own checks find, and whether history and ledger have their guards."""
        with self.engine.connect() as connection:
            made = connection.exec_driver_sql("SELECT type, name, sql FROM sqlite_master").all()
            guards = {sql for kind, _, sql in made if kind == "trigger"}
            # A copy of before it came has no ledger.
            has_ledger = ("table", "credit") in {(kind, name) for kind, name, _ in made}
            found = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check")]
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        problems = [line for line in found if line != "ok"]
        if broken:
            problems.append(f"{len(broken)} rows refer to sends that do not exist")
        if not guards.issuperset(HISTORY_GUARDS):
            problems.append("the triggers that guard the history are missing or changed")
        if has_ledger and not guards.issuperset(LEDGER_GUARDS):
            problems.append("the triggers that guard the ledger are missing or changed")
        return problems


@compiles(EventId, "sqlite")
def _event_id(*_: object, **options: object) -> str:
    # SQLite counts up by itself only what is called INTEGER; that has 8 bytes.
    return "INTEGER"
