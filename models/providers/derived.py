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
    limit_from: datetime | None = None
    """From when its limit runs, in UTC, if not from its beginning."""


class Known(NamedTuple):
    """What is known of a send besides the status that is reported; all times are aware UTC."""

    scheduled_at: datetime | None = None
    """When it is to be sent, or None if that is at once."""
    shipments: Sequence[Shipment] = ()


Derive = Callable[[str, Known, datetime], Derived | None]
"""Returns the derived status for a reported one, what else is known, and the present, or None."""


def nothing(said: str, known: Known, now: datetime) -> None:
    """Derive nothing."""
