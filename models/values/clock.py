"""The present moment, and what tells it."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Returns the present moment as an aware UTC time."""


def utc_now() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)
