"""Text search on a server: a trigram index where it has pg_trgm."""

from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from models.database.text_search import TEXTS

INDEX = "send_texts"
_STEPS = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    f"CREATE INDEX IF NOT EXISTS {INDEX} ON send USING gin (({TEXTS}) gin_trgm_ops)",
)
_NOT_HERE = ("0A000", "42501", "42704", "58P01")
"""What a server says that has no trigrams, or none for this user: unknown, forbidden, no such file."""


def make_index(engine: sa.Engine, alone: Callable[[sa.Connection], None]) -> None:
    """Index the texts of all sends, if the server has trigrams and lets this user have them.

    Args:
        engine: The server.
        alone: Waits in a transaction, for as long as it takes, until nobody else makes the index.

    Raises:
        DBAPIError: If anything else goes wrong.
    """
    for step in _STEPS:
        try:
            with engine.begin() as connection:
                # To make what there is not is no single step: of two at once, one would fail.
                alone(connection)
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
