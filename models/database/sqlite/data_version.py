"""How a desk on a file notices what others write: SQLite counts the commits."""

import sqlite3

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from models.database.sqlite.engine import raw_connection
from models.database.sqlite.file_guard import NO_MARK, FileGuard


class DataVersion:
    """Says whether another connection has committed since it was last asked; as `Watch` says."""

    def __init__(self, engine: sa.Engine, guard: FileGuard) -> None:
        self._engine = engine
        self._guard = guard
        self._connection: sa.Connection | None = None
        self._seen: int | None = None

    def changed(self) -> bool:
        """Whether someone has committed since this was last asked; never at the first time.

        Raises:
            DBAPIError: If the file cannot be read.
            DeskUnavailable: If it is not the file that was opened.
        """
        if self._guard.confirm(self._mark):
            self.close()
            self._engine.dispose()
            return True
        before, self._seen = self._seen, self._answer("PRAGMA data_version")
        return before is not None and before != self._seen

    def _mark(self) -> int:
        try:
            return self._answer("PRAGMA user_version")
        except OperationalError:
            return NO_MARK

    def _answer(self, statement: str) -> int:
        if self._connection is None:
            self._connection = self._engine.connect()
        raw = raw_connection(self._connection)
        try:
            # Outside of transactions: within one the number would always be the same.
            (found,) = raw.execute(statement).fetchone()
        except sqlite3.Error as error:
            self.close()
            raise OperationalError(statement, None, error) from error
        return int(found)

    def close(self) -> None:
        """Give the connection back."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
