"""The log: what agents did, over all sends, newest first."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import col

from models.reading.reader import Reader
from models.records import Event
from models.rules.event_words import did
from models.rules.state import UNREADABLE_ENTRY
from models.rules.undoing import taken_back
from models.store import mapping, tables

MOST = 200
"""How many entries the log shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """One entry of the log: what an agent did to a send."""

    ref: str
    """The send's short name."""
    recipient_name: str
    at: datetime
    """When it was recorded."""
    actor: str
    said: str
    """What the agent did: `set Delivered`, `added a note`."""
    reason: str
    is_undone: bool = False
    """Whether its agent has taken it back."""


def newest(reader: Reader, *, mine: bool) -> tuple[Activity, ...]:
    """Return the last 200 entries, newest first; what platforms and rules say is not among them.

    Args:
        reader: The desk.
        mine: Only those of its own agent.

    Raises:
        DeskUnavailable: If the database cannot be read.
    """
    event, send = tables.Event, tables.Send
    # What agents write has a request id, and nothing else has one: its index is small and in this order.
    entries = sa.select(*mapping.event_columns(), col(event.send_id), col(event.id)).where(
        col(event.request_id).is_not(None)
    )
    if mine:
        entries = entries.where(col(event.actor) == reader.agent)
    order = (col(event.recorded_at).desc(), col(event.id).desc())
    latest = entries.order_by(*order).limit(MOST).subquery()
    wanted = (
        sa.select(latest, col(send.ref), col(send.provider), col(send.recipient_name))
        .join(send, col(send.id) == latest.c.send_id)
        .order_by(latest.c.recorded_at.desc(), latest.c.id.desc())
    )
    with reader.database.read() as connection:
        rows = connection.execute(wanted)
        return tuple(_readable(rows))


def _readable(rows: Iterable[sa.Row[tuple[object, ...]]]) -> Iterator[Activity]:
    """Yield the entries of *rows*; one that cannot be read is left out, `senddesk db verify` names it."""
    entries = list(mapping.readable_events(rows))
    # Whoever took an entry back did so after it: that is among the newest as well.
    undone = {(row.send_id, seq) for row, event in entries for seq in taken_back([event])}
    for row, event in entries:
        with suppress(*UNREADABLE_ENTRY):
            yield _activity(row, event, (row.send_id, event.seq) in undone)


def _activity(row: sa.Row[tuple[object, ...]], event: Event, is_undone: bool) -> Activity:
    return Activity(
        ref=row.ref,
        recipient_name=row.recipient_name,
        at=event.recorded_at,
        actor=event.actor,
        said=did(row.provider, event),
        reason=event.reason,
        is_undone=is_undone,
    )
