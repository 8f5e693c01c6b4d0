"""Made-up boxes of Kindbox."""

import random
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from models.providers.demo_sends import Story
from models.providers.incoming import Fact, Incoming

FINISHED = (Story("kindbox", "box", ("Ordered", "Packed", "On the Way", "Arrived"), 100, (2, 90)),)
RUNNING = (Story("kindbox", "box", ("Ordered", "Packed"), 10, (0.1, 2)),)
STUCK = (Story("kindbox", "box", ("Ordered", "Packed", "On the Way", "Came Back"), 9, (0.1, 2)),)
LATE = ()


def send(
    dice: random.Random,
    number: int,
    story: Story,
    fields: Mapping[str, Any],
    facts: Sequence[Fact],
    created: datetime,
) -> Incoming:
    """Return a made-up box."""
    return Incoming(
        provider="kindbox",
        external_id=f"BX{number:04}",
        type=story.type,
        fields=fields,
        facts=tuple(facts),
    )
