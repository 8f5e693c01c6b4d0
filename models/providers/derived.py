"""Statuses that a provider does not report, but that follow from what it does."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from models.records import Shipment


class Derived(NamedTuple):
    """A status that the desk derives."""

    slug: str
    at: datetime
    """When it began, in UTC."""


Derive = Callable[[str, datetime | None, Sequence[Shipment], datetime], Derived | None]
"""Returns the derived status for a reported one, the end date, the shipments and the present, or None."""


def nothing(
    said: str, expires_at: datetime | None, shipments: Sequence[Shipment], now: datetime
) -> None:
    """Derive nothing."""
