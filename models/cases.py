"""Everything about one send, read within one transaction."""

from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import col

from models import catalogue, journal, tables
from models.errors import UnknownSend
from models.fold import PASSIVE, fold
from models.guidance import advise
from models.records import Case, Event, SendRecord
from models.standing import Policy

HISTORY_SHOWN = 500
"""Events of a long history that are shown, the newest."""


_SEND = sa.select(*journal.record_columns()).where(col(tables.Send.id) == sa.bindparam("send_id"))


def read(connection: sa.Connection, send_id: int, now: datetime) -> Case:
    """Return the case of a send, with advice for the moment *now* in UTC.

    Raises:
        UnknownSend: If there is no such send.
    """
    row = connection.execute(_SEND, {"send_id": send_id}).one_or_none()
    if row is None:
        raise UnknownSend("The send is no longer there.")
    return case_of(connection, journal.record(row), journal.policy_of(connection), now)


def case_of(connection: sa.Connection, send: SendRecord, policy: Policy, now: datetime) -> Case:
    """Return the case of *send* as it stands in this transaction, under *policy*."""
    history, total = _history(connection, send)
    return Case(
        send=send,
        history=history,
        history_total=total,
        shipments=tuple(parcel for _, parcel in journal.parcels_of(connection, [send.id])),
        advice=advise(send, now, policy.limits, policy.calendar),
        money=catalogue.provider(send.provider).money(send, now),
    )


def _history(connection: sa.Connection, send: SendRecord) -> tuple[tuple[Event, ...], int]:
    events = journal.newest_events(connection, send.id, HISTORY_SHOWN)
    deciding = (
        journal.deciding_events(connection, [send.id])[send.id]
        if send.revision > len(events)
        else tuple(event for event in reversed(events) if event.kind not in PASSIVE)
    )
    effects = fold(send.provider, deciding, send.created_at).effects
    shown = tuple(replace(event, effect=effects.get(event.seq, "")) for event in events)
    return shown, send.revision
