"""Noticing what others write to a file."""

import sqlite3

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError


class DataVersion:
    """Says whether another connection has committed since it was last asked."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._connection: sa.Connection | None = None
        self._seen: int | None = None

    def changed(self) -> bool:
        """Whether someone has; never at the first time."""
        if self._connection is None:
            self._connection = self._engine.connect()
        statement = "PRAGMA data_version"
        raw = self._connection.connection.driver_connection
        assert isinstance(raw, sqlite3.Connection)
        try:
            # Not within a transaction, which would see one moment for ever.
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
