"""Moments in the future as agents type and choose them: `4h`, `2bd`, `tomorrow 9:00`, `mon`, a date."""

import re
from datetime import UTC, datetime, time, timedelta

from models.values.calendar import WEEKDAYS, Calendar, parse_limit
from models.values.dates import parse_time

_MORNING = time(9)
"""The time of day of a day that is named without one."""
_WEEKDAY = rf"(?:next )?(?:{'|'.join(WEEKDAYS)})[a-z]*"
_WORDS = re.compile(
    rf"(?P<day>today|tomorrow|{_WEEKDAY})?\s*(?P<clock>(?:[01]?\d|2[0-3]):[0-5]\d)"
    rf"|(?P<only>tomorrow|{_WEEKDAY})"
)
_LIMIT = re.compile(r"\d{1,4}\s*(?:h|d|w|bd)")


def parse_future_time(text: str, now: datetime, calendar: Calendar) -> datetime:
    """Read a moment in the future as an agent types it.

    Known are a span from now (`4h`, `3d`, `1w`, `2bd`), a time of day (`9:00`: today or, if that is
    past, tomorrow), a day with or without one (`today 17:00`, `tomorrow`, `next fri 9:00`), and every
    date that `parse_time` reads. `mon` and `next mon` both mean the next Monday, never today; without
    a time of day, nine in the morning is meant.

    Args:
        text: What was typed.
        now: The present, in UTC.
        calendar: Business days, and the time zone of days and times of day.

    Returns:
        The moment, in UTC.

    Raises:
        ValueError: If *text* names no moment, or one that is past; the message says what to write.
    """
    moment = _read(" ".join(text.lower().split()), now, calendar)
    if moment <= now:
        raise ValueError("that moment is past")
    return moment


def tomorrow(now: datetime, calendar: Calendar) -> datetime:
    """Return tomorrow at nine in the time zone of *calendar*, as a moment in UTC."""
    return _at(now.astimezone(calendar.zone) + timedelta(days=1), _MORNING)


def next_workday(now: datetime, calendar: Calendar) -> datetime:
    """Return the next business day after today, at nine in the time zone of *calendar*, in UTC."""
    day = now.astimezone(calendar.zone) + timedelta(days=1)
    while not calendar.is_business_day(day.date()):
        day += timedelta(days=1)
    return _at(day, _MORNING)


def next_monday(now: datetime, calendar: Calendar) -> datetime:
    """Return the next Monday, never today, at nine in the time zone of *calendar*, in UTC."""
    local = now.astimezone(calendar.zone)
    return _at(local + timedelta(days=7 - local.weekday()), _MORNING)


def local_words(moment: datetime, calendar: Calendar) -> str:
    """Return *moment* in the time zone of *calendar*: `Tue 25 Nov 09:00`."""
    return f"{moment.astimezone(calendar.zone):%a %d %b %H:%M}"


def _read(bare: str, now: datetime, calendar: Calendar) -> datetime:
    if _LIMIT.fullmatch(bare):
        limit = parse_limit(bare.replace(" ", ""))
        assert limit is not None
        return calendar.after(now, limit)
    if found := _WORDS.fullmatch(bare):
        clock = time.fromisoformat(found["clock"].zfill(5)) if found["clock"] else _MORNING
        return _on(found["day"] or found["only"] or "", clock, now.astimezone(calendar.zone))
    try:
        moment = parse_time(bare, default_zone=calendar.zone)
    except ValueError:
        moment = None
    if moment is None:
        raise ValueError("write 4h, 2bd, 3d, tomorrow 9:00, mon, or 2026-01-31 14:00")
    return moment


def _on(day: str, clock: time, local: datetime) -> datetime:
    """Return *clock* on the named day, in UTC; without a day, today or, if that is past, tomorrow.

    Args:
        day: `today`, `tomorrow`, a weekday with or without `next`, or an empty string.
        clock: The time of day.
        local: The present in the agent's time zone, which is also that of *clock*.
    """
    if day == "today":
        return _at(local, clock)
    if day == "tomorrow":
        return _at(local + timedelta(days=1), clock)
    if day:
        wanted = WEEKDAYS.index(day.removeprefix("next ")[:3])
        return _at(local + timedelta(days=(wanted - local.weekday() - 1) % 7 + 1), clock)
    days = 0 if clock > local.timetz().replace(tzinfo=None) else 1
    return _at(local + timedelta(days=days), clock)


def _at(day: datetime, clock: time) -> datetime:
    return datetime.combine(day.date(), clock, day.tzinfo).astimezone(UTC)
