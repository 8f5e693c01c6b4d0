"""Scripts of days: which status a send comes to, and how many days after it was created."""

from collections.abc import Sequence
from types import MappingProxyType

Script = tuple[tuple[float, str], ...]
"""Statuses as the API words them, each with the days from the creation on."""

EVENTS = MappingProxyType(
    {
        "pending": "initiated",
        "Sent": "sent",
        "Opened": "opened",
        "Clicked": "clicked",
        "Used": "redeemed",
        "Expired": "expired",
        "Expired and Credited": "refunded",
        "Refunded": "refunded",
        "Bounced and Credited": "bounced",
        "Collecting recipient info": "confirming_address",
        "Confirming Address": "confirming_address",
        "Address Confirmation - Cancelled": "confirmation_canceled",
        "Processing": "order_received",
        "Packed": "fulfilling",
        "Shipped": "shipped",
        "Delivered": "delivered",
        "Paused": "fulfillment_issue",
        "Undeliverable": "undeliverable",
        "Cancelled": "canceled",
        "Failed": "failed",
    }
)
"""The status of the API and the event of the webhook that tells of it."""
OTHER_EVENTS = (
    "amazon_fulfilling",
    "amazon_shipped",
    "insufficient_funds",
    "invalid_email_format",
    "suspicious_email",
    "out_of_stock",
    "pending_approval",
    "pending_sendoso_approval",
    "blocked",
    "email_blacklist",
)
"""Events without a status in the API: a status of this name can be given by hand."""
ALL_EVENTS = (*dict.fromkeys(EVENTS.values()), *OTHER_EVENTS)

EGIFTS = MappingProxyType[str, Script](
    {
        "used": ((0, "Sent"), (0.3, "Opened"), (0.31, "Clicked"), (0.32, "Used")),
        "unopened": ((0, "Sent"), (30, "Expired and Credited")),
        "opened": ((0, "Sent"), (1.2, "Opened"), (90, "Expired")),
        "clicked": ((0, "Sent"), (0.5, "Opened"), (0.6, "Clicked"), (90, "Expired")),
        "bounced": ((0, "Sent"), (0.01, "Bounced and Credited")),
    }
)
PARCELS = MappingProxyType[str, Script](
    {
        "confirmed": (
            (0, "Confirming Address"), (2, "Processing"), (4, "Packed"), (5, "Shipped"), (9, "Delivered"),
        ),
        "addressed": ((0, "Processing"), (2, "Packed"), (3, "Shipped"), (6, "Delivered")),
        "slow": ((0, "Processing"), (12, "Packed"), (13, "Shipped"), (18, "Delivered")),
        "paused": (
            (0, "Processing"), (2, "Paused"), (9, "Packed"), (10, "Shipped"), (14, "Delivered"),
        ),
        "undeliverable": (
            (0, "Processing"), (2, "Packed"), (3, "Shipped"), (8, "Undeliverable"), (20, "Refunded"),
        ),
        "unconfirmed": ((0, "Confirming Address"), (5, "Address Confirmation - Cancelled")),
        "failed": ((0, "pending"), (0.1, "Failed")),
        "canceled": ((0, "Confirming Address"), (1, "Cancelled"), (2, "Refunded")),
    }
)  # fmt: skip
STORIES = MappingProxyType[str, Script]({**EGIFTS, **PARCELS})
"""Every script by its name."""


def event_of(status: str) -> str:
    """Return the event that tells of *status*; a word that is not known is its own."""
    return EVENTS.get(status) or status.lower().replace(" ", "_")


def checked(script: object) -> Script:
    """Return a script that somebody has sent as JSON: `[[0, "Sent"], [1.5, "Opened"]]`.

    Raises:
        ValueError: If it is none.
    """
    if not isinstance(script, Sequence) or isinstance(script, str) or not script:
        raise ValueError("no script")
    steps = []
    for step in script:
        match step:
            case [int() | float() as days, str() as status] if 0 <= days <= 3650 and status.strip():
                steps.append((float(days), status))
            case _:
                raise ValueError("no step")
    if [days for days, _ in steps] != sorted(days for days, _ in steps):
        raise ValueError("not in order")
    return tuple(steps)
