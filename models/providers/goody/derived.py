"""The statuses that follow from more than the status of an order: its end date, its shipments."""

from collections.abc import Sequence
from datetime import datetime

from models.providers.derived import Derived
from models.records import Shipment

FAILED = frozenset({"failed", "failed_unset_tracking"})
"""The statuses of a shipment that failed and is not replaced."""
_OPEN = frozenset({"created", "notified", "opened"})
_UNDER_WAY = frozenset({"accepted", "paid", "ordered", "shipped"})


def derived(
    said: str, expires_at: datetime | None, shipments: Sequence[Shipment], now: datetime
) -> Derived | None:
    """Return the status that an order has beyond its own, or None.

    Args:
        said: The slug of the order's own status.
        expires_at: By when it has to be accepted, in UTC; None if it never ends.
        shipments: Its shipments.
        now: The present, in UTC.
    """
    if said in _OPEN and expires_at is not None and expires_at < now:
        return Derived("expired", expires_at)
    if said in _UNDER_WAY and any(each.status in FAILED for each in shipments):
        return Derived("shipment_failed", now)
    return None
