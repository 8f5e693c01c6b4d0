"""Which sends a command is about: a filter, a view, or both."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

import click

from models.errors import BadQuery
from models.records import SendRecord

if TYPE_CHECKING:
    from models.desk import Desk
    from models.query import Query
    from models.rules.views import View

WINDOW = 500
"""How many sends are read at a time."""
Function = TypeVar("Function", bound=Callable[..., Any])


def filtered(function: Function) -> Function:
    """Give a command the filter as arguments, and `--view`."""
    view = click.option("--view", metavar="NAME", help="One of `senddesk views`.")
    return click.argument("query", nargs=-1)(view(function))


def query_of(desk: "Desk", words: tuple[str, ...], view: str | None) -> "Query":
    """Return the filter of a command; the view's order holds where the filter names none.

    Raises:
        BadQuery: If it cannot be read, or there is no such view.
    """
    query = desk.parse(" ".join(words).strip())
    if view is None:
        return query
    from models.query.tree import conjunction

    of_view = desk.parse(_view(desk, view).query)
    both = conjunction((of_view.tree, query.tree))
    return replace(query, tree=both, sort=query.sort or of_view.sort)


def _view(desk: "Desk", name: str) -> "View":
    """Return a view by its name in any case, or by its digit."""
    wanted = name.strip().casefold()
    views = desk.views()
    for view in views:
        if wanted and wanted in (view.name.casefold(), view.digit):
            return view
    names = ", ".join(view.name for view in views)
    raise BadQuery(f"There is no view “{name[:40]}”; there are: {names}.")


def sends_of(desk: "Desk", query: "Query", most: int | None = None) -> Iterator[SendRecord]:
    """Return the sends of a filter in its order, the first *most* of them; read as needed."""
    return islice(desk.rows(desk.listing(query), WINDOW), most)
