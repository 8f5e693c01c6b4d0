"""Limits in hours, days, business days and business hours, and the calendar that says when they are over."""

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Literal, NamedTuple

Unit = Literal["h", "d", "bd", "bh"]
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""The days of the week as agents write them, in the order of `date.weekday`."""
_DAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WEEKDAY = "|".join(name[:end] for name in _DAY_NAMES for end in range(len(name), 2, -1))
"""The pattern of a day of the week, written out or with its first three letters or more."""

USUAL_HOURS = (time(9), time(17))
"""When a desk opens and closes that has not said so."""
_RESOLUTION = timedelta(microseconds=1)
"""The smallest step between two times that the databases store."""
_EARLIEST = datetime(1, 1, 3, tzinfo=UTC)
_LIMIT = re.compile(r"(?P<amount>[0-9]{1,4})(?P<unit>h|d|w|bd|bh)")
_LARGEST = 9999
"""The largest amount of a limit, in its unit."""
_WORDS: dict[Unit, str] = {
    "h": "hour",
    "d": "day",
    "bd": "business day",
    "bh": "business hour",
}
_SPANS = (
    (timedelta(days=1), "day"),
    (timedelta(hours=1), "hour"),
    (timedelta(minutes=1), "minute"),
)


class Limit(NamedTuple):
    """How long something may take; an amount of 0 means "at once"."""

    amount: int
    unit: Unit = "d"
    """`h` is an hour, `d` a day of 24 hours, `bd` a business day, `bh` an hour of business."""

    @property
    def at_once(self) -> bool:
        """Whether it leaves no time at all."""
        return self.amount == 0

    def __str__(self) -> str:
        return "now" if self.at_once else f"{self.amount}{self.unit}"

    @property
    def is_of_business(self) -> bool:
        """Whether the calendar decides when it is over."""
        return self.unit in ("bd", "bh") and not self.at_once

    @property
    def words(self) -> str:
        """The limit as a person says it: `7 days`, `at once`."""
        if self.at_once:
            return "at once"
        return f"{self.amount} {_WORDS[self.unit]}{'' if self.amount == 1 else 's'}"


AT_ONCE = Limit(0)


def parse_limit(text: str) -> Limit | None:
    """Read `7d`, `2w`, `36h`, `3bd`, `16bh`, `now` or `off`; weeks become days, and `off` gives None.

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
        raise ValueError(f"“{text[:20]}” is not a limit: write 7d, 3bd, 36h, 16bh, now or off")
    match found["unit"]:
        case "h":
            return Limit(amount, "h")
        case "bd":
            return Limit(amount, "bd")
        case "bh":
            return Limit(amount, "bh")
        case _:
            return Limit(amount)


