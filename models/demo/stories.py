"""What happens to made-up sends: ways through the lifecycle and how common each is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Story:
    """One way through the lifecycle, up to where the send stands now."""

    provider: str
    type: str
    words: tuple[str, ...]
    """The platform's words, first to last."""
    weight: float
    """How common it is."""
    days: tuple[float, float]
    """The least and the most time in the last status."""


_START = ("Initiated", "Confirming Address", "Processing")
_OFFER = ("Initiated", "Sent")
_GOODY = ("created", "notified", "opened", "accepted", "paid")


def _parcel(weight: float, days: tuple[float, float], *words: str) -> Story:
    return Story("sendoso", "Inventoried Sends", words, weight, days)


def _egift(weight: float, days: tuple[float, float], *words: str) -> Story:
    return Story("sendoso", "eGifts USA", words, weight, days)


def _order(weight: float, days: tuple[float, float], *words: str) -> Story:
    return Story("goody", "order", words, weight, days)


FINISHED = (
    _parcel(300, (2, 300), *_START, "Fulfilling", "Shipped", "Delivered"),
    _parcel(12, (5, 300), "Initiated", "Confirming Address", "Address Confirmation - Cancelled"),
    _parcel(10, (5, 300), *_START, "Canceled"),
    _parcel(6, (5, 300), *_START, "Shipped", "Undeliverable", "Refunded"),
    _egift(170, (2, 300), *_OFFER, "Opened", "Clicked", "Used"),
    _egift(24, (5, 300), *_OFFER, "Opened", "Expired"),
    _egift(20, (5, 300), *_OFFER, "Expired and Credited"),
    _order(200, (2, 300), *_GOODY, "shipped", "delivered"),
    _order(10, (5, 300), "created", "notified", "canceled"),
)
"""Sends that nobody waits for."""
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
    _order(22, (0.1, 20), "created", "notified"),
    _order(14, (0.1, 12), "created", "notified", "opened"),
    _order(16, (0.1, 5), *_GOODY),
    _order(6, (0.1, 3), *_GOODY, "ordered"),
    _order(26, (0.2, 6), *_GOODY, "shipped"),
)
"""Sends on their way, within their limits."""
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
    _order(6, (0.1, 4), "created", "notified", "opened", "accepted", "pending_payment"),
    _order(1, (0.1, 2), *_GOODY, "awaiting_artwork"),
)
"""Sends that need a person; one platform word among them is unknown."""
