"""Text of the filter language becomes a query, or a refusal that says why not."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from models.errors import BadQuery
from models.query.printer import written
from models.query.tree import Node, SortKey, walk
from models.query.tree_builder import TreeBuilder
from models.rules.views import VIEW_QUERIES
from models.values.calendar import Calendar

_DEPTH_MAX = 24
_TERMS_MAX = 400
"""A filter with the views it refers to may be this deep and have this many terms. SQLite refuses an
expression that is deeper than 1,000 or has more than 32,766 parameters."""


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
    """Return the query that *text* is.

    Relative times and `@me` stay in the tree as they are typed: `where` gives them their meaning each
    time the query is used, so a view can be kept.

    Args:
        text: At most 500 characters.
        me: Whom `@me` means; empty when nobody is known.
        now: The present, in UTC; ranges that end before they begin are refused by it.
        views: The texts that `in:` refers to, by name.
        calendar: Working days and time zone of dates.

    Raises:
        BadQuery: If the text cannot be read; it has the position and what to write instead.
    """
    by_name = {name.casefold(): (name, each) for name, each in views.items()}
    reader = TreeBuilder(me, now, calendar, by_name)
    tree = reader.read(text)
    _check_size(tree)
    return Query(text, tree, reader.order)


def _check_size(tree: Node) -> None:
    """Refuse a tree that is too large: the text is bounded, but views may refer to views."""
    for number, (depth, _) in enumerate(walk(tree)):
        if number > _TERMS_MAX or depth > _DEPTH_MAX:
            raise BadQuery("The filter is too long: use fewer conditions or views.")
