"""Stored rows as the frozen records that leave `models`, and the columns to read for them.

The reads run within a transaction of the caller: `Database.read` and `Database.write`, which open it, turn
database errors into `DeskError`s.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date, timedelta
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from sqlmodel import SQLModel

from models.providers.catalogue import STATUSES
from models.records import Event, EventKind, SendRecord, Shipment
from models.rules.due import WARNING, Policy, RulesInForce, Thresholds, Warnings
from models.store import tables
from models.store.hash_chain import HASHED
from models.store.row_types import plain_text, typed_send
from models.store.tables import col
from models.values.business_time import BusinessTime
from models.values.calendar import Calendar, Limit, parse_limit
from models.values.text import display_text

_KINDS = {kind.value: kind for kind in EventKind}
Row = TypeVar("Row", bound=Sequence[Any])
_SHOWN = 80
"""The most characters shown of a value that cannot be read."""
_SHIPMENT = Shipment._fields


def table_of(model: type[SQLModel]) -> sa.Table:
    """Return the SQLAlchemy table that stores *model*."""
    table: sa.Table = cast(Any, model).__table__
    return table


def columns_of(model: type[SQLModel]) -> dict[str, sa.Column[Any]]:
    """Return the columns of *model* by name."""
    return dict(table_of(model).columns.items())


_RECORD = {name: columns_of(tables.Send)[name] for name in SendRecord._fields}
_EVENT = tuple(columns_of(tables.Event)[name] for name in HASHED)
OF_SENDS: sa.BindParameter[list[int]] = sa.bindparam("send_ids", expanding=True)
"""The parameter `send_ids`: the ids of the sends that a statement is about."""

# Part of every write: as module constants they are built once, and SQLAlchemy compiles them once.
_SEND = sa.select(*_RECORD.values()).where(col(tables.Send.id) == sa.bindparam("send_id"))
_LOCKED = _SEND.with_for_update()
_SEVERAL = sa.select(*_RECORD.values()).where(col(tables.Send.id).in_(OF_SENDS))
# In the order of their ids, so that two transactions cannot wait for each other.
_SEVERAL_LOCKED = _SEVERAL.order_by(col(tables.Send.id)).with_for_update()
_SHIPMENTS = sa.select(
    *(columns_of(tables.Shipment)[name] for name in _SHIPMENT), col(tables.Shipment.send_id)
).order_by(col(tables.Shipment.id))
_OF_SENDS = _SHIPMENTS.where(col(tables.Shipment.send_id).in_(OF_SENDS))
_OF_ONE_SEND = _SHIPMENTS.where(col(tables.Shipment.send_id) == sa.bindparam("send_id"))
_limit, _warning = columns_of(tables.Threshold), columns_of(tables.LimitWarning)
_hours = columns_of(tables.BusinessHours)
_switch, _span = columns_of(tables.RuleSwitch), columns_of(tables.UsualSpan)
_nothing = sa.literal("")
_POLICY = sa.union_all(
    sa.select(sa.literal("limit"), _limit["provider"], _limit["status"], _limit["limit"], _nothing),
    sa.select(sa.literal("day off"), _nothing, _nothing, col(tables.Holiday.day), _nothing),
    sa.select(
        sa.literal("warning"),
        _warning["provider"],
        _warning["status"],
        _warning["before"],
        _nothing,
    ),
    sa.select(
        sa.literal("business time"),
        _hours["opens"],
        _hours["closes"],
        _hours["days"],
        _hours["zone"],
    ),
    sa.select(sa.literal("rule"), _switch["name"], _nothing, _switch["state"], _nothing),
    sa.select(sa.literal("span"), _span["key"], _span["campaign"], _span["span"], _nothing),
)
_TABLE_OF = {
    "limit": "threshold",
    "day off": "holiday",
    "warning": "warning",
    "business time": "business_hours",
    "rule": "rule_switch",
    "span": "usual_span",
}


def record_columns() -> tuple[sa.Column[Any], ...]:
    """Return the columns of a `SendRecord`, in the order of its fields."""
    return tuple(_RECORD.values())


def record(row: Sequence[Any]) -> SendRecord:
    """Return the send of a row that begins with `record_columns`; its times are aware UTC."""
    return typed_send(row[: len(_RECORD)])


def event_columns() -> tuple[sa.Column[Any], ...]:
    """Return the columns of an `Event`, in the order of its fields."""
    return _EVENT


def event(row: Sequence[Any]) -> Event:
    """Return the event of a row that begins with `event_columns`; its times are aware UTC.

    Raises:
        ValueError: If its kind or a time of it is none, or a text of it is bytes.
    """
    seq, at, recorded_at, kind, *rest = row[: len(HASHED)]
    known = _KINDS.get(kind)
    if (
        known is None
        or at == tables.UNREADABLE
        or recorded_at == tables.UNREADABLE
        or bytes in map(type, rest)
    ):
        raise ValueError(f"entry {seq} cannot be read")
    return Event(seq, at, recorded_at, known, *rest)


def readable_events(rows: Iterable[Row]) -> Iterator[tuple[Row, Event]]:
    """Yield each of *rows* with its event; rows of which none can be read are left out."""
    for row in rows:
        with suppress(ValueError):
            yield row, event(row)


def find(
    connection: sa.Connection, send_id: int, *, for_writing: bool = False
) -> SendRecord | None:
    """Return a send as it is now, or None if it is gone.

    Args:
        connection: Within a transaction.
        send_id: Its id in this database.
        for_writing: Lock its row until the transaction ends (PostgreSQL; SQLite has one writer).
    """
    row = connection.execute(_LOCKED if for_writing else _SEND, {"send_id": send_id}).one_or_none()
    return None if row is None else record(row)


def find_all(
    connection: sa.Connection, send_ids: Sequence[int], *, for_writing: bool = False
) -> dict[int, SendRecord]:
    """Return sends as they are now, by their ids in this database; those that are gone are missing.

    Args:
        connection: Within a transaction.
        send_ids: Their ids.
        for_writing: Lock their rows until the transaction ends (PostgreSQL; SQLite has one writer).
    """
    statement = _SEVERAL_LOCKED if for_writing else _SEVERAL
    rows = connection.execute(statement, {"send_ids": list(send_ids)})
    return {send.id: send for send in map(record, rows)}


def shipments_of(
    connection: sa.Connection, send_ids: Sequence[int]
) -> Iterator[tuple[int, Shipment]]:
    """Yield the shipments of *send_ids*, each with the id of its send, in the order stored."""
    for row in connection.execute(_OF_SENDS, {"send_ids": list(send_ids)}):
        yield row.send_id, _shipment(row)


def shipments(connection: sa.Connection, send_id: int) -> tuple[Shipment, ...]:
    """Return the shipments of one send, in the order stored."""
    rows = connection.execute(_OF_ONE_SEND, {"send_id": send_id})
    return tuple(map(_shipment, rows))


def _shipment(row: Sequence[Any]) -> Shipment:
    values = map(plain_text, row) if bytes in map(type, row) else row
    return Shipment(**dict(zip(_SHIPMENT, values, strict=False)))


def policy_of(connection: sa.Connection) -> Policy:
    """Return the limits, warnings, business hours, holidays and rules that the team has set.

    A row that cannot be read is left out: whoever may write the table can make one.
    """
    own: dict[tuple[str, str], Limit | None] = {}
    warnings: dict[tuple[str, str], timedelta] = {}
    holidays: set[date] = set()
    off: set[str] = set()
    spans: dict[tuple[str, str], Limit] = {}
    left_out: list[str] = []
    calendar = Calendar()
    for what, first, second, value, zone in connection.execute(_POLICY):
        words = f"{first}:{second} {value}" if first else value
        try:
            match what:
                case "limit":
                    own[first, second] = _stored_limit(first, second, value)
                case "warning":
                    warnings[first, second] = stored_warning(value)
                case "rule":
                    if _stored_switch(value) == "off":
                        off.add(first)
                case "span":
                    spans[first, second] = stored_span(value)
                case "day off":
                    holidays.add(_stored_day(value))
                case _:
                    words = f"{first}-{second} {value} {zone}"
                    calendar = BusinessTime(first, second, value, zone).calendar()
        except (ValueError, TypeError, AttributeError):
            left_out.append(
                f"The {what} “{display_text(str(words), _SHOWN)}” cannot be read and is left out: "
                f"set it again, or have its row removed from {_TABLE_OF[what]}."
            )
    usual = warnings.pop(("", ""), WARNING)
    return Policy(
        Thresholds(own),
        calendar._replace(holidays=frozenset(holidays)),
        Warnings(usual, warnings),
        RulesInForce(frozenset(off), spans),
        left_out=tuple(left_out),
    )


def stored_warning(value: str) -> timedelta:
    """Return a stored time before a limit.

    Raises:
        ValueError: If it is none.
    """
    limit = parse_limit(value)
    if limit is None or limit.is_of_business:
        raise ValueError(f"“{value}” is not a time before a limit")
    return timedelta(**{"hours" if limit.unit == "h" else "days": limit.amount})


def _stored_limit(provider: str, status: str, value: str) -> Limit | None:
    """Return a stored limit.

    Raises:
        ValueError: If it is none, or of a status that is not known here.
    """
    if status not in STATUSES.get(provider, {}):
        raise ValueError(f"“{provider}:{status}” is not a status")
    return parse_limit(value)


def stored_span(value: str) -> Limit:
    """Return a stored usual span.

    Raises:
        ValueError: If it is none.
    """
    limit = parse_limit(value)
    if limit is None or limit.at_once:
        raise ValueError(f"“{value}” is not a span")
    return limit


def _stored_switch(value: str) -> str:
    """Return whether a rule is `on` or `off`.

    Raises:
        ValueError: If it is neither.
    """
    if value not in ("on", "off"):
        raise ValueError(f"“{value}” is neither on nor off")
    return value


def _stored_day(value: str) -> date:
    """Return a stored day off.

    Raises:
        ValueError: If it is not an ISO date.
    """
    day = date.fromisoformat(value)
    if day.isoformat() != value:
        raise ValueError(f"“{value}” is not an ISO date")
    return day
