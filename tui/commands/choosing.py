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
    if '"' in view:
        raise BadQuery(f"There is no view “{view[:40]}”.")
    of_view = desk.parse(view_query(view))
    both = desk.parse(f'in:"{view}" {query.text}')
    return replace(both, sort=query.sort or of_view.sort)


def view_query(name: str) -> str:
    """Return the filter of a view, by its name in any case.

    Raises:
        BadQuery: If there is no such view.
    """
    from models.views import VIEWS

    for view in VIEWS:
        if name.casefold() in (view.name.casefold(), view.digit):
            return view.query
    names = ", ".join(view.name for view in VIEWS)
    raise BadQuery(f"There is no view “{name[:40]}”: {names}.")


def sends_of(desk: "Desk", query: "Query", most: int | None = None) -> Iterator[SendRecord]:
    """Yield the sends of a filter in its order, read window by window."""

    def windows() -> Iterator[SendRecord]:
        listing = desk.listing(query)
        start = 0
        while window := desk.window(listing, start, WINDOW):
            yield from window
            start += len(window)

    return islice(windows(), most)
