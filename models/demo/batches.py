"""The order batches of the demo: those that its orders are of, and some whose orders are still to come."""

import random
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from models.database import Database
from models.demo import words
from models.providers import PROVIDERS
from models.providers.incoming import Fact, Incoming
from models.providers.status import BATCH_TYPE
from models.store.tables import Send, col

_DAY = timedelta(days=1)


class Orders(NamedTuple):
    """How many orders one batch is of."""

    provider: str
    batch: str
    number: int
    begun: datetime | None
    """When the first of them was created, in UTC."""


def counted_in(database: Database) -> list[Orders]:
    """Return the orders of each batch in *database*, the oldest batch first."""
    batch, count = col(Send.batch), sa.func.count()
    wanted = sa.select(col(Send.provider), batch, count, sa.func.min(col(Send.created_at)))
    known = wanted.where(batch != "").group_by(col(Send.provider), batch)
    with database.read() as connection:
        rows = connection.execute(known.order_by(sa.func.min(col(Send.created_at)))).all()
    return [Orders(*row) for row in rows]


def counted(sends: Iterable[Incoming]) -> list[Orders]:
    """Return the orders of each batch among *sends*, the oldest batch first."""
    found: dict[tuple[str, str], list[datetime]] = {}
    for send in sends:
        if batch := send.fields.get("batch"):
            found.setdefault((send.provider, batch), []).append(send.fields["created_at"])
    oldest_first = sorted(found.items(), key=lambda item: min(item[1]))
    return [Orders(*key, len(times), min(times)) for key, times in oldest_first]


def batches_of(orders: Iterable[Orders], dice: random.Random, now: datetime) -> Iterator[Incoming]:
    """Yield a complete batch for each that *orders* are of, then those on their way.

    One of these was to be sent some hours ago, one is stuck in the making, one is scheduled.
    """
    for provider, name, number, begun in orders:
        # Some orders are of people who are on no other list.
        recipients = number + dice.choice((0, 0, 0, 2, 5))
        yield _batch(dice, provider, name, "complete", recipients, recipients, created_at=begun)
    for provider in (each.key for each in PROVIDERS if BATCH_TYPE in each.types):
        for days in (6.1, -0.2):
            begun, scheduled = now - 3 * _DAY, now + days * _DAY
            yield _batch(
                dice,
                provider,
                _name(dice),
                "pending",
                0,
                40,
                created_at=begun,
                scheduled_at=scheduled,
            )
        yield _batch(dice, provider, _name(dice), "pending", 118, 250, created_at=now - 0.3 * _DAY)


def _batch(
    dice: random.Random,
    provider: str,
    external_id: str,
    word: str,
    orders: int,
    recipients: int,
    **times: datetime | None,
) -> Incoming:
    sender, team = dice.choice(words.SENDERS)
    fields: dict[str, Any] = {
        "campaign": dice.choice(words.CAMPAIGNS),
        "sender_name": sender,
        "team": team,
        "orders_count": orders,
        "recipients_count": recipients,
        **times,
    }
    begun = times.get("created_at")
    return Incoming(provider, external_id, BATCH_TYPE, fields, (Fact(word, begun),))


def _name(dice: random.Random) -> str:
    return str(UUID(int=dice.getrandbits(128), version=4))
