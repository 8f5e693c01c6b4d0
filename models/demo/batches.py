"""The order batches of the demo: those that its orders are of, and some whose orders are still to come."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from models.database import Database
from models.demo import words
from models.providers import PROVIDERS
from models.providers.incoming import Fact, Incoming
from models.providers.status import BATCH_TYPE
from models.store.tables import Send, col

_DAY = timedelta(days=1)


def batches_of(database: Database, dice: random.Random, now: datetime) -> Iterator[Incoming]:
    """Yield a complete batch for each that orders in *database* are of, then those on their way.

    One of these was to be sent some hours ago, one is stuck in the making, one is scheduled.
    """
    batch, count = col(Send.batch), sa.func.count()
    counted = sa.select(col(Send.provider), batch, count, sa.func.min(col(Send.created_at)))
    known = counted.where(batch != "").group_by(col(Send.provider), batch)
    with database.read() as connection:
        rows = connection.execute(known.order_by(sa.func.min(col(Send.created_at)))).all()
    for provider, name, orders, begun in rows:
        # Some orders are of people who are on no other list.
        recipients = orders + dice.choice((0, 0, 0, 2, 5))
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
