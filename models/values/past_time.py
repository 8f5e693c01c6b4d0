"""Moments in the past as agents type them: `2h`, `7d`, `Tue 17:00`, `yesterday`, a date."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from models.values.calendar import WEEKDAY, WEEKDAYS, Calendar, parse_limit
from models.values.dates import is_day_alone, parse_time
from models.values.local_time import LocalTime

_CLOCK = r"(?:[01]?\d|2[0-3]):[0-5]\d"
_NAMED_DAY = rf"today|yesterday|(?:last )?(?:{WEEKDAY})"
_ISO_DAY = r"\d{4}-\d{2}-\d{2}"
_WORDS = re.compile(rf"(?P<day>{_NAMED_DAY}|{_ISO_DAY})?[\s,t]*(?P<clock>{_CLOCK})?")
_SPAN = re.compile(r"-?\s*(?P<amount>\d{1,4})\s*(?P<unit>min|m|h|d|w|bd|bh)(?: ago)?")
_UNITS = {
    **dict.fromkeys(("m", "min"), timedelta(minutes=1)),
    **{"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)},
}
_TICK = timedelta(microseconds=1)
_HELP = "write 2h, 7d, 3bd, yesterday, Tue 17:00, or 2026-01-31 14:00"


class PastSpan(NamedTuple):
    """What was meant, in UTC: one moment, or all of a day that was named without a time of day."""

    start: datetime
    end: datetime
    """Equal to `start` for one moment; of a day, the midnight after it, which may be to come."""
    is_counted_back: bool = False
    """Whether it was said how long ago it is."""

    def last(self, now: datetime) -> datetime:
        """Return the one moment, or the last one of the day; not one after *now*."""
        return self.start if self.start == self.end else min(self.end - _TICK, now)


def parse_past_time(text: str, local: LocalTime, calendar: Calendar) -> PastSpan:
    """Read a moment in the past as an agent types it.

    Known are a span back from now (`30m`, `4h`, `7d`, `2w`, `3bd`, with or without a minus), `now`, a
    time of day (today's or, if that is to come, yesterday's), a day with or without one (`today`,
    `Tue 17:00`, `2026-01-31`), and every date that `parse_time` reads. A weekday is the last one, which
    may be today. Days and times of day are those of the agent.

    Args:
        text: What was typed.
        local: The present of the agent.
        calendar: The business days and hours of the desk.

    Raises:
        ValueError: If *text* names no moment, or one that is to come; the message says what to write.
    """
    span = _read(" ".join(text.lower().split()), local, calendar)
    if span.start > local.now:
        raise ValueError("that moment is still to come")
    return span


def _read(bare: str, local: LocalTime, calendar: Calendar) -> PastSpan:
    if bare == "now":
        return PastSpan(local.now, local.now)
    if found := _SPAN.fullmatch(bare):
        amount, unit = int(found["amount"]), found["unit"]
        if unit in _UNITS:
            back = local.now - amount * _UNITS[unit]
        else:
            limit = parse_limit(f"{amount}{unit}") if amount else None
            back = calendar.before(local.now, limit) if limit else local.now
        return PastSpan(back, back, is_counted_back=True)
    try:
        if (found := _WORDS.fullmatch(bare)) and (found["day"] or found["clock"]):
            return _named(found["day"] or "", found["clock"] or "", local)
        # Zones are written in capitals.
        moment = parse_time(bare.upper(), default_zone=local.zone)
    except (ValueError, OverflowError):
        moment = None
    if moment is None:
        raise ValueError(_HELP)
    return _day(local.at(moment).date(), local) if is_day_alone(bare) else _moment(moment)


def _named(day: str, clock: str, local: LocalTime) -> PastSpan:
    """Return the last *day* at *clock*; without a clock all of the day."""
    today = local.at(local.now).date()
    at = time.fromisoformat(clock.zfill(5)) if clock else None
    if not day:
        assert at is not None
        moment = _at(today, at, local)
        return _moment(moment if moment <= local.now else _at(today - timedelta(days=1), at, local))
    if day[0].isdigit():
        meant = date.fromisoformat(day)
    elif day in ("today", "yesterday"):
        meant = today - timedelta(days=day == "yesterday")
    else:
        back = (today.weekday() - WEEKDAYS.index(day.removeprefix("last ")[:3])) % 7
        if not back and (day.startswith("last ") or (at and _at(today, at, local) > local.now)):
            back = 7
        meant = today - timedelta(days=back)
    return _day(meant, local) if at is None else _moment(_at(meant, at, local))


def _moment(moment: datetime) -> PastSpan:
    return PastSpan(moment, moment)


def _day(day: date, local: LocalTime) -> PastSpan:
    return PastSpan(_at(day, time(), local), _at(day + timedelta(days=1), time(), local))


def _at(day: date, clock: time, local: LocalTime) -> datetime:
    """Return *clock* on *day*, in UTC; of a time that clocks show twice the first."""
    return datetime.combine(day, clock, local.zone).astimezone(UTC)
