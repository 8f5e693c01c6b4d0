"""The credits of all sends: which are overdue, expected and confirmed, and what they come to.

They are read in pages, each of which begins at an index where the one before ended.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, NamedTuple

import sqlalchemy as sa

from models.ledger import stored
from models.query.text_search import Condition
from models.reading.reader import Reader
from models.records import Credit, CreditState
from models.store import mapping, tables
from models.store.tables import col

Stand = Literal["overdue", "expected", "confirmed"]
"""How a credit stands: `expected` may still come in time, `overdue` did not."""
STANDS: Final[tuple[Stand, ...]] = ("overdue", "expected", "confirmed")
"""All of them, in the order in which they are listed."""
PAGE = 200
"""How many credits are read at a time."""
_BILLION = 10**9
_entry, _send = tables.Credit, tables.Send
_due_at = col(_send.credit_due_at)
_OF_SEND = tuple(
    mapping.columns_of(tables.Send)[name]
    for name in ("ref", "provider", "external_id", "recipient_name", "credit_due_at")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditFilter:
    """Which credits are wanted."""

    funding_source: str | None = None
    """Only those of this funding source, in any case; empty for those that name none, None for all."""
    stands: tuple[Stand, ...] = STANDS
    """Only those that stand like this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditLine:
    """How the credit of one send stands."""

    id: int
    """The number of its entry in this database."""
    send_id: int
    ref: str
    """The send's short name."""
    provider: str
    """The key of the send's provider."""
    external_id: str
    recipient_name: str
    stand: Stand
    entry: Credit
    """What the ledger has."""
    due_at: datetime | None
    """When it is overdue, in UTC; None for what is confirmed."""


class CreditTotal(NamedTuple):
    """What the credits of one funding source in one currency come to that stand alike."""

    funding_source: str
    """Empty for those that name none."""
    currency: str
    stand: Stand
    number: int
    minor: int
    """In minor units of the currency."""
    unknown: int
    """How many of them have no known amount."""


def by_source(
    sums: Iterable[CreditTotal],
) -> dict[tuple[str, str], dict[Stand, CreditTotal]]:
    """Return *sums* by funding source and currency, in their order, and there by how they stand."""
    found: dict[tuple[str, str], dict[Stand, CreditTotal]] = {}
    for each in sums:
        found.setdefault((each.funding_source, each.currency), {})[each.stand] = each
    return found


def credit_lines(
    reader: Reader, wanted: CreditFilter, *, after: CreditLine | None = None, size: int = PAGE
) -> Iterator[CreditLine]:
    """Yield every credit that is wanted: what is overdue the longest first, then the newest confirmed.

    One that cannot be read is left out: `senddesk db verify` names its send.

    Args:
        reader: The desk.
        wanted: Which credits.
        after: Begin behind this one; None for the first.
        size: How many are read together.

    Raises:
        DeskUnavailable: If the database cannot be read.
    """
    now = reader.now()
    is_past_open = after is not None and after.stand == "confirmed"
    if not is_past_open and _moments(wanted, now) is not None:
        yield from _paged(reader, _open(wanted, now), _AFTER_OPEN, after, size, now)
    if "confirmed" in wanted.stands:
        yield from _paged(
            reader, _confirmed(wanted), _AFTER_CONFIRMED, after if is_past_open else None, size, now
        )


