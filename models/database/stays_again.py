"""Which stays in a status have ended, found anew from the histories of all sends."""

from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DataError

from models.providers.catalogue import STATUSES
from models.rules.due import Policy
from models.rules.state import PASSIVE, UNREADABLE_ENTRY, fold
from models.store import mapping, tables
from models.store.stay_log import StayChanges, clear

_BATCH = 1000
"""How many sends are read at a time."""
_send = mapping.columns_of(tables.Send)
_event = mapping.columns_of(tables.Event)
_SENDS = (
    sa.select(_send["id"], _send["provider"])
    # A stay ends with the second entry at the earliest.
    .where(_send["id"] > sa.bindparam("last"), _send["revision"] > 1)
    .order_by(_send["id"])
    .limit(_BATCH)
)
_CREATED = sa.select(_send["id"], _send["created_at"]).where(_send["id"].in_(mapping.OF_SENDS))
_EVENTS = (
    sa.select(*mapping.event_columns(), _event["send_id"])
    .where(
        _event["send_id"].in_(mapping.OF_SENDS),
        _event["kind"].not_in([kind.value for kind in PASSIVE]),
    )
    .order_by(_event["send_id"], _event["seq"])
)


def count_stays(connection: sa.Connection) -> None:
    """Store the stays of all sends, in place of what is stored of them.

    Past breaches are reckoned by the limits of now. Sends whose history cannot be read are left out.

    Args:
        connection: Of a transaction that writes, on a database with this program's schema.

    Raises:
        DBAPIError: If the database refuses.
    """
    clear(connection)
    policy = mapping.policy_of(connection)
    changes = StayChanges()
    last = 0
    while rows := connection.execute(_SENDS, {"last": last}).all():
        last = rows[-1].id
        _add(connection, [row for row in rows if row.provider in STATUSES], policy, changes)
    changes.write(connection)


def _add(
    connection: sa.Connection,
    sends: Sequence[Any],
    policy: Policy,
    changes: StayChanges,
) -> None:
    send_ids = [row.id for row in sends]
    try:
        created = dict(iter(connection.execute(_CREATED, {"send_ids": send_ids})))
        found = connection.execute(_EVENTS, {"send_ids": send_ids}).all()
    except DataError:
        # One of them has a time that the driver cannot read, and it says not which.
        if len(sends) > 1:
            middle = len(sends) // 2
            _add(connection, sends[:middle], policy, changes)
            _add(connection, sends[middle:], policy, changes)
        return
    histories = {key: list(rows) for key, rows in groupby(found, attrgetter("send_id"))}
    for row in sends:
        try:
            events = [mapping.event(each) for each in histories.get(row.id, ())]
            stays = fold(row.provider, events, created[row.id]).stays
            changes.change(row.id, row.provider, (), stays, policy)
        except UNREADABLE_ENTRY:
            continue
