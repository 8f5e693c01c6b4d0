"""A desk as it was at one moment: every read of it goes to a connection of its own, nothing is written."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from threading import RLock
from typing import Any, Protocol

import sqlalchemy as sa
from sqlmodel import SQLModel

from models.database import overlay
from models.database.cancel import Reads
from models.database.database import Database
from models.errors import Cancelled
from models.query.keys import SEARCHED_COLUMNS
from models.query.text_search import Condition, TextSearch
from models.query.tree import Node
from models.store import mapping
from models.store.tables import Send

Rows = Sequence[Mapping[str, Any]]


class Past(Protocol):
    """Knows what was other at the moment."""

    def settings(self, connection: sa.Connection) -> Mapping[type[SQLModel], Rows]:
        """Return every row of the settings as they were; *connection* shows the present."""

    def begin(self, connection: sa.Connection, schema: str) -> None:
        """Note from where on the history is looked at; *connection* shows a past that is empty yet.

        Args:
            connection: Within a transaction.
            schema: Where the desk's own tables are.
        """

    def step(self, database: "PastDatabase", connection: sa.Connection) -> int:
        """Fill in what changed since the moment, a part at a time; return how much is left, or 0."""


class PastDatabase(Database):
    """A database whose reads show one moment of the past, while others go on writing.

    Args:
        today: The open database.
        moment: In UTC.
        why_read_only: The sentence that refuses every write.
        past: Knows what was other then.

    Attributes:
        counts_stays: Whether stays in statuses are worked out, too.
    """

    def __init__(self, today: Database, moment: datetime, why_read_only: str, past: Past) -> None:
        super().__init__(today._backend)
        self._moment = moment
        self._why = why_read_only
        self._past = past
        self._kept: sa.Connection | None = None
        self._pool: sa.Pool | None = None
        """Where the connection is from."""
        self._lock = RLock()
        self._in_use: sa.Connection | None = None
        """The connection while a read of this thread is under way."""
        self._has_other_texts = False
        self.counts_stays = False

    @property
    def read_only(self) -> str:
        """Why nothing can be written."""
        return self._why

    @property
    def text_search(self) -> TextSearch:
        """How a text is found; where the index knows other texts, it is not asked about those sends."""
        search = self._backend.text_search
        if self._backend.is_server or not self._has_other_texts:
            return search
        return _OtherTexts(search)

    @contextmanager
    def read(self, reads: Reads | None = None) -> Iterator[sa.Connection]:
        """Give the connection that shows the past; one thread at a time has it."""
        with self._lock:
            if self._in_use is not None:
                yield self._in_use
                return
            with self._transaction(reads or Reads()) as connection:
                while self._past.step(self, connection):
                    pass
                self._look_at_texts(connection)
                self._in_use = connection
                try:
                    yield connection
                finally:
                    self._in_use = None

    def fill(self, reads: Reads) -> Iterator[int]:
        """Find out what was other then, in many transactions; yield how much is left after each.

        Raises:
            DeskUnavailable: If the database cannot be read, or has no place for what is found.
            Cancelled: If it was cancelled, before or meanwhile.
        """
        left = 1
        while left:
            with self._lock, self._transaction(reads) as connection:
                left = self._past.step(self, connection)
            if left:
                yield left

    def count_stays(self) -> None:
        """Have the reads from now on see the stays in statuses as they were; few of them ask for it."""
        self.counts_stays = True

    def may_write(self, table: str) -> bool:
        """Return False: nobody writes to the past."""
        return False

    def changed(self) -> bool:
        """Return False: the past stays as it was."""
        return False

    def close(self) -> None:
        """Give the connection back, and with it all that was found out."""
        with self._lock:
            self._closed = True
            self._watch.close()
            if self._kept is not None:
                _end(self._kept)
                self._kept = None

    @contextmanager
    def _transaction(self, reads: Reads) -> Iterator[sa.Connection]:
        if self._closed:
            raise Cancelled
        self._backend.confirm()
        with self._translated_errors():
            connection = self._connected()
            with reads.running(self._backend.canceller(connection)), connection.begin():
                yield connection

    def _connected(self) -> sa.Connection:
        """Return the connection; one that was lost has taken the past with it, and another is made."""
        if self._kept is not None:
            # The pool is another one once what was lost was opened again.
            if not self._kept.invalidated and self._pool is self.engine.pool:
                return self._kept
            _end(self._kept)
            self._kept = None
        connection, self._pool = self.engine.connect(), self.engine.pool
        try:
            with connection.begin():
                settings = self._past.settings(connection)
            with connection.begin():
                schema = self._backend.put_past(connection, self._moment)
                for model, rows in settings.items():
                    if rows:
                        connection.execute(sa.insert(mapping.table_of(model)), list(rows))
                self._past.begin(connection, schema)
            connection.execution_options(**self._backend.read_options)
        except BaseException:
            _end(connection)
            raise
        self._kept = connection
        return connection

    def _look_at_texts(self, connection: sa.Connection) -> None:
        if not self._has_other_texts:
            found = connection.execute(sa.select(overlay.TEXTS.c.id).limit(1)).first()
            self._has_other_texts = found is not None


def _end(connection: sa.Connection) -> None:
    """Close a connection, which goes back to no pool: whoever got it there wants to see the present."""
    if not connection.invalidated:
        connection.detach()
    connection.close()


class _OtherTexts:
    """Asks the index about all sends but those that it knows with other texts; as `TextSearch` says."""

    def __init__(self, search: TextSearch) -> None:
        self._search = search

    def find(self, term: str, columns: Sequence[str] = SEARCHED_COLUMNS) -> Condition:
        """Return the condition; the sends with other texts are compared one by one."""
        send_id = mapping.columns_of(Send)["id"]
        found, checked = self._search.find(term, columns), self._search.check(term, columns)
        return sa.or_(send_id.not_in(_ids()) & found, send_id.in_(_ids()) & checked)

    def check(self, term: str, columns: Sequence[str] = SEARCHED_COLUMNS) -> Condition:
        """Return the condition for one row: no index is asked."""
        return self._search.check(term, columns)

    def candidates(self, tree: Node) -> sa.Select[int] | None:
        """Return the ids that the index has, and those of the sends with other texts."""
        found = self._search.candidates(tree)
        if found is None:
            return None
        return sa.select(sa.union_all(found, _ids()).subquery().c[0])


def _ids() -> sa.Select[Any]:
    return sa.select(overlay.TEXTS.c.id)
