"""The business hours of a desk in words, as agents write them and the database keeps them."""

import re
from datetime import time
from typing import NamedTuple, Self

from models.values.calendar import WEEKDAY, WEEKDAYS, Calendar
from models.values.zones import zone_named

_MIDNIGHT = "24:00"
_CLOCK = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")
_HOURS = re.compile(r"(?P<opens>\d{1,2}(?::\d{2})?)\s*[-–]\s*(?P<closes>\d{1,2}(?::\d{2})?)")
_LONGEST_ZONE = 64


class BusinessTime(NamedTuple):
    """When a desk works: the same hours on each of its working days, in its time zone."""

    opens: str
    """`09:00`"""
    closes: str
    """Later than `opens`; `24:00` is midnight at the end of the day."""
    days: str
    """`mon,tue,wed,thu,fri`, in the order of the week."""
    zone: str
    """As `zone_named` reads it: `Europe/Berlin`."""

    @classmethod
    def read(cls, hours: str, days: str, zone: str) -> Self:
        """Read what an agent writes: `9-17:30`, `mon-fri` or `sun,mon,tue`, `Europe/Berlin`.

        Raises:
            ValueError: If one of them is none; the message is a sentence that says what to write.
        """
        found = _HOURS.fullmatch(hours.strip())
        if found is None:
            raise ValueError(f"“{hours[:20]}” is not a span of hours: write 9:00-17:30")
        name = zone.strip()
        # The zone of this computer is another one on the next.
        if name.lower() == "local" or len(name) > _LONGEST_ZONE:
            raise ValueError("write the zone by its name, as in Europe/Berlin")
        read = cls(_clock(found["opens"]), _clock(found["closes"]), _days(days), name)
        read.calendar()
        return read

    @classmethod
    def of_words(cls, words: str) -> Self:
        """Read `words` back: `09:00 to 17:30, Mon to Fri, Europe/Berlin`.

        Raises:
            ValueError: If they are none.
        """
        hours, *days, zone = words.split(", ")
        opens, _, closes = hours.partition(" to ")
        named = ",".join(days).replace(" to ", "-")
        read = cls(opens, closes, _days(named), zone)
        read.calendar()
        return read

    def calendar(self) -> Calendar:
        """Return the calendar with these days and hours, and no holidays.

        Raises:
            ValueError: If hours, days or zone are none; the message is a sentence.
        """
        is_clock = _CLOCK.fullmatch(self.opens) and (
            self.closes == _MIDNIGHT or _CLOCK.fullmatch(self.closes)
        )
        if not is_clock or self.opens >= self.closes:
            raise ValueError("a desk closes later than it opens, on the same day: write 9:00-17:30")
        closes = None if self.closes == _MIDNIGHT else time.fromisoformat(self.closes)
        return Calendar(
            zone=zone_named(self.zone),
            weekdays=frozenset(WEEKDAYS.index(day) for day in self.days.split(",")),
            opens=time.fromisoformat(self.opens),
            closes=closes,
            is_set=True,
        )

    @property
    def words(self) -> str:
        """The hours as a person says them: `09:00 to 17:30, Mon to Fri, Europe/Berlin`."""
        return f"{self.opens} to {self.closes}, {self._day_words()}, {self.zone}"

    def _day_words(self) -> str:
        days = [day.capitalize() for day in self.days.split(",")]
        places = [WEEKDAYS.index(day.lower()) for day in days]
        is_row = places == list(range(places[0], places[-1] + 1))
        return f"{days[0]} to {days[-1]}" if is_row and len(days) > 2 else ", ".join(days)


def _clock(text: str) -> str:
    hour, _, minute = text.partition(":")
    return f"{int(hour):02}:{minute or '00'}"


def _days(text: str) -> str:
    """Return the days that *text* names, `mon-fri` or `sun,mon`, in the order of the week.

    Raises:
        ValueError: If it names none.
    """
    chosen: set[int] = set()
    for part in text.lower().replace(" ", "").split(","):
        first, dash, last = part.partition("-")
        try:
            begin, end = _day(first), _day(last or first)
        except ValueError:
            raise ValueError(
                f"“{text[:40]}” are not days of the week: write mon-fri, or sun,mon,tue"
            ) from None
        length = (end - begin) % 7 if dash else 0
        chosen |= {(begin + step) % 7 for step in range(length + 1)}
    return ",".join(WEEKDAYS[place] for place in sorted(chosen))


def _day(word: str) -> int:
    if not re.fullmatch(WEEKDAY, word):
        raise ValueError(word)
    return WEEKDAYS.index(word[:3])
