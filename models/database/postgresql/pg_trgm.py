"""The trigram index of a server, where that offers pg_trgm."""

from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from models.database.postgresql.text_search import TEXTS

INDEX = "send_texts"
_STEPS = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    f"CREATE INDEX IF NOT EXISTS {INDEX} ON send USING gin (({TEXTS}) gin_trgm_ops)",
)
_NOT_HERE = ("0A000", "42501", "42704", "58P01")
"""SQLSTATEs of a server that does not offer pg_trgm, or not to this user: not supported, not allowed,
no such operator class, no such file."""


def make_index(engine: sa.Engine, lock: Callable[[sa.Connection], None]) -> None:
    """Index the texts of all sends, if the server offers pg_trgm and allows this user to add it.

    Args:
        engine: The server.
        lock: Waits until no other upgrade runs, and keeps others out until its transaction ends.

    Raises:
        DBAPIError: If anything else goes wrong.
    """
    for step in _STEPS:
        try:
            with engine.begin() as connection:
                # CREATE … IF NOT EXISTS first looks and then creates: of two at once, one would fail.
                lock(connection)
                connection.exec_driver_sql(step)
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) in _NOT_HERE:
                return
            raise


def warning(engine: sa.Engine, name: str) -> str:
    """Return a sentence for the agent if searching for text is slow here, or an empty string."""
    with engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT to_regclass(%s)", (INDEX,)).scalar()
    if found:
        return ""
    return (
        f"{name} searches text slowly: it has no trigram index. "
        "Its administrator can add pg_trgm and run `senddesk db upgrade`."
    )
