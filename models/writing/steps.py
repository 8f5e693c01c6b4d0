"""Which actions of an agent come next to be taken back or done again; a bulk counts as one step."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import NamedTuple

import sqlalchemy as sa

from models.errors import NothingToDo
from models.records import Event, EventKind
from models.rules.state import UNREADABLE_ENTRY, details
from models.store import mapping, tables
from models.store.tables import col
from models.values.text import storable
from models.writing.writer import NAME_KEPT, Bulk, same_bulk

_READ_AT_ONCE = 500
_TRIED = 20
"""How many of the newest entries are read where the newest one cannot be read."""
_Condition = sa.ColumnElement[bool]

_event = tables.Event
# Of the table: an alias of the class would have SQLAlchemy prepare all classes for loading objects.
_later = mapping.table_of(tables.Event).alias().columns
_is_undo = col(_event.kind) == EventKind.UNDO.value


class Action(NamedTuple):
    """What an agent did to one send."""

    send_id: int
    event: Event
    undo: Event | None = None
    """The event that took it back, if it is to be done again."""


Step = tuple[Action, ...]
"""What an agent did in one go, newest first: an action, or all those of a bulk."""


def _is_named_later(key: str) -> _Condition:
    """Return whether a later event of the send names this one under *key* of its detail.

    A subquery for one row at a time: the server would join all entries of all sends instead.
    """
    detail = _later.detail
    named = sa.literal(f'%"{key}": ') + sa.cast(col(_event.seq), sa.String)
    found = (
        sa.select(sa.literal(1))
        .where(
            _later.send_id == col(_event.send_id),
            _later.seq > col(_event.seq),
            detail.like(named + ",%") | detail.like(named + "}"),
        )
        .limit(1)
        .scalar_subquery()
    )
    return found.is_not(None)


_ALL = sa.true()
_stands = ~_is_undo & ~_is_named_later("undoes")
_waits = _is_undo & ~_is_named_later("redoes")
_ACTIONS = sa.select(*mapping.event_columns(), col(_event.send_id), col(_event.id)).where(
    col(_event.request_id).is_not(None),
    # What a platform answered is nothing that an agent did.
    col(_event.kind) != EventKind.ANSWER.value,
)
_NEWEST_FIRST = (col(_event.recorded_at).desc(), col(_event.id).desc())


def last_step(
    connection: sa.Connection, agent: str, send_id: int | None, passing: Iterable[Step] = ()
) -> Step:
    """Return the agent's newest step that is not taken back.

    Args:
        connection: Within a transaction.
        agent: Whose actions are meant.
        send_id: The one send to look at, whose newest action is a step alone; None for the whole desk.
        passing: Steps that are passed over.

    Raises:
        NothingToDo: If there is none.
    """
    found = _newest(connection, agent, _stands, send_id, passing)
    if found is None:
        raise NothingToDo("There is no action of yours to take back.")
    return (found,) if send_id else _whole_step(connection, agent, found, _stands)


def last_undone_step(connection: sa.Connection, agent: str, send_id: int | None) -> Step:
    """Return what the agent took back last and has not done again; the arguments are as above.

    Raises:
        NothingToDo: If there is nothing.
    """
    found = _newest(connection, agent, _waits, send_id)
    if found is None:
        raise NothingToDo("There is nothing to redo.")
    undos = (found,) if send_id else _whole_step(connection, agent, found, _waits)
    return _originals(connection, undos)


def step_of(connection: sa.Connection, agent: str, name: str) -> Step:
    """Return what the agent's request called *name* did; empty if there is no such request.

    Raises:
        NothingToDo: If all of it is taken back.
    """
    actions = _of_request(connection, agent, name)
    if not actions:
        return ()
    if actions[0].event.kind is EventKind.UNDO:
        raise NothingToDo(f"“{name}” took something back: `senddesk redo` does it again.")
    if not (standing := _of_request(connection, agent, name, _stands)):
        raise NothingToDo(f"What “{name}” did is taken back already.")
    return standing


def begun_step(connection: sa.Connection, agent: str, send_id: int | None, name: str) -> Step:
    """Return what the request called *name* has begun to take back or do again, all of it.

    Args:
        connection: Within a transaction.
        agent: Whose request it is.
        send_id: The one send that the request is about; None for a step of any size.
        name: The id of the request.

    Returns:
        The step; empty if the request has written nothing yet.

    Raises:
        NothingToDo: If the request did something else.
    """
    if not (actions := _of_request(connection, agent, name)):
        return ()
    begun = actions[:1]
    if begun[0].event.kind is EventKind.UNDO:
        found = _originals(connection, begun)[0]._replace(undo=None)
        return (found,) if send_id else _whole_step(connection, agent, found, _ALL)
    undos = _named(connection, begun, "redoes")
    if not undos:
        raise NothingToDo(f"The request id “{name}” was used before: choose a new one.")
    whole = undos if send_id else _whole_step(connection, agent, undos[0], _is_undo)
    return _originals(connection, whole)


def _newest(
    connection: sa.Connection,
    agent: str,
    condition: _Condition,
    send_id: int | None,
    passing: Iterable[Step] = (),
) -> Action | None:
    wanted = _ACTIONS.where(col(_event.actor) == agent, condition)
    if send_id is not None:
        wanted = wanted.where(col(_event.send_id) == send_id)
    for step in passing:
        first, last = same_bulk(step[0].event.request_id or "")
        wanted = wanted.where(~col(_event.request_id).between(first, last))
    for count in (1, _TRIED):
        if found := _read(connection, wanted.order_by(*_NEWEST_FIRST).limit(count)):
            return found[0]
    return None


def _whole_step(
    connection: sa.Connection, agent: str, action: Action, condition: _Condition
) -> Step:
    """Return *action* with all others of its bulk that meet *condition*."""
    first, last = same_bulk(action.event.request_id or "")
    return (action,) if first == last else _between(connection, agent, first, last, condition)


def _of_request(
    connection: sa.Connection, agent: str, name: str, condition: _Condition = _ALL
) -> Step:
    """Return what one request did, to one send or to several."""
    kept = storable(name, NAME_KEPT)
    return _between(connection, agent, kept, kept, condition) or _between(
        connection, agent, *Bulk(name).request_ids(), condition
    )


def _between(
    connection: sa.Connection, agent: str, first: str, last: str, condition: _Condition
) -> Step:
    # Who did it, and in which order, is looked at here: asked for both, SQLite would go through all that
    # the agent ever did instead of this range of the index.
    ids = col(_event.request_id).between(first, last)
    rows = connection.execute(_ACTIONS.where(ids, condition)).all()
    rows = sorted(rows, key=lambda row: (row.recorded_at, row.id), reverse=True)
    found = mapping.readable_events(rows)
    return tuple(Action(row.send_id, event) for row, event in found if event.actor == agent)


def _read(connection: sa.Connection, wanted: sa.Select[tuple[object, ...]]) -> list[Action]:
    rows = connection.execute(wanted)
    return [Action(row.send_id, event) for row, event in mapping.readable_events(rows)]


def _originals(connection: sa.Connection, undos: Sequence[Action]) -> Step:
    """Return what *undos* took back, each with its undo; what cannot be read is left out.

    Raises:
        NothingToDo: If nothing of it can be read.
    """
    found = _named(connection, undos, "undoes")
    if not found:
        raise NothingToDo("What you took back cannot be read: `senddesk db verify` names it.")
    return found


def _named(connection: sa.Connection, actions: Sequence[Action], key: str) -> Step:
    """Return the events that *actions* name under *key* of their detail, each with who names it."""
    by_place: dict[tuple[int, int], Event] = {}
    for send_id, event, _ in actions:
        with suppress(*UNREADABLE_ENTRY):
            by_place[send_id, int(details(event)[key])] = event
    places = list(by_place)
    place = sa.tuple_(col(_event.send_id), col(_event.seq))
    found: dict[tuple[int, int], Action] = {}
    for start in range(0, len(places), _READ_AT_ONCE):
        wanted = _ACTIONS.where(place.in_(places[start : start + _READ_AT_ONCE]))
        found |= {(each.send_id, each.event.seq): each for each in _read(connection, wanted)}
    return tuple(
        found[each]._replace(undo=naming) for each, naming in by_place.items() if each in found
    )
