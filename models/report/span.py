"""The days that a report is about, and those before it that it is compared with."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Final

from models.errors import BadQuery
from models.values.calendar import Calendar
from models.values.local_time import LocalTime
from models.values.past_time import parse_past_time
from models.values.text import display_text

USUAL: Final = "30d"
"""The span of a report for which nobody names one."""
MOST_DAYS: Final = 3660
_SHOWN: Final = 40


@dataclass(frozen=True)
class Span:
    """Whole days in UTC, the last of which is today and not over."""

    first: date
    now: datetime
    """The present, in UTC."""

    @property
    def last(self) -> date:
        """Today."""
        return self.now.astimezone(UTC).date()

    @property
    def days(self) -> int:
        """How many days there are."""
        return (self.last - self.first).days + 1

    @property
    def first_before(self) -> date:
        """The first of as many days before these."""
        return self.first - timedelta(days=self.days)

    # Each row of a report is compared with these two.
    @cached_property
    def since(self) -> datetime:
        """The first moment, in UTC."""
        return _midnight(self.first)

    @cached_property
    def since_before(self) -> datetime:
        """The first moment of the days before."""
        return _midnight(self.first_before)


def parse_span(text: str, local: LocalTime, calendar: Calendar) -> Span:
    """Read since when a report is wanted: `30d`, `2w`, `today`, `2026-01-31`.

    `30d` are thirty days with today as the last. The days are those of UTC, so that all agents of a team
    read the same numbers.

    Args:
        text: What was typed.
        local: The present of the agent.
        calendar: The business days and hours of the desk.

    Raises:
        BadQuery: If it names no day that has passed, or one too long ago.
    """
    try:
        meant = parse_past_time(text, local, calendar)
    except (ValueError, OverflowError) as error:
        raise BadQuery(
            f"A report cannot begin at “{display_text(text, _SHOWN)}”: write 30d, 2w, today or 2026-01-31."
        ) from error
    today = local.now.astimezone(UTC).date()
    # What is counted back from now begins within a day, which is left out: of `1d` is today left.
    first = local.at(meant.start).date() + timedelta(days=meant.is_counted_back)
    span = Span(min(first, today), local.now)
    if span.days > MOST_DAYS:
        raise BadQuery("A report goes back ten years at most.")
    return span


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
