"""History as it is stored: read, chained by hashes, appended to under compare-and-set."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, update

from models import tables
from models.chaining import HASHED, chain
from models.clock import Calendar, parse_limit
from models.errors import StaleSend
from models.fold import PASSIVE, State, fold
from models.guidance import Limits
from models.records import Event, Kind, SendRecord, Shipment
from models.standing import Policy, columns

Row = dict[str, Any]

_SHIPMENT = tuple(Shipment.__slots__)


def table_of(model: type[SQLModel]) -> sa.Table:
    """Return the table that stores *model*."""
    table = sa.inspect(model).local_table
    assert isinstance(table, sa.Table)
    return table


def columns_of(model: type[SQLModel]) -> dict[str, sa.Column[Any]]:
    """Return the columns of *model* by name."""
    return dict(table_of(model).columns.items())


_RECORD = {
    name: item for name, item in columns_of(tables.Send).items() if name in SendRecord.__slots__
}
_EVENT = tuple(columns_of(tables.Event)[name] for name in HASHED)
_OF_SENDS: sa.BindParameter[list[int]] = sa.bindparam("send_ids", expanding=True)

# Asked with every write: built once, they are compiled once.
_NEWEST = (
    sa.select(*_EVENT)
    .where(col(tables.Event.send_id) == sa.bindparam("send_id"))
    .order_by(col(tables.Event.seq).desc())
    .limit(sa.bindparam("count", type_=sa.Integer()))
)
_DECIDING = (
    sa.select(*_EVENT, col(tables.Event.send_id))
    .where(
        col(tables.Event.send_id).in_(_OF_SENDS),
        col(tables.Event.kind).not_in([kind.value for kind in PASSIVE]),
    )
    .order_by(col(tables.Event.send_id), col(tables.Event.seq))
)
_PARCELS = (
    sa.select(
        *(columns_of(tables.Shipment)[name] for name in _SHIPMENT), col(tables.Shipment.send_id)
    )
    .where(col(tables.Shipment.send_id).in_(_OF_SENDS))
    .order_by(col(tables.Shipment.id))
)
_LIMITS = sa.select(table_of(tables.Threshold))
_HOLIDAYS = sa.select(col(tables.Holiday.day))


def record_columns() -> tuple[sa.Column[Any], ...]:
    """Return the columns that make a `SendRecord`."""
    return tuple(_RECORD.values())


def record(row: Sequence[Any]) -> SendRecord:
    """Turn a row that begins with `record_columns` into the value that leaves this package."""
    return SendRecord(**dict(zip(_RECORD, row, strict=False)))


def event_columns() -> tuple[sa.Column[Any], ...]:
    """Return the columns that make an `Event`."""
    return _EVENT


def event(row: Sequence[Any]) -> Event:
    """Turn a row that begins with `event_columns` into an event."""
    values = dict(zip(HASHED, row, strict=False))
    values["kind"] = Kind(values["kind"])
    return Event(**values)


def newest_events(connection: sa.Connection, send_id: int, count: int) -> tuple[Event, ...]:
    """Return the newest *count* events of a send, newest first."""
    rows = connection.execute(_NEWEST, {"send_id": send_id, "count": count})
    return tuple(event(row) for row in rows)


def deciding_events(
    connection: sa.Connection, send_ids: Sequence[int]
) -> dict[int, tuple[Event, ...]]:
    """Return what the fold of each send needs of its history, in the order recorded."""
    found: dict[int, list[Event]] = {send_id: [] for send_id in send_ids}
    for row in connection.execute(_DECIDING, {"send_ids": list(send_ids)}):
        found[row.send_id].append(event(row))
    return {send_id: tuple(events) for send_id, events in found.items()}


def parcels_of(
    connection: sa.Connection, send_ids: Sequence[int]
) -> Iterator[tuple[int, Shipment]]:
    """Yield the parcels of *send_ids*, each with the id of its send, in the order stored."""
    for row in connection.execute(_PARCELS, {"send_ids": list(send_ids)}):
        yield row.send_id, Shipment(**dict(zip(_SHIPMENT, row, strict=False)))


def policy_of(connection: sa.Connection) -> Policy:
    """Return the limits and days off that this database holds."""
    own = {
        (row.provider, row.status): parse_limit(row.limit) for row in connection.execute(_LIMITS)
    }
    days = connection.execute(_HOLIDAYS).scalars()
    holidays = frozenset(datetime.fromisoformat(day).date() for day in days)
    return Policy(Limits(own), Calendar(holidays=holidays))


@dataclass(slots=True)
class Entry:
    """A send with its history, read for writing."""

    send: SendRecord
    head: bytes
    events: tuple[Event, ...]
    """What the fold needs; without notes and changed details."""

    @property
    def key(self) -> tuple[str, str]:
        """Provider and external id."""
        return self.send.provider, self.send.external_id

    def state(self) -> State:
        """Return what the history adds up to."""
        return fold(self.send.provider, self.events, self.send.created_at)


def open_entries(connection: sa.Connection, clause: sa.ColumnElement[bool]) -> list[Entry]:
    """Return the sends that meet *clause* for writing, locked where the database locks rows."""
    wanted = sa.select(*record_columns(), col(tables.Send.head)).where(clause)
    rows = connection.execute(wanted.order_by(col(tables.Send.id)).with_for_update()).all()
    histories = deciding_events(connection, [row.id for row in rows])
    return [Entry(record(row), row.head, histories[row.id]) for row in rows]


def grow(entry: Entry, new: Sequence[Event], policy: Policy, fields: Row) -> tuple[Row, list[Row]]:
    """Return the columns of the send and the rows of its history after *new* events.

    Args:
        entry: The send as it is.
        new: What happened, in order; numbered here.
        policy: The limits and working days in force.
        fields: Other columns that change with them.
    """
    send = entry.send
    numbered = [replace(item, seq=send.revision + place) for place, item in enumerate(new, 1)]
    created_at = fields.get("created_at", send.created_at)
    state = fold(send.provider, (*entry.events, *numbered), created_at)
    rows, head = chain(send.id, entry.key, entry.head, numbered)
    stand = columns(send.provider, state, policy, send.since)
    return {**fields, **stand, "revision": numbered[-1].seq, "head": head}, rows


def write_changes(connection: sa.Connection, changes: Iterable[Row]) -> None:
    """Write columns of sends, each row with the id of its send as `this_send`."""
    # One statement per set of columns: each is compiled once and sent many times.
    by_columns: dict[frozenset[str], list[Row]] = {}
    for change in changes:
        by_columns.setdefault(frozenset(change), []).append(change)
    this_send: sa.BindParameter[int] = sa.bindparam("this_send")
    table = table_of(tables.Send)
    for names, rows in by_columns.items():
        values: Row = {name: sa.bindparam(name) for name in names if name != "this_send"}
        connection.execute(sa.update(table).where(table.c.id == this_send).values(values), rows)


def append(session: Session, entry: Entry, new: Sequence[Event], policy: Policy) -> SendRecord:
    """Write *new* events behind the history, and return the send as they leave it.

    Raises:
        StaleSend: If the send's revision is no longer the one in *entry*.
    """
    send = entry.send
    changes, rows = grow(entry, new, policy, {})
    done = session.exec(
        update(tables.Send)
        .where(col(tables.Send.id) == send.id, col(tables.Send.revision) == send.revision)
        .values(**changes)
        .execution_options(synchronize_session=False)
    )
    if done.rowcount != 1:
        raise StaleSend(f"{send.ref} has changed since you saw it: nothing was written.")
    session.add_all(tables.Event.model_validate(row) for row in rows)
    session.flush()
    del changes["head"]
    return replace(send, **changes)
