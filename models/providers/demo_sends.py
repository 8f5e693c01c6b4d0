"""What a provider says about its made-up sends, for `models.demo`."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from models.providers.incoming import Fact, Incoming


@dataclass(frozen=True, slots=True)
class Story:
    """The statuses that a made-up send went through, up to its present one."""

    provider: str
    type: str
    words: tuple[str, ...]
    """The statuses in the provider's words, first to last."""
    weight: float
    """How common it is, relative to the other stories of its kind."""
    days: tuple[float, float]
    """The shortest and the longest time in the last status, in days."""
    stays: Mapping[str, tuple[float, float]] = field(default_factory=dict, hash=False)
    """The same of earlier ones by their words, where it is not hours."""
    offer_days: float | None = None
    """How many days after the first status its offer ends; None for as many as is usual."""


class DemoSends(Protocol):
    """The module of a provider that makes up sends; the same *dice* give the same sends."""

    FINISHED: tuple[Story, ...]
    """Stories of sends that have arrived or ended."""
    RUNNING: tuple[Story, ...]
    """Stories of sends on their way, within their thresholds."""
    STUCK: tuple[Story, ...]
    """Stories of sends that need an agent."""
    LATE: tuple[Story, ...]
    """Stories of sends that took too long, or that only time has ended."""

    def send(
        self,
        dice: random.Random,
        number: int,
        story: Story,
        fields: Mapping[str, Any],
        facts: Sequence[Fact],
        created: datetime,
    ) -> Incoming:
        """Return one send of this provider.

        Args:
            dice: The source of every random choice.
            number: The number of the send in the demo, from 0 on.
            story: One of this module's stories.
            fields: The fields that sends of every provider have: people, campaign and cost.
            facts: The words of the story with their times in UTC.
            created: The time of the first fact.
        """


PARCEL_FIELDS = ("carrier", "tracking_number", "tracking_url")
"""The fields that a platform leaves empty until a parcel is on its way."""


def tracked_parcel(dice: random.Random) -> dict[str, str]:
    """Return the fields of a parcel with a made-up tracking number."""
    number = f"1Z999AA1{dice.randrange(10**10):010d}"
    return {
        "carrier": "UPS",
        "tracking_number": number,
        "tracking_url": f"https://www.ups.com/track?tracknum={number}",
    }
