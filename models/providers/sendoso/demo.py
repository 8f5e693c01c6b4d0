"""Made-up sends of Sendoso."""

import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from models.providers.demo_sends import Story, tracked_parcel
from models.providers.incoming import Fact, Incoming

_FIRST_ID = 104_000
_FUNDS = ("Marketing Q4", "Customer success", "People budget", "Events")
_PARCELS = ("Custom Bundles", "Custom", "Wine", "Handwritten Notes", "Bundles")
_START = ("Initiated", "Confirming Address", "Processing")
_OFFER = ("Initiated", "Sent")


def _parcel(weight: float, days: tuple[float, float], *words: str, **more: Any) -> Story:
    return Story("sendoso", "physical", words, weight, days, **more)


def _egift(weight: float, days: tuple[float, float], *words: str, **more: Any) -> Story:
    return Story("sendoso", "egift", words, weight, days, **more)


FINISHED = (
    _parcel(300, (2, 300), *_START, "Fulfilling", "Shipped", "Delivered"),
    _parcel(12, (5, 300), "Initiated", "Confirming Address", "Address Confirmation - Cancelled"),
    _parcel(10, (5, 300), *_START, "Canceled"),
    _parcel(6, (5, 300), *_START, "Shipped", "Undeliverable", "Refunded"),
    _egift(170, (2, 300), *_OFFER, "Opened", "Clicked", "Used"),
    _egift(24, (5, 300), *_OFFER, "Opened", "Expired"),
    _egift(20, (5, 300), *_OFFER, "Expired and Credited"),
)
RUNNING = (
    _parcel(22, (0.1, 5.5), "Initiated", "Confirming Address"),
    _parcel(26, (0.1, 6.5), *_START),
    _parcel(14, (0.1, 3), *_START, "Fulfilling"),
    _parcel(30, (0.2, 8), *_START, "Fulfilling", "Shipped"),
    _parcel(3, (0.1, 2.6), *_START, "Paused"),
    _parcel(5, (0.2, 3), "Initiated", "Amazon Fulfilling", "Amazon Shipped"),
    _egift(40, (0.1, 40), *_OFFER),
    _egift(24, (0.1, 30), *_OFFER, "Opened"),
    _egift(10, (0.1, 20), *_OFFER, "Opened", "Clicked"),
)
STUCK = (
    _parcel(30, (7.2, 19), *_START),
    _parcel(22, (3.1, 11), *_START, "Paused"),
    _parcel(14, (0.1, 4), *_START, "Fulfilling", "Shipped", "Undeliverable"),
    _parcel(7, (0.1, 5), *_START, "Failed"),
    _parcel(5, (0.1, 6), "Initiated", "Insufficient Funds"),
    _parcel(3, (0.1, 3), "Initiated", "Out of Stock"),
    _egift(5, (0.1, 3), "Initiated", "Suspicious Email"),
    _egift(3, (0.1, 3), "Initiated", "Invalid Email Format"),
    _egift(2, (0.1, 2), *_OFFER, "Opened", "Blocked"),
)
LATE = (
    _parcel(40, (0.5, 55), *_START, "Fulfilling", "Shipped", "Delivered",
            stays={"Processing": (5, 16)}),
    _parcel(36, (0.5, 55), *_START, "Paused", "Fulfilling", "Shipped", "Delivered",
            stays={"Paused": (1, 9)}),
    _parcel(10, (0.5, 55), *_START, "Shipped", "Undeliverable", "Shipped", "Delivered",
            stays={"Undeliverable": (0.5, 6)}),
    _parcel(5, (0.5, 50), *_START, "Failed", "Canceled", stays={"Failed": (1, 8)}),
    _parcel(7, (12, 45), "Initiated", "Confirming Address"),
    # Of an offer that nobody has opened the platform gives the money back days later, or not yet.
    _egift(9, (60.2, 74), *_OFFER, offer_days=60),
    _egift(5, (56.5, 58.5), *_OFFER, offer_days=60),
    _egift(16, (0.2, 50), *_OFFER, "Expired and Credited", stays={"Sent": (62, 67)}, offer_days=60),
    _egift(9, (60.5, 90), *_OFFER, "Opened", offer_days=60),
    _egift(5, (0.2, 13), *_OFFER, "Bounced"),
    _egift(9, (0.2, 50), *_OFFER, "Bounced", "Refunded", stays={"Bounced": (1, 6)}),
)  # fmt: skip


def send(
    dice: random.Random,
    number: int,
    story: Story,
    fields: Mapping[str, Any],
    facts: Sequence[Fact],
    created: datetime,
) -> Incoming:
    """Return a made-up eGift or parcel; see `DemoSends`."""
    own: dict[str, Any] = {
        "subtype": "eGift Cards USA" if story.type == "egift" else dice.choice(_PARCELS),
        "funding_source": dice.choice(_FUNDS),
        "sent_via": dice.choice(("Sendoso.com", "Salesforce Trigger", "CSV upload")),
    }
    if story.type == "egift":
        own["expires_at"] = created + timedelta(days=story.offer_days or 90)
    elif "Shipped" in story.words:
        own |= tracked_parcel(dice)
    return Incoming(
        provider="sendoso",
        external_id=str(_FIRST_ID + number),
        type=story.type,
        fields={**fields, **own},
        facts=tuple(facts),
    )
