"""How a desk on a server notices what others write: the server notifies it of each commit."""

import time
from typing import Any, LiteralString

import psycopg
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

CHANNEL = "senddesk"
"""What the triggers of migration 0001 notify."""
LOOK_EVERY = 15.0
"""Seconds between two looks at the history itself."""


class Listener:
    """Says whether anything was committed since it was last asked; as `Watch` says.

    Triggers on the tables send a notification with each commit (NOTIFY, in migration 0001). Now and then
    the history itself is looked at, in case a notification was lost. A connection that was cut is made
    again.

    Args:
        engine: Where the connection comes from; it is kept out of the pool.
        look_every: Seconds between two looks at the history.
    """

    def __init__(self, engine: sa.Engine, look_every: float = LOOK_EVERY) -> None:
        self._engine = engine
        self._look_every = look_every
        self._connection: psycopg.Connection[Any] | None = None
        self._newest: int | None = None
        self._looked = 0.0

    def changed(self) -> bool:
        """Whether someone has committed since this was last asked; never at the first time.

        Raises:
            DBAPIError: If the server does not answer. What is written until it does counts.
        """
        if self._connection is not None:
            try:
                return self._is_notified(self._connection) or self._finds_more(self._connection)
            except psycopg.Error:
                self.close()
        before = self._newest
        self._open()
        # What was written while there was no connection was not heard: it counts as a change.
        return before is not None

    def close(self) -> None:
        """Give the connection up."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _open(self) -> None:
        try:
            pooled = self._engine.raw_connection()
            # It stays open and listens, so the pool must not give it to anybody else.
            pooled.detach()
            connection = pooled.dbapi_connection
            assert isinstance(connection, psycopg.Connection)
            self._connection = connection
            connection.autocommit = True
            # A replica gets no notifications: there the history is looked at each time.
            if _answer(connection, "SELECT pg_is_in_recovery()"):
                self._look_every = 0.0
            else:
                connection.execute(f"LISTEN {CHANNEL}".encode())
            self._look(connection)
        except psycopg.Error as error:
            self.close()
            raise OperationalError("LISTEN", None, error) from error

    def _is_notified(self, connection: "psycopg.Connection[Any]") -> bool:
        notified = bool(list(connection.notifies(timeout=0)))
        if notified:
            self._look(connection)
        return notified

    def _finds_more(self, connection: "psycopg.Connection[Any]") -> bool:
        if time.monotonic() - self._looked < self._look_every:
            return False
        before = self._newest
        self._look(connection)
        return self._newest != before

    def _look(self, connection: "psycopg.Connection[Any]") -> None:
        """Note the newest event of the history, and when it was looked up."""
        newest = _answer(connection, "SELECT max(id) FROM event")
        self._newest, self._looked = int(newest or 0), time.monotonic()


def _answer(connection: "psycopg.Connection[Any]", question: LiteralString) -> Any:
    row = connection.execute(question).fetchone()
    return row[0] if row else None
