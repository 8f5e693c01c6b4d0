"""Undo and redo: which override of an agent is taken back or set again, and when that is refused."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress

import sqlalchemy as sa
from sqlmodel import col

from models.errors import NothingToDo
from models.history.journal import SendHistory
from models.records import Event, EventKind, SendRecord
from models.rules.event_words import who_did
from models.rules.state import details, fold
from models.store import mapping, tables
from models.writing.writer import Draft, DraftBuilder

_MOST_EVENTS = 500
"""How many of an agent's newest overrides and undos are searched."""
_STATUS_KINDS = frozenset(
    {EventKind.FACT, EventKind.RULE, EventKind.OVERRIDE, EventKind.RELEASE, EventKind.UNDO}
)
"""The kinds of event that can change the status in force."""

FindLast = Callable[[sa.Connection, str, SendRecord | None], tuple[int, int]]
"""Returns the send id and the number (`Event.seq`) of an agent's newest override or undo.

Its arguments are the connection, the agent, and one send, or None for all sends of the desk.
"""


def last_override(
    connection: sa.Connection, agent: str, seen: SendRecord | None
) -> tuple[int, int]:
    """Return the send id and the event number of the agent's newest override that is not undone.

    Args:
        connection: Within a transaction.
        agent: Whose override is meant.
        seen: The one send to look at; None for the whole desk.

    Raises:
        NothingToDo: If there is none among the agent's newest 500 overrides and undos.
    """
    found = _newest_standing(_newest_first(connection, agent, seen), EventKind.OVERRIDE, "undoes")
    if found is None:
        raise NothingToDo("There is no override of yours to undo.")
    return found


def last_undo(connection: sa.Connection, agent: str, seen: SendRecord | None) -> tuple[int, int]:
    """Return the send id and the event number of the agent's newest undo that is not redone.

    Args:
        connection: Within a transaction.
        agent: Whose undo is meant.
        seen: The one send to look at; None for the whole desk.

    Raises:
        NothingToDo: If there is none among the agent's newest 500 overrides and undos.
    """
    found = _newest_standing(_newest_first(connection, agent, seen), EventKind.UNDO, "redoes")
    if found is None:
        raise NothingToDo("There is no undone override of yours to set again.")
    return found


def _newest_standing(
    events: Iterable[tuple[int, Event]], kind: EventKind, revoked_by: str
) -> tuple[int, int] | None:
    """Return the send id and the number of the newest event of *kind* that was not revoked, or None.

    Args:
        events: Overrides and undos, the newest first, each with the id of its send.
        kind: One of these two kinds.
        revoked_by: Under this name an event of the other kind has the number of the one that it revokes.
    """
    revoked: set[tuple[int, int | None]] = set()
    for send_id, event in events:
        if event.kind is not kind:
            revoked.add((send_id, details(event).get(revoked_by)))
        elif (send_id, event.seq) not in revoked:
            return send_id, event.seq
    return None


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
    rows = connection.execute(mine.order_by(col(tables.Event.id).desc()).limit(_MOST_EVENTS))
    for row, event in mapping.readable_events(rows):
        with suppress(ValueError):
            details(event)
            yield row.send_id, event


def undo_draft(seq: int) -> DraftBuilder:
    """Return the builder of an undo of the override with the event number *seq*.

    It refuses with `NothingToDo` if another override is in force, or none.
    """

    def build(history: SendHistory) -> Draft:
        send, state = history.send, history.state()
        if state.override is None or state.override.seq != seq:
            raise _moved_on(history, "undone")
        rest = [event for event in history.events if event.seq != seq]
        restored = fold(send.provider, rest, send.created_at).status
        return Draft(EventKind.UNDO, state.status, restored, further={"undoes": seq})

    return build


def redo_draft(seq: int) -> DraftBuilder:
    """Return the builder of an override like the one that the undo with the event number *seq* undid.

    It refuses with `NothingToDo` if the status has changed since, except by undos that were redone.
    """

    def build(history: SendHistory) -> Draft:
        later = [
            event for event in history.events if event.seq > seq and event.kind in _STATUS_KINDS
        ]
        undos = {event.seq for event in later if event.kind is EventKind.UNDO}
        redone = {
            details(event).get("redoes") for event in later if event.kind is EventKind.OVERRIDE
        }
        others = any(event.kind not in (EventKind.UNDO, EventKind.OVERRIDE) for event in later)
        if others or undos != redone:
            raise _moved_on(history, "set again")
        events = {event.seq: event for event in history.events}
        undone = events[details(events[seq])["undoes"]]
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
    newest = next(event for event in reversed(history.events) if event.kind in _STATUS_KINDS)
    since = who_did(send.provider, newest)
    return NothingToDo(f"{send.ref} has moved on since ({since}): nothing was {what}.")
