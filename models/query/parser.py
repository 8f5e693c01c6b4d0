"""Text of the filter language becomes a query, or a sentence that says why not."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from models.errors import BadQuery
from models.query.printer import written
from models.query.tree import Node, SortKey, walk
from models.query.tree_builder import TreeBuilder
from models.rules.views import VIEW_QUERIES
from models.values.calendar import Calendar

_DEEPEST = 24
_MOST_TERMS = 400
"""Bounds that keep any filter well inside what databases can parse, saved views included."""


@dataclass(frozen=True, slots=True)
class Query:
    """A filter that was understood."""

    text: str
    """As it was typed."""
    tree: Node
    sort: tuple[SortKey, ...] = ()
    """Empty when the filter names no order."""

    def __str__(self) -> str:
        return written(self.tree, self.sort)


def parse(
    text: str,
    *,
    me: str,
    now: datetime,
    views: Mapping[str, str] = VIEW_QUERIES,
    calendar: Calendar = Calendar(),  # noqa: B008 - a frozen value
) -> Query:
    """Read a filter.

    Relative times and `@me` stay as they are in the tree; they get their meaning when it is used.

    Args:
        text: At most 500 characters.
        me: Whom `@me` means; empty when nobody is known.
        now: The present, against which ranges are checked.
        views: The texts that `in:` refers to, by name.
        calendar: Working days and time zone of dates.

    Raises:
        BadQuery: If the text means nothing; with the position, and what to write instead.
    """
    by_name = {name.casefold(): (name, each) for name, each in views.items()}
    reader = TreeBuilder(me, now, calendar, by_name)
    tree = reader.read(text)
    _check_size(tree)
    return Query(text, tree, reader.order)


def _check_size(tree: Node) -> None:
    """Refuse what only a chain of views can build up."""
    for number, (depth, _) in enumerate(walk(tree)):
        if number > _MOST_TERMS or depth > _DEEPEST:
            raise BadQuery("The filter and its views are too much for one question.")
