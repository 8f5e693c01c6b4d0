"""The order of each view, as the agent has last chosen it."""

from typing import TYPE_CHECKING

from models.rules.views import View
from tui.desk.session import Session

if TYPE_CHECKING:
    from models.query import Query, SortKey


def keep_order(session: Session, view: View, order: "SortKey") -> None:
    """Give *view* this *order* from now on; its own order is kept as none."""
    sorts = session.options.memory.sorts
    sorts.pop(view.name, None)
    if session.desk.parse(view.query).sort != (order,):
        sorts[view.name] = f"{'-' if order.descending else ''}{order.key}"


def in_kept_order(session: Session, view: View, query: "Query") -> "Query":
    """Return the *query* of *view* in the order that the agent has given this view."""
    from models.query import sorted_by

    kept = session.options.memory.sorts.get(view.name, "")
    return sorted_by(query, kept) if kept else query
