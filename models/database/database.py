"""An open database of either kind: what the desk reads and writes through."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import RLock
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from models.database import messages, schema
from models.database.backend import Backend, Held
from models.database.bulk_insert import insert_into, stored_rows
from models.database.bulk_update import run_for_each
from models.database.cancel import Reads
from models.database.lock_waits import LockWaits, Write
from models.errors import DeskError, DeskUnavailable, ReadOnly
from models.query.text_search import TextSearch
from models.values.clock import Clock, utc_now

_LOOK_TAKES = 1.0
"""Seconds that a look for changes takes at most, where the database answers at all."""
_CLOCK = "SELECT clock_timestamp()"
# A transaction that writes nothing is not waited for until the standby has it: one that finds its work done
# would tell as saved what the server can still forget. An empty message in its log is enough; a standby
# refuses the number that comes before with the usual error.
_CLOCK_AND_MARK = (
    "SELECT clock_timestamp(), txid_current(), pg_logical_emit_message(true, 'senddesk', '')"
)


class Database:
    """An open database: short transactions, and errors that are sentences.

    Methods that take a connection raise a `DBAPIError` if the database refuses; `read` and `write`, which
    gave that connection, turn it into `DeskUnavailable`.

    Attributes:
        engine: The SQLAlchemy engine, for migrations and tests.
        name: What agents call it: a file name, or host and database.
        warning: What agents should know about it, or an empty string.
        own_clock: The clock of this computer.
    """

    def __init__(self, backend: Backend) -> None:
        self.engine = backend.engine
        self.name = backend.name
        self.warning = ""
        self._closed = False
        self._looking = RLock()
        self._backend = backend
        self.own_clock: Clock = utc_now
        self._ahead: timedelta | None = None
        self._reader = self.engine.execution_options(**backend.read_options)
        self._writer = self.engine.execution_options(write=True)
        self._watch = backend.watch()
        self._lock_waits = LockWaits(backend.who_blocks)

    @property
    def read_only(self) -> str:
        """Why nothing can be written now, or an empty string; a standby can be promoted."""
        return self._backend.read_only

    @property
    def is_server(self) -> bool:
        """Whether the data is on a server, which a team can share, and not in a file."""
        return self._backend.is_server

    @property
    def text_search(self) -> TextSearch:
        """How this database finds a text inside another."""
        return self._backend.text_search

    @contextmanager
    def read(self, reads: Reads | None = None) -> Iterator[sa.Connection]:
        """Give a connection that sees one moment of the data.

        Args:
            reads: What this read belongs to, so that another thread can cancel it.

        Raises:
            DeskUnavailable: If the database cannot be read.
            Cancelled: If it was cancelled, before or meanwhile.
        """
        reads = reads or Reads()
        self._backend.confirm()
        with (
            self._translated_errors(),
            self._checkout() as connection,
            reads.running(self._backend.canceller(connection)),
            connection.begin(),
        ):
            yield connection

    @contextmanager
    def _checkout(self) -> Iterator[sa.Connection]:
        with self._reader.connect() as connection:
            try:
                yield connection
            finally:
                if self._closed:
                    # Its pool is gone. Detached from that, the connection is closed at the end.
                    connection.detach()

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """Give a connection whose work is committed at the end, or not at all.

        Raises:
            ReadOnly: If the database was opened for reading.
            DeskUnavailable: If the database cannot be written.
        """
        self.refuse_if_read_only()
        self._backend.confirm()
        with (
            self._lock_waits.writing() as write,
            self._translated_errors(write),
            self._writer.begin() as connection,
        ):
            write.session = self._backend.session_of(connection)
            self._backend.confirm(connection)
            if self.is_server:
                self._measure_clock(connection, _CLOCK_AND_MARK)
            yield connection
            # What is committed to a file that is no more in its place would be lost without a word.
            self._backend.confirm(connection)
            write.is_committing = True

    def confirm_saved(self) -> None:
        """Return once what can be read now is as safe as what a write of this moment makes.

        A server that fails can forget what it shows to everybody, until its standby has it too.

        Raises:
            ReadOnly: If nothing can be written.
            DeskUnavailable: If the database does not answer.
        """
        if not self.is_server:
            return
        try:
            with self.write():
                pass
        except DeskUnavailable as problem:
            raise DeskUnavailable(messages.of_commit(str(problem)), passes=problem.passes) from None

    @property
    def has_long_write(self) -> bool:
        """Whether a write takes longer than a second by now; the database is not asked."""
        return self._lock_waits.any_long

    def waits_for(self) -> str:
        """Return a sentence that names whom a write has been waiting for longer than a second, or nothing.

        Raises:
            DeskUnavailable: If the database does not answer.
        """
        with self._translated_errors():
            return self._lock_waits.waits_for()

    def refuse_if_read_only(self) -> None:
        """Return if the database was opened for writing.

        Raises:
            ReadOnly: If it was not.
        """
        if self.read_only:
            raise ReadOnly(self.read_only)

    def clock(self) -> datetime:
        """Return the present moment in UTC, on a server by its clock, so that a team has one.

        The server's clock is looked at in every write, and before that once.

        Raises:
            DeskUnavailable: If it is asked and does not answer.
        """
        if not self.is_server:
            return self.own_clock()
        if self._ahead is None:
            with self._translated_errors(), self._checkout() as connection:
                self._measure_clock(connection)
        return self.own_clock() + (self._ahead or timedelta())

    def _measure_clock(self, connection: sa.Connection, question: str = _CLOCK) -> None:
        """Look how far the server's clock is ahead of this computer's, less the way to it and back."""
        asked = self.own_clock()
        told: datetime = connection.exec_driver_sql(question).scalar_one()
        answered = self.own_clock()
        self._ahead = told.astimezone(UTC) - asked - (answered - asked) / 2

    def plan(self, connection: sa.Connection, statement: sa.Select[Any]) -> list[str]:
        """Return the steps in which the database would run *statement*, in its own words."""
        return self._backend.plan(connection, statement)

    def count_stays(self) -> None:
        """Have the reads from now on see the stays in statuses too; the present always has them."""

    def may_write(self, table: str) -> bool:
        """Return whether this user may add rows to *table* and remove them; a file has one right for all.

        Raises:
            DeskUnavailable: If the database cannot be read.
        """
        with self.read() as connection:
            return self._backend.may_write(connection, table)

    def one_intake_at_a_time(self, connection: sa.Connection) -> None:
        """Wait until no other intake runs, and let others wait until this transaction ends.

        On a server agents go on writing meanwhile.
        """
        self._backend.one_intake_at_a_time(connection)

    def hold(self, name: str) -> Held | None:
        """Take the lock *name*, which one program at a time can have; None if another one has it.

        Raises:
            DeskUnavailable: If the database cannot say.
        """
        with self._translated_errors():
            return self._backend.hold(name)

    def reserve_ids(self, connection: sa.Connection, count: int) -> range:
        """Return *count* ids for new sends; only the intake that runs may ask."""
        return self._backend.reserve_ids(connection, count)

    def insert(
        self, connection: sa.Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]
    ) -> None:
        """Insert *rows*: none, one or thousands; all give the same columns of *table*.

        SQLAlchemy alone inserted 155,000 rows a second into SQLite, and 353,000 where it was handed values
        that are ready for the driver, as is done here.
        """
        if len(rows) == 1:
            connection.execute(insert_into(table), rows[0])
        # An insert of no rows at all would insert one row of defaults.
        elif rows:
            self._backend.insert(connection, stored_rows(table, rows, connection.dialect))

    def update(
        self, connection: sa.Connection, statement: sa.Update, rows: Sequence[Mapping[str, Any]]
    ) -> int:
        """Run *statement* with the values of each of *rows*; return how many rows it has changed.

        Args:
            connection: Of a transaction that writes.
            statement: Its parameters are named as the keys of *rows*.
            rows: At least one.
        """
        if len(rows) == 1:
            return connection.execute(statement, rows[0]).rowcount
        return run_for_each(connection, statement, rows)

    def index_text(self, connection: sa.Connection, first: int, last: int) -> None:
        """Make the texts of the new sends from id *first* to *last* findable."""
        self._backend.index_text(connection, first, last)

    def reindex_text(
        self, connection: sa.Connection, send_ids: list[int], write: Callable[[], None]
    ) -> None:
        """Keep the texts of *send_ids* findable while *write* changes them."""
        self._backend.reindex_text(connection, send_ids, write)

    def changed(self) -> bool:
        """Whether someone else has committed since this was last asked; never once it is closed.

        A file that was lost is opened again here, once something sound is in its place.

        Raises:
            DeskUnavailable: If the database does not answer, or its file was found lost.
        """
        with self._looking, self._translated_errors():
            if self._closed:
                # Who asks nevertheless would open a connection that nobody closes.
                return False
            if not self._backend.is_lost:
                return self._watch.changed()
            self._watch.close()
            self._backend.find_again()
        try:
            self.ensure_schema()
        except DeskError as error:
            self._backend.lose(str(error))
            raise
        return True

    def ensure_schema(self) -> None:
        """Make the schema of a new file, or bring that of an older file up to date after a backup copy.

        Raises:
            WrongSchema: If it is newer, or older and may not be changed here, as that of a server.
            DeskUnavailable: If it cannot be read, copied or changed; it is as it was.
        """
        with self._translated_errors():
            self._set_warning(schema.ensure_schema(self._backend))

    def upgrade(self) -> None:
        """Bring the schema to this program's version, after a backup copy where that is a file.

        Raises:
            ReadOnly: If the database cannot be written.
            WrongSchema: If it belongs to another program or a newer version.
            DeskUnavailable: If it cannot be copied or changed; it is as it was.
        """
        self.refuse_if_read_only()
        with self._translated_errors():
            self._set_warning(schema.upgrade(self._backend))

    def _set_warning(self, done: schema.Upgraded) -> None:
        told = self._backend.warning()
        if done.copy is not None:
            told = f"Before its schema was changed, {self.name} was copied to {done.copy}."
        if done.derived:
            sends = "1 send" if done.derived == 1 else f"{done.derived:,} sends"
            told = f"{told} The status or the times of {sends} were derived anew from the history."
        self.warning = told.lstrip()

    def recount(self) -> None:
        """Count anew, from the histories, how long sends stayed in their statuses.

        Raises:
            ReadOnly: If the database cannot be written.
            DeskUnavailable: If it cannot be read or written; the numbers are as they were.
        """
        # Rules of all kinds, which no other use of a database needs.
        from models.database.stays_again import count_stays

        with self.write() as connection:
            self.one_intake_at_a_time(connection)
            count_stays(connection)

    def backup(self, target: Path) -> None:
        """Write a consistent copy to the new file *target*.

        Raises:
            DeskUnavailable: If the file exists or cannot be written, or this is a server.
        """
        with self._translated_errors():
            self._backend.backup(target)

    def check(self) -> list[str]:
        """Return what is wrong with the stored data as the database itself sees it.

        Raises:
            DeskUnavailable: If the database cannot be read.
        """
        with self._translated_errors():
            return self._backend.check()

    def check_copy(self, verify: "Callable[[Database], Sequence[str]]") -> list[str]:
        """Bring this copy of a desk to this program's schema and return what is wrong with it.

        Args:
            verify: Returns what is wrong with the history; asked last, once all else is sound.

        Raises:
            WrongSchema: If it is no desk, or a newer one.
            DeskUnavailable: If it cannot be read or changed.
        """
        with self._translated_errors():
            if problems := self._backend.check():
                return problems
            schema.upgrade_copy(self._backend)
        return list(verify(self))

    def close(self) -> None:
        """Close the connections; one that a read still uses is closed when the read ends."""
        # A connection of a file that is closed while another thread looks on it ends the program.
        has_looked = self._looking.acquire(timeout=_LOOK_TAKES)
        try:
            self._closed = True
            self._watch.close()
            self._backend.close()
        finally:
            if has_looked:
                self._looking.release()

    @contextmanager
    def _translated_errors(self, write: Write | None = None) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            sentence = self._backend.message(error)
            if write is not None and write.is_committing:
                sentence = messages.of_commit(sentence)
            raise DeskUnavailable(sentence, passes=messages.passes(sentence)) from error
        except SQLAlchemyError as error:
            raise DeskUnavailable(f"{self.name} did not answer as expected.") from error
