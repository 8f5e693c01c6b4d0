"""What a platform's made-up sends are told with; see `models.demo`."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from models.providers.provider import Fact, Incoming


@dataclass(frozen=True, slots=True)
class Story:
    """One way through the lifecycle of a platform, up to where the send stands now."""

    provider: str
    type: str
    words: tuple[str, ...]
    """The platform's words, first to last."""
    weight: float
    """How common it is beside all other stories of its kind."""
    days: tuple[float, float]
    """The least and the most time in the last status."""


class DemoSends(Protocol):
    """The module of a platform that makes sends up. Equal *dice* make equal sends."""

    FINISHED: tuple[Story, ...]
    """Sends that nobody waits for."""
    RUNNING: tuple[Story, ...]
    """Sends on their way, within their limits."""
    STUCK: tuple[Story, ...]
    """Sends that need a person."""

    def send(
        self,
        dice: random.Random,
        number: int,
        story: Story,
        fields: Mapping[str, Any],
        facts: Sequence[Fact],
        created: datetime,
    ) -> Incoming:
        """Return one send of this platform.

        Args:
            dice: What every choice is made with.
            number: The place of the send in the demo, from 0 on.
            story: One of the module's own.
            fields: What every send has: people, campaign and cost.
            facts: The words of the story with their times.
            created: When the first of them was.
        """


def tracked_parcel(dice: random.Random) -> dict[str, str]:
    """Return the fields of a parcel with a made-up tracking number."""
    number = f"1Z999AA1{dice.randrange(10**10):010d}"
    return {
        "carrier": "UPS",
        "tracking_number": number,
        "tracking_url": f"https://www.ups.com/track?tracknum={number}",
    }
