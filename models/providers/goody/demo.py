"""Made-up orders of Goody."""

import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from models.providers.demo_sends import Story, tracked_parcel
from models.providers.incoming import Fact, Incoming

_START = ("created", "notified", "opened", "accepted", "paid")


def _order(weight: float, days: tuple[float, float], *words: str, **more: Any) -> Story:
    return Story("goody", "order", words, weight, days, **more)


FINISHED = (
    _order(200, (2, 300), *_START, "shipped", "delivered"),
    _order(10, (5, 300), "created", "notified", "canceled"),
)
RUNNING = (
    _order(22, (0.1, 20), "created", "notified"),
    _order(14, (0.1, 12), "created", "notified", "opened"),
    _order(16, (0.1, 5), *_START),
    _order(6, (0.1, 3), *_START, "ordered"),
    _order(26, (0.2, 6), *_START, "shipped"),
)
STUCK = (
    _order(6, (0.1, 4), "created", "notified", "opened", "accepted", "pending_payment"),
    # One word is unknown to the desk, as those of a real provider are now and then.
    _order(1, (0.1, 2), *_START, "awaiting_artwork"),
)
LATE = (
    _order(5, (20.3, 27), "created", "notified", offer_days=20),
    _order(3, (20.3, 30), "created", "notified", "opened", offer_days=20),
    _order(10, (1, 60), *_START, "pending_payment", "paid", "shipped", "delivered",
           stays={"pending_payment": (0.5, 5)}),
)  # fmt: skip
"""Goody never says that an order has ended."""


_BATCHES = 60
"""How many batches the orders of the demo are of."""


def send(
    dice: random.Random,
    number: int,
    story: Story,
    fields: Mapping[str, Any],
    facts: Sequence[Fact],
    created: datetime,
) -> Incoming:
    """Return a made-up order; see `DemoSends`."""
    own: dict[str, Any] = {
        "batch": _batch(dice.getrandbits(40) % _BATCHES),
        "expires_at": created + timedelta(days=story.offer_days or 60),
    }
    if "shipped" in story.words:
        own |= tracked_parcel(dice)
    return Incoming(
        provider="goody",
        external_id=str(UUID(int=dice.getrandbits(128), version=4)),
        type=story.type,
        fields={**fields, **own},
        facts=tuple(facts),
    )


def _batch(number: int) -> str:
    """Return the id of a batch; it looks as random as a real one."""
    return str(UUID(int=random.Random(number).getrandbits(128), version=4))
