"""Undo: which override of an agent is taken back, and when that is refused."""

import sqlalchemy as sa
from sqlmodel import col

from models import journal, tables
from models.errors import NothingToDo
from models.fold import State, fold, values
from models.journal import Entry
from models.records import Kind, SendRecord
from models.writing import Build, Draft, deed

_REACH = 500
_STEERING = frozenset({Kind.FACT, Kind.RULE, Kind.OVERRIDE, Kind.RELEASE, Kind.UNDO})
"""The kinds of event that can end an override."""


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
    mine = sa.select(*journal.event_columns(), col(tables.Event.send_id)).where(
        col(tables.Event.actor) == agent,
        col(tables.Event.kind).in_((Kind.OVERRIDE.value, Kind.UNDO.value)),
    )
    if seen is not None:
        mine = mine.where(col(tables.Event.send_id) == seen.id)
    newest_first = mine.order_by(col(tables.Event.id).desc()).limit(_REACH)
    undone: set[tuple[int, int]] = set()
    for row in connection.execute(newest_first):
        event = journal.event(row)
        if event.kind is Kind.UNDO:
            undone.add((row.send_id, values(event)["undoes"]))
        elif (row.send_id, event.seq) not in undone:
            return row.send_id, event.seq
    raise NothingToDo("There is no override of yours to undo.")


def undoing(seq: int) -> Build:
    """Return what undoes the override with the number *seq*, while that one stands."""

    def build(entry: Entry, state: State) -> Draft:
        send = entry.send
        if state.override is None or state.override.seq != seq:
            later = (event for event in reversed(entry.events) if event.kind in _STEERING)
            what = deed(send.provider, next(later))
            raise NothingToDo(f"{send.ref} has moved on since ({what}): nothing was undone.")
        rest = [event for event in entry.events if event.seq != seq]
        restored = fold(send.provider, rest, send.created_at).status
        return Draft(Kind.UNDO, state.status, restored, further={"undoes": seq})

    return build
