"""Undo and redo: which override of an agent is taken back or set again, and when that is refused."""

from collections.abc import Callable, Iterator

import sqlalchemy as sa
from sqlmodel import col

from models.errors import NothingToDo
from models.history.journal import SendHistory
from models.records import Event, EventKind, SendRecord
from models.rules.event_words import who_did
from models.rules.state import fold, values
from models.store import mapping, tables
from models.writing.writer import Draft, DraftBuilder

_REACH = 500
_STEERING = frozenset(
    {EventKind.FACT, EventKind.RULE, EventKind.OVERRIDE, EventKind.RELEASE, EventKind.UNDO}
)
"""The kinds of event that can end an override."""

Last = Callable[[sa.Connection, str, SendRecord | None], tuple[int, int]]
"""Finds send id and number of an agent's newest event of a kind, of one send or of the whole desk."""


def last_override(
    connection: sa.Connection, agent: str, seen: SendRecord | None
) -> tuple[int, int]:
    """Return send id and number of the agent's newest override that is not undone.

    Args:
        connection: Within a transaction.
        agent: Whose override is meant.
        seen: The one send to look at; None for the whole desk.

    Raises:
        NothingToDo: If there is none among the agent's last 500.
    """
    undone: set[tuple[int, int]] = set()
    for send_id, event in _newest_first(connection, agent, seen):
        if event.kind is EventKind.UNDO:
            undone.add((send_id, values(event)["undoes"]))
        elif (send_id, event.seq) not in undone:
            return send_id, event.seq
    raise NothingToDo("There is no override of yours to undo.")


def last_undo(connection: sa.Connection, agent: str, seen: SendRecord | None) -> tuple[int, int]:
    """Return send id and number of the agent's newest undo that is not redone.

    Args:
        connection: Within a transaction.
        agent: Whose undo is meant.
        seen: The one send to look at; None for the whole desk.

    Raises:
        NothingToDo: If there is none among the agent's last 500.
    """
    redone: set[tuple[int, int | None]] = set()
    for send_id, event in _newest_first(connection, agent, seen):
        if event.kind is EventKind.OVERRIDE:
            redone.add((send_id, values(event).get("redoes")))
        elif (send_id, event.seq) not in redone:
            return send_id, event.seq
    raise NothingToDo("There is no undone override of yours to set again.")


def _newest_first(
    connection: sa.Connection, agent: str, seen: SendRecord | None
) -> Iterator[tuple[int, Event]]:
    """Yield the agent's last overrides and undos, each with the id of its send."""
    mine = sa.select(*mapping.event_columns(), col(tables.Event.send_id)).where(
        col(tables.Event.actor) == agent,
        col(tables.Event.kind).in_((EventKind.OVERRIDE.value, EventKind.UNDO.value)),
    )
    if seen is not None:
        mine = mine.where(col(tables.Event.send_id) == seen.id)
    for row in connection.execute(mine.order_by(col(tables.Event.id).desc()).limit(_REACH)):
        yield row.send_id, mapping.event(row)


def undoing(seq: int) -> DraftBuilder:
    """Return what undoes the override with the number *seq*, while that one stands."""

    def build(history: SendHistory) -> Draft:
        send, state = history.send, history.state()
        if state.override is None or state.override.seq != seq:
            raise _moved_on(history, "undone")
        rest = [event for event in history.events if event.seq != seq]
        restored = fold(send.provider, rest, send.created_at).status
        return Draft(EventKind.UNDO, state.status, restored, further={"undoes": seq})

    return build


def redoing(seq: int) -> DraftBuilder:
    """Return what sets the override again that the undo with the number *seq* took back.

    What happened since must be undos that were redone, or nothing.
    """

    def build(history: SendHistory) -> Draft:
        later = [event for event in history.events if event.seq > seq and event.kind in _STEERING]
        undos = {event.seq for event in later if event.kind is EventKind.UNDO}
        redone = {
            values(event).get("redoes") for event in later if event.kind is EventKind.OVERRIDE
        }
        others = any(event.kind not in (EventKind.UNDO, EventKind.OVERRIDE) for event in later)
        if others or undos != redone:
            raise _moved_on(history, "set again")
        events = {event.seq: event for event in history.events}
        undone = events[values(events[seq])["undoes"]]
        return Draft(
            EventKind.OVERRIDE,
            history.send.status,
            undone.to_status,
            undone.reason,
            further={"redoes": seq},
        )

    return build


def _moved_on(history: SendHistory, what: str) -> NothingToDo:
    send = history.send
    newest = next(event for event in reversed(history.events) if event.kind in _STEERING)
    since = who_did(send.provider, newest)
    return NothingToDo(f"{send.ref} has moved on since ({since}): nothing was {what}.")
