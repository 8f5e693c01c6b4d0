"""How a desk on a file notices what others write: SQLite counts the commits."""

import sqlite3

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError


class DataVersion:
    """Says whether another connection has committed since it was last asked; as `Watch` says."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._connection: sa.Connection | None = None
        self._seen: int | None = None

    def changed(self) -> bool:
        """Whether someone has committed since this was last asked; never at the first time.

        Raises:
            DBAPIError: If the file cannot be read.
        """
        if self._connection is None:
            self._connection = self._engine.connect()
        statement = "PRAGMA data_version"
        raw = self._connection.connection.driver_connection
        assert isinstance(raw, sqlite3.Connection)
        try:
            # Outside of transactions: within one the number would always be the same.
            (seen,) = raw.execute(statement).fetchone()
        except sqlite3.Error as error:
            self.close()
            raise OperationalError(statement, None, error) from error
        before, self._seen = self._seen, seen
        return before is not None and before != seen

    def close(self) -> None:
        """Give the connection back."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
