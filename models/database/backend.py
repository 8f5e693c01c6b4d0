"""Backend: what each kind of database does in its own way."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from models.database.bulk_insert import StoredRows
from models.database.watching import Watch
from models.query.text_search import TextSearch


class FileCopy(NamedTuple):
    """A copy of a file as it was before an upgrade."""

    path: Path
    is_new: bool
    """Whether it was made now; an older copy of the same serves as well."""


class Held(Protocol):
    """A lock that this program has; it ends with the program, however that ends."""

    def is_held(self) -> bool:
        """Whether it is still held: a server gives the locks up of whoever it has lost sight of."""

    def give_back(self) -> None:
        """Let others have it."""


class Backend(Protocol):
    """One open database of one kind.

    Where a method takes a connection, that is within a transaction. What the driver refuses comes out
    of every method as a `DBAPIError`; `message` turns it into a sentence.
    """

    @property
    def engine(self) -> sa.Engine:
        """Gives the connections; one with the execution option `write` begins a transaction that writes."""

    @property
    def name(self) -> str:
        """What agents call it: a file name, or host and database."""

    @property
    def read_only(self) -> str:
        """Why nothing can be written, or an empty string."""

    @property
    def is_server(self) -> bool:
        """Whether it is on a server, which a team can share: only `senddesk db upgrade` changes its schema."""

    @property
    def text_search(self) -> TextSearch:
        """How it finds a text inside another."""

    @property
    def read_options(self) -> Mapping[str, Any]:
        """Execution options under which a transaction sees one moment of the data."""

    @property
    def is_lost(self) -> bool:
        """Whether nothing is read or written until `find_again` has found the data again."""

    def confirm(self, connection: sa.Connection | None = None) -> None:
        """Make sure that the data is still where it was opened.

        Args:
            connection: Of a transaction that has begun, or None before one begins.

        Raises:
            DeskUnavailable: If it is not; from then on it is lost.
        """

    def find_again(self) -> None:
        """Open what is in the place of lost data.

        Raises:
            DeskUnavailable: If nothing sound is there.
        """

    def lose(self, reason: str) -> None:
        """Count the data as lost, for this *reason*."""

    def close(self) -> None:
        """Close the connections."""

    def watch(self) -> Watch:
        """Return what notices that others have written."""

    def session_of(self, connection: sa.Connection) -> int:
        """Return the number by which `who_blocks` knows the session of *connection*."""

    def who_blocks(self, sessions: Sequence[int | None]) -> str:
        """Return who holds the lock that one of *sessions* waits for, in words; nothing if none waits.

        None stands for a session whose transaction has not begun yet.
        """

    def canceller(self, connection: sa.Connection) -> Callable[[], None]:
        """Return what ends the statement that runs on *connection*; other threads call it."""

    def message(self, error: DBAPIError) -> str:
        """Return the sentence that tells the agent of *error*."""

    def plan(self, connection: sa.Connection, statement: sa.Select[Any]) -> list[str]:
        """Return the steps in which the database would run *statement*, in its own words."""

    def put_past(self, connection: sa.Connection, moment: datetime) -> str:
        """Lay the past at *moment* before the tables that *connection* sees, without any rows yet.

        Returns:
            The name of the schema in which the desk's own tables are.
        """

    def may_write(self, connection: sa.Connection, table: str) -> bool:
        """Return whether this user may add rows to *table* and remove them."""

    def one_intake_at_a_time(self, connection: sa.Connection) -> None:
        """Wait until no other intake runs; others wait until this transaction ends."""

    def hold(self, name: str) -> "Held | None":
        """Take the lock *name*, which one program at a time can have; None if another one has it."""

    def reserve_ids(self, connection: sa.Connection, count: int) -> range:
        """Return *count* ids for new sends; only the intake that runs may ask."""

    def insert(self, connection: sa.Connection, rows: StoredRows) -> None:
        """Insert *rows*, of which there is at least one."""

    def index_text(self, connection: sa.Connection, first: int, last: int) -> None:
        """Make the texts of the new sends from id *first* to *last* findable."""

    def reindex_text(
        self, connection: sa.Connection, send_ids: list[int], write: Callable[[], None]
    ) -> None:
        """Keep the texts of *send_ids* findable while *write* changes them."""

    def refuse_unsuitable(self, connection: sa.Connection) -> None:
        """Refuse a database that cannot hold what people write.

        Raises:
            DeskUnavailable: If it cannot; the message says why and what to do.
        """

    def refuse_upgrade(self, connection: sa.Connection) -> None:
        """Refuse where this user cannot make or change the schema.

        Raises:
            DeskUnavailable: If so; the message says why and what to do.
        """

    def set_up_file(self) -> None:
        """Set what a new file keeps for life."""

    def one_upgrade_at_a_time(self, connection: sa.Connection) -> None:
        """Wait until no other upgrade or intake runs; others wait until this transaction ends."""

    def backup_before_upgrade(self) -> FileCopy | None:
        """Copy a file beside itself; the caller holds the write lock.

        Raises:
            DeskUnavailable: If it cannot be copied.
        """

    def after_upgrade(self) -> None:
        """Do what belongs to an upgrade but not into its transaction."""

    def warning(self) -> str:
        """Return what agents should know about this database, or an empty string."""

    def backup(self, target: Path) -> None:
        """Write a consistent copy to the new file *target*.

        Raises:
            DeskUnavailable: If the file exists or cannot be written, or this is a server.
        """

    def check(self) -> list[str]:
        """Return what is wrong with the stored data as the database itself sees it."""
