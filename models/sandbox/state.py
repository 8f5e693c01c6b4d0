"""The file of a sandbox: everything that its platforms know, in one SQLite file."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from models.errors import DeskError
from models.values.private_file import make_if_missing

_OURS = 0x53445342
"""What the head of the file says, by which it is known: "SDSB"."""
_VERSION = 1
_ON = "on"
_TABLES = """
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE due (
  seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, step TEXT NOT NULL, subject INTEGER NOT NULL,
  detail INTEGER NOT NULL DEFAULT 0);
CREATE INDEX due_at ON due (at, seq);
CREATE INDEX due_subject ON due (subject, step);

CREATE TABLE batch (
  seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, status TEXT NOT NULL, send_on INTEGER,
  customer_reference TEXT UNIQUE, recipients INTEGER NOT NULL, orders INTEGER NOT NULL DEFAULT 0,
  body TEXT NOT NULL, terms TEXT NOT NULL);
CREATE TABLE recipient (
  batch INTEGER NOT NULL, place INTEGER NOT NULL, body TEXT NOT NULL, address TEXT,
  PRIMARY KEY (batch, place)) WITHOUT ROWID;
CREATE TABLE gift (
  seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, code TEXT NOT NULL UNIQUE, batch INTEGER NOT NULL,
  status TEXT NOT NULL, created_at INTEGER NOT NULL, expires_at INTEGER, last_at INTEGER NOT NULL,
  refunded_at INTEGER, body TEXT NOT NULL, times TEXT NOT NULL);
CREATE INDEX gift_batch ON gift (batch, seq);
CREATE INDEX gift_created ON gift (created_at, seq);
CREATE TABLE activity (
  seq INTEGER PRIMARY KEY, id TEXT NOT NULL, gift INTEGER NOT NULL, status TEXT NOT NULL,
  at INTEGER NOT NULL);
CREATE INDEX activity_at ON activity (at, seq);
CREATE TABLE balance (method TEXT PRIMARY KEY, cents INTEGER NOT NULL);

CREATE TABLE send (
  seq INTEGER PRIMARY KEY, status TEXT NOT NULL, created_at INTEGER NOT NULL, body TEXT NOT NULL,
  updates TEXT NOT NULL, script TEXT NOT NULL);
CREATE TABLE token (
  value TEXT PRIMARY KEY, kind TEXT NOT NULL, expires_at INTEGER, used INTEGER NOT NULL DEFAULT 0);

CREATE TABLE endpoint (
  seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, platform TEXT NOT NULL, url TEXT NOT NULL,
  events TEXT, failing_since REAL, disabled INTEGER NOT NULL DEFAULT 0);
CREATE TABLE message (
  seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, endpoint INTEGER NOT NULL, event TEXT NOT NULL,
  body BLOB NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, next_at REAL, answer TEXT);
CREATE INDEX message_next ON message (next_at, seq) WHERE next_at IS NOT NULL;
"""

Row = sqlite3.Row


class State:
    """The open file of one sandbox. Times in it are seconds since 1970 in UTC."""

    def __init__(self, path: Path) -> None:
        """Open the file at *path*, and make it if nothing is there.

        Raises:
            DeskError: If it is not a file of a sandbox, is in use, or cannot be read and written.
        """
        self.path = path
        try:
            make_if_missing(path)
            # One thread uses it, but not always the one that has opened it.
            self._connection = sqlite3.connect(
                path, timeout=1, isolation_level=None, check_same_thread=False
            )
        except (OSError, sqlite3.Error) as problem:
            raise DeskError(f"{path} cannot be opened: {_reason(problem)}.") from None
        self._connection.row_factory = Row
        try:
            self._prepare()
        except sqlite3.Error as problem:
            self._connection.close()
            raise DeskError(self._refusal(problem)) from None
        except DeskError:
            self._connection.close()
            raise

    def _prepare(self) -> None:
        # The lock stays as long as the file is open: two sandboxes would do every step twice.
        self._connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        tables = self.value("SELECT count(*) FROM sqlite_master")
        head, version = self.value("PRAGMA application_id"), self.value("PRAGMA user_version")
        if tables and head != _OURS:
            raise DeskError(
                f"{self.path} is a database of something else: name a new file with --state."
            )
        if tables and version != _VERSION:
            raise DeskError(
                f"{self.path} was made by another version of Send Desk: name a new file with --state."
            )
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        with self.transaction():
            if not tables:
                for statement in filter(str.strip, _TABLES.split(";")):
                    self._connection.execute(statement)
                self._connection.execute(f"PRAGMA application_id = {_OURS}")
                self._connection.execute(f"PRAGMA user_version = {_VERSION}")

    def _refusal(self, problem: sqlite3.Error) -> str:
        match getattr(problem, "sqlite_errorname", "").split("_")[:2]:
            case ["SQLITE", "NOTADB"]:
                return f"{self.path} is not a file of a sandbox: name a new file with --state."
            case ["SQLITE", "BUSY" | "LOCKED"]:
                return f"Another sandbox has {self.path} open: stop it, or name another file with --state."
            case _:
                return f"{self.path} cannot be used: {_reason(problem)}."

    def close(self) -> None:
        """Close the file; what was written stays."""
        self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Write all of what happens in the block, or nothing. Inside another one it is part of that."""
        if self._connection.in_transaction:
            yield
            return
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            with suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def rows(self, sql: str, *values: object) -> list[Row]:
        """Return every row of a query."""
        return self._connection.execute(sql, values).fetchall()

    def row(self, sql: str, *values: object) -> Row | None:
        """Return the first row of a query, or None."""
        found: Row | None = self._connection.execute(sql, values).fetchone()
        return found

    def value(self, sql: str, *values: object) -> Any:
        """Return the first value of the first row of a query, or None."""
        row = self.row(sql, *values)
        return None if row is None else row[0]

    def write(self, sql: str, *values: object) -> int:
        """Run a statement that writes and return the number of the row that it has added, if any."""
        return self._connection.execute(sql, values).lastrowid or 0

    def write_many(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        """Run a statement that writes once for each of *rows*."""
        self._connection.executemany(sql, rows)

    def setting(self, name: str) -> str | None:
        """Return what was kept under *name*, or None."""
        found: str | None = self.value("SELECT value FROM setting WHERE name = ?", name)
        return found

    def is_set(self, name: str, *, usual: bool) -> bool:
        """Return whether a setting is on that is on or off; *usual* while nothing was kept."""
        kept = self.setting(name)
        return usual if kept is None else kept == _ON

    def switch(self, name: str, is_on: bool) -> None:
        """Keep whether a setting is on."""
        self.keep(name, _ON if is_on else "off")

    def keep(self, name: str, value: str) -> None:
        """Keep *value* under *name*."""
        self.write("INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)", name, value)


def _reason(problem: OSError | sqlite3.Error) -> str:
    if isinstance(problem, OSError):
        return problem.strerror or "the system refuses"
    return str(problem)