def totals(reader: Reader, wanted: CreditFilter) -> tuple[CreditTotal, ...]:
    """Return what the wanted credits come to, by funding source, currency and how they stand.

    Raises:
        DeskUnavailable: If the database cannot be read.
    """
    now = reader.now()
    amount = col(_entry.amount_minor)
    is_overdue = _due_at < now
    stand = sa.case(
        (col(_entry.state) == CreditState.CONFIRMED.value, STANDS.index("confirmed")),
        (is_overdue, STANDS.index("overdue")),
        else_=STANDS.index("expected"),
    ).label("stand")
    # In two parts, as one sum of a database may have no room for many large amounts.
    sums = (sa.func.sum(amount // _BILLION), sa.func.sum(amount - amount // _BILLION * _BILLION))
    statement = (
        sa.select(
            col(_entry.funding_source), col(_entry.currency), stand,
            sa.func.count(), sa.func.count(amount), *sums,
        )
        .join_from(_entry, _send, col(_send.id) == col(_entry.send_id))
        .where(
            col(_entry.state) != CreditState.WITHDRAWN.value, stored.IS_NEWEST, *_of_source(wanted)
        )
        .group_by(col(_entry.funding_source), col(_entry.currency), stand)
    )  # fmt: skip
    with reader.database.read() as connection:
        rows = connection.execute(statement).all()
    found = (
        CreditTotal(
            source, currency, STANDS[place], count,
            int(high or 0) * _BILLION + int(low or 0), count - known,
        )
        for source, currency, place, count, known, high, low in rows
    )  # fmt: skip
    wanted_ones = (each for each in found if each.stand in wanted.stands)
    return tuple(
        sorted(
            wanted_ones,
            key=lambda each: (each[0].casefold(), *each[:2], STANDS.index(each.stand)),
        )
    )


def _of_source(wanted: CreditFilter) -> Iterator[Condition]:
    if wanted.funding_source is not None:
        named = sa.func.lower(sa.literal(wanted.funding_source))
        yield sa.func.lower(col(_entry.funding_source)) == named


def _select(wanted: CreditFilter) -> sa.Select[Any]:
    return (
        sa.select(*stored.entry_columns(), col(_entry.id), col(_entry.send_id), *_OF_SEND)
        .join_from(_send, _entry, col(_entry.send_id) == col(_send.id))
        .where(stored.IS_NEWEST, *_of_source(wanted))
    )


def _moments(wanted: CreditFilter, now: datetime) -> Condition | None:
    """Return the condition for the open credits that are wanted; None if none of them is."""
    match "overdue" in wanted.stands, "expected" in wanted.stands:
        case True, True:
            return _due_at.is_not(None)
        case True, False:
            return _due_at < now
        case False, True:
            return _due_at >= now
        case _:
            return None


def _open(wanted: CreditFilter, now: datetime) -> sa.Select[Any]:
    condition = _moments(wanted, now)
    assert condition is not None
    return (
        _select(wanted)
        # The index has only sends with an open credit, whichever moments are wanted.
        .where(_due_at.is_not(None), condition, col(_entry.state) == CreditState.EXPECTED.value)
        .order_by(_due_at, col(_send.id))
    )


def _confirmed(wanted: CreditFilter) -> sa.Select[Any]:
    return (
        _select(wanted)
        .where(col(_entry.state) == CreditState.CONFIRMED.value)
        .order_by(col(_entry.id).desc())
    )


class _Behind(NamedTuple):
    """How a page begins behind a line."""

    columns: tuple[Any, ...]
    fields: tuple[str, ...]
    """The fields of the line that have the values of the columns."""
    backwards: bool = False

    def of(self, line: CreditLine) -> Condition:
        """Return the condition for what comes behind *line*."""
        columns = sa.tuple_(*self.columns)
        values = [getattr(line, name) for name in self.fields]
        place = sa.tuple_(*values, types=[column.type for column in self.columns])
        found: Condition = columns < place if self.backwards else columns > place
        return found


_AFTER_OPEN = _Behind(
    (mapping.columns_of(_send)["credit_due_at"], mapping.columns_of(_send)["id"]),
    ("due_at", "send_id"),
)
_AFTER_CONFIRMED = _Behind((mapping.columns_of(_entry)["id"],), ("id",), backwards=True)


def _paged(
    reader: Reader,
    statement: sa.Select[Any],
    behind: _Behind,
    after: CreditLine | None,
    size: int,
    now: datetime,
) -> Iterator[CreditLine]:
    """Yield the lines of *statement*, *size* read at a time, each page in a transaction of its own."""
    while True:
        page = statement if after is None else statement.where(behind.of(after))
        with reader.database.read() as connection:
            rows = connection.execute(page.limit(size)).all()
        lines = list(_lines(rows, now))
        yield from lines
        if len(rows) < size or not lines:
            return
        after = lines[-1]


def _lines(rows: Sequence[sa.Row[Any]], now: datetime) -> Iterator[CreditLine]:
    for row in rows:
        with suppress(ValueError):
            entry, due_at = stored.entry(row), row.credit_due_at
            is_open = entry.state is CreditState.EXPECTED
            yield CreditLine(
                id=row.id,
                send_id=row.send_id,
                ref=row.ref,
                provider=row.provider,
                external_id=row.external_id,
                recipient_name=row.recipient_name,
                stand=stand_of(due_at, now) if is_open else "confirmed",
                entry=entry,
                due_at=due_at if is_open else None,
            )


def stand_of(due_at: datetime | None, now: datetime) -> Stand:
    """Return how a credit stands that is expected and overdue after *due_at*."""
    return "overdue" if due_at is not None and due_at < now else "expected"
