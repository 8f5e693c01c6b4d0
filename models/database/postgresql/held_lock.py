"""A lock of a server that lasts as long as the connection of whoever holds it."""

from contextlib import suppress

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

_LOCK = "pg_try_advisory_lock(hashtext(current_schema()), hashtext(%s))"


class HeldLock:
    """A lock that this program has; as `Held` says."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def is_held(self) -> bool:
        """Whether the connection is still there, and with it the lock."""
        if self._connection.invalidated:
            # It would be made again, without the lock.
            return False
        try:
            self._connection.exec_driver_sql("SELECT 1")
        except DBAPIError:
            return False
        return True

    def give_back(self) -> None:
        """Give the lock to whoever asks next, and close the connection."""
        with suppress(DBAPIError):
            # The server notices only some time later that the connection is closed.
            self._connection.exec_driver_sql("SELECT pg_advisory_unlock_all()")
        # If that has failed, the lock would be kept in the pool.
        with suppress(DBAPIError):
            self._connection.invalidate()
        self._connection.close()


def take_lock(engine: sa.Engine, name: str) -> HeldLock | None:
    """Take the lock *name*; None if another program has it.

    Raises:
        DBAPIError: If the server does not answer.
    """
    # Outside of a transaction: one that is idle for long would be ended by the server.
    connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    try:
        taken = connection.exec_driver_sql(f"SELECT {_LOCK}", (f"senddesk.{name}",)).scalar_one()
    except DBAPIError:
        connection.close()
        raise
    if not taken:
        connection.close()
        return None
    return HeldLock(connection)