class Calendar(NamedTuple):
    """The business days and hours of a desk: Monday to Friday around the clock, unless it says otherwise."""

    zone: tzinfo = UTC
    """Where days begin and end, and whose clocks the hours are of."""
    holidays: frozenset[date] = frozenset()
    """Dates in that zone."""
    weekdays: frozenset[int] = frozenset(range(5))
    """The working days, at least one, as `date.weekday` counts them."""
    opens: time = time()
    closes: time | None = None
    """Later than `opens`; None for midnight at the end of the day."""
    is_set: bool = False
    """Whether the desk has set its days and hours."""
    reader_zone: tzinfo | None = None
    """The zone of the agent who names dates, where that is not the desk's."""

    @property
    def date_zone(self) -> tzinfo:
        """Where a date that somebody names begins and ends."""
        return self.reader_zone or self.zone

    def or_usual(self, zone: tzinfo) -> "Calendar":
        """Return these days and hours, or where none are set the usual ones: nine to five in *zone*.

        It is for moments that an agent chooses. A desk that has set nothing has limits that are due at
        any hour, but nobody wants to be reminded of something at night.
        """
        if self.is_set:
            return self
        return self._replace(zone=zone, opens=USUAL_HOURS[0], closes=USUAL_HOURS[1])

    def is_business_day(self, day: date) -> bool:
        """Whether *day* is a working day and no holiday."""
        return day.weekday() in self.weekdays and day not in self.holidays

    def after(self, since: datetime, limit: Limit) -> datetime:
        """Return the moment, in UTC, when *limit* has passed since *since*.

        A day is 24 hours. Business days end at the local time of day at which they began; what begins
        outside business hours counts from when they next open. Business hours count only while it is
        open.

        Args:
            since: An aware moment.
            limit: What has to pass.
        """
        if limit.is_of_business:
            if limit.unit == "bh":
                return self._after_business_hours(since, timedelta(hours=limit.amount))
            return self._after_business_days(since, limit.amount)
        return since + timedelta(**{"hours" if limit.unit == "h" else "days": limit.amount})

    def before(self, moment: datetime, limit: Limit) -> datetime:
        """Return the time before which every start is more than *limit*, one of business, before *moment*.

        It is the inverse of `after`: a start is earlier than the result exactly if its limit is over
        before *moment*.
        """
        if limit.unit == "bh":
            return self._before_business_hours(moment, timedelta(hours=limit.amount))
        day, hour = self._first_open(moment)
        for _ in range(limit.amount):
            day = self._business_day(day, -1)
        if hour > self.opens:
            return self._moment(day, hour)
        # Whatever began since the close of the day before counts from this opening.
        return self._closing(self._business_day(day, -1))

    def _after_business_days(self, since: datetime, days: int) -> datetime:
        day, hour = self._first_open(since)
        for _ in range(days):
            day = self._business_day(day, 1)
        return self._moment(day, hour)

    def _first_open(self, moment: datetime) -> tuple[date, time]:
        """Return local day and time of the first moment from *moment* on at which it is open."""
        local = self._local(moment)
        day, hour = local.date(), local.time()
        if not self.is_business_day(day) or (self.closes is not None and hour >= self.closes):
            return self._business_day(day, 1), self.opens
        return day, max(hour.replace(fold=0), self.opens)

    def _after_business_hours(self, since: datetime, left: timedelta) -> datetime:
        day = self._local(since).date()
        if not self.is_business_day(day):
            day = self._business_day(day, 1)
        while True:
            begin, end = max(self._opening(day), since), self._closing(day)
            if end - begin >= left:
                return begin.astimezone(UTC) + left
            left -= max(end - begin, timedelta())
            day = self._business_day(day, 1)

    def _before_business_hours(self, moment: datetime, left: timedelta) -> datetime:
        day = self._local(moment).date()
        is_open = any(
            self.is_business_day(each) and self._opening(each) < moment <= self._closing(each)
            for each in (day, day - timedelta(days=1))
        )
        if not self.is_business_day(day):
            day = self._business_day(day, -1)
        while True:
            begin, end = self._opening(day), min(self._closing(day), moment)
            if end - begin > left or (end - begin == left and not is_open):
                # Outside business hours, what is over at the close is over before *moment*.
                return end - left + (timedelta() if is_open else _RESOLUTION)
            if end - begin == left:
                return self._closing(self._business_day(day, -1))
            left -= max(end - begin, timedelta())
            day = self._business_day(day, -1)

    def _opening(self, day: date) -> datetime:
        return self._moment(day, self.opens)

    def _closing(self, day: date) -> datetime:
        if self.closes is None:
            return self._moment(day + timedelta(days=1), time())
        return self._moment(day, self.closes)

    def _moment(self, day: date, hour: time) -> datetime:
        return datetime.combine(day, hour, self.zone).astimezone(UTC)

    def _local(self, moment: datetime) -> datetime:
        # The beginning of all calendars, which stands for an unknown time, is in no zone west of UTC.
        return max(moment, _EARLIEST).astimezone(self.zone)

    def _business_day(self, day: date, step: int) -> date:
        """Return the first business day after *day*, or before it if *step* is -1."""
        day += timedelta(days=step)
        while not self.is_business_day(day):
            day += timedelta(days=step)
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
