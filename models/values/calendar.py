"""Limits in hours, days and business days, and the calendar that says when they are over."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Literal

Clock = Callable[[], datetime]
"""Returns the present moment as an aware UTC time."""
Unit = Literal["h", "d", "bd"]
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""The days of the week as agents write them, in the order of `date.weekday`."""

_LIMIT = re.compile(r"(?P<amount>[0-9]{1,4})(?P<unit>h|d|w|bd)")
_LARGEST = 9999
"""The largest amount of a limit, in its unit."""
_WORDS: dict[Unit, str] = {"h": "hour", "d": "day", "bd": "business day"}
_SPANS = (
    (timedelta(days=1), "day"),
    (timedelta(hours=1), "hour"),
    (timedelta(minutes=1), "minute"),
)


def utc_now() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Limit:
    """How long something may take; an amount of 0 means "at once"."""

    amount: int
    unit: Unit = "d"
    """`h` is an hour, `d` a day of 24 hours, `bd` a business day."""

    @property
    def at_once(self) -> bool:
        """Whether it leaves no time at all."""
        return self.amount == 0

    def __str__(self) -> str:
        return "now" if self.at_once else f"{self.amount}{self.unit}"

    @property
    def words(self) -> str:
        """The limit as a person says it: `7 days`, `at once`."""
        if self.at_once:
            return "at once"
        return f"{self.amount} {_WORDS[self.unit]}{'' if self.amount == 1 else 's'}"


AT_ONCE = Limit(0)


def parse_limit(text: str) -> Limit | None:
    """Read `7d`, `2w`, `36h`, `3bd`, `now` or `off`; weeks become days, and `off` gives None.

    Raises:
        ValueError: If *text* is none of these.
    """
    word = text.strip().lower()
    if word == "off":
        return None
    if word == "now":
        return AT_ONCE
    found = _LIMIT.fullmatch(word)
    amount = int(found["amount"]) * (7 if found["unit"] == "w" else 1) if found else _LARGEST + 1
    if found is None or amount > _LARGEST:
        raise ValueError(f"“{text[:20]}” is no limit: write 7d, 3bd, 36h, now or off")
    match found["unit"]:
        case "h":
            return Limit(amount, "h")
        case "bd":
            return Limit(amount, "bd")
        case _:
            return Limit(amount)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The business days of the providers' support: Monday to Friday, except holidays."""

    zone: tzinfo = UTC
    """Where days begin and end."""
    holidays: frozenset[date] = frozenset()
    """Dates in that zone."""

    def is_business_day(self, day: date) -> bool:
        """Whether *day* is neither a weekend day nor a holiday."""
        return day.weekday() < 5 and day not in self.holidays

    def after(self, since: datetime, limit: Limit) -> datetime:
        """Return the moment, in UTC, when *limit* has passed since *since*.

        A day is 24 hours. Business days keep the local time of day; from a day that is none, they
        are counted from the beginning of the next business day.

        Args:
            since: An aware moment.
            limit: What has to pass.
        """
        if limit.unit == "bd" and not limit.at_once:
            return self._after_business_days(since, limit.amount)
        return since + timedelta(**{"hours" if limit.unit == "h" else "days": limit.amount})

    def _after_business_days(self, since: datetime, days: int) -> datetime:
        local = since.astimezone(self.zone)
        day, hour = local.date(), local.timetz().replace(tzinfo=None)
        if not self.is_business_day(day):
            day, hour = self._next_business_day(day), time()
        for _ in range(days):
            day = self._next_business_day(day)
        return datetime.combine(day, hour, self.zone).astimezone(UTC)

    def _next_business_day(self, day: date) -> date:
        day += timedelta(days=1)
        while not self.is_business_day(day):
            day += timedelta(days=1)
        return day


def age(span: timedelta) -> str:
    """Return *span* in its largest whole unit as lists show it: `18d`, `5h`, `12m`.

    A negative span means that a clock is wrong somewhere and says so.
    """
    if span < timedelta():
        return "clock?"
    for unit, letter in ((timedelta(days=1), "d"), (timedelta(hours=1), "h")):
        if span >= unit:
            return f"{span // unit}{letter}"
    return f"{span // timedelta(minutes=1)}m"


def span_words(span: timedelta) -> str:
    """Return *span* in its largest whole unit: `11 days`, `1 hour`, `less than a minute`.

    A negative span, which only a wrong clock makes, counts as none.
    """
    for unit, word in _SPANS:
        if (count := span // unit) > 0:
            return f"{count} {word}{'' if count == 1 else 's'}"
    return "less than a minute"
