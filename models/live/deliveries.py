"""The stored messages of webhooks: what has come, what has become of it, and the same once more."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from models.database import Database
from models.intake import deliveries
from models.intake.deliveries import Outcome, State
from models.store import live_tables, mapping, tables

_PAGE = 500
"""How many messages one query reads."""

_delivery = mapping.table_of(live_tables.Delivery).c
_send = mapping.table_of(tables.Send).c


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message of a webhook."""

    number: int
    """Its place among all messages, in the order in which they came."""
    provider: str
    message: str
    """The platform's id of it."""
    event: str
    subject: str
    """The external id of the send that it is about; empty if it names none."""
    send: str
    """The ref of that send; empty while it is not known."""
    received_at: datetime
    state: str
    problem: str
    """Why it is not applied, in a sentence, or an empty string."""
    applied_at: datetime | None


def newest_first(
    database: Database, states: Sequence[State] = (), limit: int | None = None
) -> Iterator[Delivery]:
    """Yield the stored messages, the newest first.

    Args:
        database: Where they are.
        states: Only those in one of these; none for all.
        limit: At most so many.

    Raises:
        DeskUnavailable: If they cannot be read.
    """
    columns = [_delivery[name] for name in Delivery.__slots__ if name not in ("number", "send")]
    wanted = (
        sa.select(_delivery.id, sa.func.coalesce(_send.ref, "").label("send"), *columns)
        .outerjoin(
            mapping.table_of(tables.Send),
            sa.and_(_send.provider == _delivery.provider, _send.external_id == _delivery.subject),
        )
        .order_by(_delivery.id.desc())
    )
    if states:
        wanted = wanted.where(_delivery.state.in_([state.value for state in states]))
    before, left = None, limit
    while left is None or left > 0:
        page = wanted.limit(_PAGE if left is None else min(left, _PAGE))
        if before is not None:
            page = page.where(_delivery.id < before)
        with database.read() as connection:
            rows = connection.execute(page).mappings().all()
        for row in rows:
            yield Delivery(**{"number": row["id"], **{k: row[k] for k in row if k != "id"}})
        if len(rows) < _PAGE:
            return
        before = rows[-1]["id"]
        left = None if left is None else left - len(rows)


def numbers_of(database: Database, words: Sequence[str]) -> dict[str, tuple[int, ...]]:
    """Return the numbers of the messages that each of *words* names, by its id or its number.

    Raises:
        DeskUnavailable: If they cannot be read.
    """
    found: dict[str, tuple[int, ...]] = {}
    with database.read() as connection:
        for word in words:
            clause = _delivery.message == word
            if word.isascii() and word.isdecimal() and len(word) < 18:
                clause |= _delivery.id == int(word)
            found[word] = tuple(connection.execute(sa.select(_delivery.id).where(clause)).scalars())
    return found


def replay(database: Database, now: datetime, numbers: Sequence[int] = ()) -> Iterator[Outcome]:
    """Apply messages once more; what is known already changes nothing.

    Args:
        database: Where they are.
        now: The present, in UTC.
        numbers: Which; none for all that are not applied.

    Yields:
        What has become of each, the oldest first.

    Raises:
        ReadOnly: If the database was opened for reading.
        DeskUnavailable: If it cannot be read or written.
    """
    if not numbers:
        open_ones = sa.select(_delivery.id).where(_delivery.state != State.APPLIED.value)
        with database.read() as connection:
            numbers = connection.execute(open_ones.order_by(_delivery.id)).scalars().all()
    yield from deliveries.replay(database, now, sorted(numbers))
    # What waited for one of them is applied too.
    while deliveries.apply_new(database, now):
        pass
