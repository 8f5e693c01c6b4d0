"""Filters read at one moment, for the tests of the filter language."""

from datetime import UTC, datetime

from models.query import Query, parse
from models.rules.views import VIEW_QUERIES

NOW = datetime(2026, 3, 18, 10, 30, tzinfo=UTC)


def read(text: str, **more: str) -> Query:
    """Return *text* as a query of the agent `ana`; *more* are views besides the built-in ones."""
    return parse(text, me="ana", now=NOW, views={**VIEW_QUERIES, **more})
