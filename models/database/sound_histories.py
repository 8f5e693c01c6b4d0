"""Sends with their histories as an upgrade reads them: those that can be trusted, and no others."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DataError

from models.providers.catalogue import STATUSES
from models.records import Event, SendRecord
from models.store import mapping, tables
from models.store.hash_chain import is_whole
from models.store.tables import col

_BATCH = 1000
"""How many sends are read at a time."""
_SEND = mapping.table_of(tables.Send)
_event = mapping.columns_of(tables.Event)
_SENDS = (
    sa.select(*mapping.record_columns(), _SEND.c.head)
    .where(col(tables.Send.id).in_(mapping.OF_SENDS))
    .order_by(_SEND.c.id)
)
_EVENTS = (
    sa.select(*mapping.event_columns(), _event["hash"], _event["send_id"])
    .where(_event["send_id"].in_(mapping.OF_SENDS))
    .order_by(_event["send_id"], _event["seq"])
)
History = tuple[SendRecord, list[Event]]
"""A send, and all its events in the order recorded."""


def sound_histories(connection: sa.Connection, send_ids: Sequence[int]) -> Iterator[list[History]]:
    """Yield the sends of *send_ids* with their histories, a thousand at a time.

    A send whose history is damaged, or of a platform that is not known, is left out: `senddesk db verify`
    names it.

    Raises:
        DBAPIError: If the database refuses.
    """
    for start in range(0, len(send_ids), _BATCH):
        yield _read(connection, send_ids[start : start + _BATCH])


def _read(connection: sa.Connection, send_ids: Sequence[int]) -> list[History]:
    try:
        sends = connection.execute(_SENDS, {"send_ids": send_ids}).all()
        events = connection.execute(_EVENTS, {"send_ids": send_ids}).all()
    except DataError:
        # One of them has a time that the driver cannot read, and it says not which.
        if len(send_ids) == 1:
            return []
        middle = len(send_ids) // 2
        return [*_read(connection, send_ids[:middle]), *_read(connection, send_ids[middle:])]
    rows = {key: list(found) for key, found in groupby(events, attrgetter("send_id"))}
    found = []
    for row in sends:
        send = mapping.record(row)
        history = _sound(send, row.head, rows.get(send.id, []))
        if history is not None:
            found.append((send, history))
    return found


def _sound(send: SendRecord, head: bytes, rows: Sequence[Any]) -> list[Event] | None:
    """Return the history of a send; None if it cannot be trusted."""
    if send.provider not in STATUSES or tables.UNREADABLE in (send.created_at, send.since):
        return None
    try:
        events = [mapping.event(row) for row in rows]
    except ValueError:
        return None
    if len(events) != send.revision or not is_whole(
        (send.provider, send.external_id), head, events, [row.hash for row in rows]
    ):
        return None
    return events
