"""The team's own views beside the built-in ones."""

from collections.abc import Callable, Iterable
from datetime import datetime

import sqlalchemy as sa

from models.errors import BadQuery, DeskError
from models.rules.views import BATCHES, VIEWS, View
from models.store import tables
from models.store.tables import col
from models.values.text import display_text, storable

_LONGEST_NAME = 40
"""In characters."""
_FREE_DIGITS = ("7", "8", "9")
_BUILT_IN = {view.name.casefold() for view in VIEWS}


def stored(connection: sa.Connection) -> tuple[View, ...]:
    """Return the team's views: first those with a digit, by digit, then the others, by name."""
    saved = tables.SavedView
    wanted = sa.select(col(saved.digit), col(saved.name), col(saved.query)).order_by(
        col(saved.digit) == "", col(saved.digit), col(saved.name)
    )
    return tuple(View(*row) for row in connection.execute(wanted))


def built_in(own: Iterable[View], *, has_batches: bool) -> tuple[View, ...]:
    """Return the views of the desk: that of the batches is among them once there are any.

    Args:
        own: The stored views of the team. One of the same name takes the place of that of the
            batches, and one with its digit leaves it without.
        has_batches: Whether there are batches.
    """
    own = list(own)
    if not has_batches or any(str(each.name).casefold() == BATCHES.name.casefold() for each in own):
        return VIEWS
    is_taken = any(each.digit == BATCHES.digit for each in own)
    batches = BATCHES._replace(digit="") if is_taken else BATCHES
    return (*VIEWS[:-1], batches, VIEWS[-1])


def readable(
    views: Iterable[View], parse: Callable[[View], object]
) -> tuple[tuple[View, ...], tuple[str, ...]]:
    """Return those of the stored *views* that a desk can show, and a sentence for each of the others.

    Args:
        views: As `stored` gives them; whoever may write the table can make others than `save` does.
        parse: Reads the filter of a view and raises `BadQuery` if it cannot.
    """
    kept: list[View] = []
    left_out: list[str] = []
    for view in views:
        reason = _why_not(view, parse, {each.digit for each in kept if each.digit})
        if reason:
            name = display_text(str(view.name), _LONGEST_NAME)
            left_out.append(
                f"The view “{name}” is left out: {reason}. Save it again, or remove it."
            )
        else:
            kept.append(view)
    return tuple(kept), tuple(left_out)


def _why_not(view: View, parse: Callable[[View], object], taken: set[str]) -> str:
    """Return why a desk cannot show *view*, or an empty string."""
    if not all(isinstance(value, str) for value in (view.digit, view.name, view.query)):
        return "its row holds no text"
    if not view.name.strip() or len(view.name) > _LONGEST_NAME:
        return f"a name has one to {_LONGEST_NAME} characters"
    if view.name.casefold() in _BUILT_IN:
        return "a view of the desk has this name"
    if view.digit and (view.digit not in _FREE_DIGITS or view.digit in taken):
        return "its digit is not free"
    try:
        parse(view)
    except BadQuery as problem:
        return f"its filter cannot be read ({display_text(str(problem), 200).rstrip('.')})"
    return ""


def save(connection: sa.Connection, view: View, *, agent: str, now: datetime) -> None:
    """Store *view*; it replaces a view of the same name, and takes its digit from another view.

    Args:
        connection: Within a transaction that may write.
        view: The view; its filter was checked before.
        agent: Who saves it.
        now: The present, in UTC.

    Raises:
        DeskError: If the name is a built-in view's, empty or too long, or the digit is not free.
    """
    name = storable(view.name.strip(), _LONGEST_NAME + 1)
    if not name or len(name) > _LONGEST_NAME:
        raise DeskError(f"A view's name has one to {_LONGEST_NAME} characters.")
    if name.casefold() in _BUILT_IN:
        raise DeskError(f"“{display_text(name, 40)}” is a view of the desk: choose another name.")
    if view.digit and view.digit not in _FREE_DIGITS:
        raise DeskError(f"The digits {', '.join(_FREE_DIGITS)} are free for views.")
    _delete(connection, _same_named(connection, name))
    if view.digit:
        holder = sa.update(tables.SavedView).where(col(tables.SavedView.digit) == view.digit)
        connection.execute(holder.values(digit=""))
    row = {"name": name, "digit": view.digit, "query": view.query}
    kept = tables.SavedView.model_validate({**row, "saved_by": agent, "saved_at": now})
    connection.execute(sa.insert(tables.SavedView), kept.model_dump())


def remove(connection: sa.Connection, name: str) -> None:
    """Remove the view of this name, whatever its case.

    Raises:
        DeskError: If the team has no such view.
    """
    found = _same_named(connection, name)
    if not found:
        raise DeskError(f"The team has no view “{display_text(name, 40)}”.")
    _delete(connection, found)


def _same_named(connection: sa.Connection, name: str) -> list[str]:
    """Return the stored names that equal *name* if case is ignored."""
    names: Iterable[str] = connection.execute(sa.select(col(tables.SavedView.name))).scalars()
    return [each for each in names if each.casefold() == name.strip().casefold()]


def _delete(connection: sa.Connection, names: list[str]) -> None:
    connection.execute(sa.delete(tables.SavedView).where(col(tables.SavedView.name).in_(names)))
