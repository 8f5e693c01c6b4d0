"""How a desk on a server notices what others write: the server notifies it of each commit."""

import time
from typing import Any

import psycopg
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from models.database.postgresql.role import QUESTION, KnownRole, Role, role_of

CHANNEL = "senddesk"
"""What the triggers of migration 0001 notify."""
LOOK_EVERY = 15.0
"""Seconds between two looks at the history itself."""
_ROLE = f"SELECT {QUESTION}".encode()
_MARKS = {
    Role.PRIMARY: b"SELECT max(id) FROM event",
    # It moves with each commit of the primary; once promoted, the standby is none and there is no more.
    Role.STANDBY: b"SELECT pg_is_in_recovery(), pg_last_xact_replay_timestamp()",
    # It moves with each commit of the replica, which makes those of its publisher.
    Role.REPLICA: b"SELECT txid_current_snapshot()::text",
}
"""Questions whose answers are others once something was committed."""


class Listener:
    """Says whether anything was committed since it was last asked; as `Watch` says.

    Triggers on the tables send a notification with each commit (NOTIFY, in migration 0001). Now and then
    the history itself is looked at, in case a notification was lost. A connection that was cut is made
    again. A standby and a logical replica notify nobody: they are asked each time, and also whether they
    take writes now.

    Args:
        engine: Where the connection comes from; it is kept out of the pool.
        known: What the server is; noted here when that changes.
        look_every: Seconds between two looks at the history.
    """

    def __init__(self, engine: sa.Engine, known: KnownRole, look_every: float = LOOK_EVERY) -> None:
        self._engine = engine
        self._known = known
        self._look_every = look_every
        self._connection: psycopg.Connection[Any] | None = None
        self._role = Role.PRIMARY
        """What the server is that the connection leads to."""
        self._mark: object = None
        """What the server answered when it was looked at last; another answer means a change."""
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
        before = self._mark
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
            self._begin(connection)
        except psycopg.Error as error:
            self.close()
            raise OperationalError("LISTEN", None, error) from error

    def _begin(self, connection: "psycopg.Connection[Any]") -> None:
        """Find out what the server is, and listen or look accordingly."""
        self._role = role_of(connection.execute(_ROLE).fetchone())
        if self._role is Role.PRIMARY:
            connection.execute(f"LISTEN {CHANNEL}".encode())
        self._look(connection)

    def _is_notified(self, connection: "psycopg.Connection[Any]") -> bool:
        notified = bool(list(connection.notifies(timeout=0)))
        if notified:
            self._look(connection)
        return notified

    def _finds_more(self, connection: "psycopg.Connection[Any]") -> bool:
        if self._role is Role.PRIMARY and time.monotonic() - self._looked < self._look_every:
            return False
        before = self._mark
        self._look(connection)
        if self._mark == before:
            return False
        if self._role is not Role.PRIMARY:
            self._look_at_role(connection)
        return True

    def _look_at_role(self, connection: "psycopg.Connection[Any]") -> None:
        """Note that a standby was promoted, or a replica became independent."""
        found = role_of(connection.execute(_ROLE).fetchone())
        if found is self._role:
            return
        # The pool holds sessions that began when it was something else.
        self._engine.dispose()
        self._known.role = found
        self._begin(connection)

    def _look(self, connection: "psycopg.Connection[Any]") -> None:
        """Note what the server answers, and when it was looked at."""
        self._mark = connection.execute(_MARKS[self._role]).fetchone()
        self._looked = time.monotonic()
