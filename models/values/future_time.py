"""Moments ahead as agents type and choose them: `4h`, `2bd`, `tomorrow 9:00`, `mon`, a date."""

import re
from datetime import UTC, datetime, time, timedelta

from models.values.calendar import Calendar, parse_limit
from models.values.dates import parse_time

_MORNING = time(9)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WORDS = re.compile(
    r"(?P<day>today|tomorrow|(?:next )?(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*)?"
    r"\s*(?P<clock>(?:[01]?\d|2[0-3]):[0-5]\d)|(?P<only>tomorrow|(?:next )?(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*)"
)
_LIMIT = re.compile(r"\d{1,4}\s*(?:h|d|w|bd)")


def ahead(text: str, now: datetime, calendar: Calendar) -> datetime:
    """Return the moment, in UTC, that *text* names in the time zone of *calendar*.

    Raises:
        ValueError: If it names none, or one that is past; the message says what to write.
    """
    moment = _read(" ".join(text.lower().split()), now, calendar)
    if moment <= now:
        raise ValueError("that moment is past")
    return moment


def tomorrow(now: datetime, calendar: Calendar) -> datetime:
    """Return tomorrow at nine, in UTC."""
    return _at(now.astimezone(calendar.zone) + timedelta(days=1), _MORNING)


def next_monday(now: datetime, calendar: Calendar) -> datetime:
    """Return the Monday to come at nine, in UTC."""
    local = now.astimezone(calendar.zone)
    return _at(local + timedelta(days=7 - local.weekday()), _MORNING)


def said(moment: datetime, calendar: Calendar) -> str:
    """Return *moment* in the agent's time zone: `Tue 25 Nov 09:00`."""
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
    """Return *clock* on the named day; without a day, today or else tomorrow."""
    if day == "today":
        return _at(local, clock)
    if day == "tomorrow":
        return _at(local + timedelta(days=1), clock)
    if day:
        wanted = _WEEKDAYS.index(day.removeprefix("next ")[:3])
        return _at(local + timedelta(days=(wanted - local.weekday() - 1) % 7 + 1), clock)
    days = 0 if clock > local.timetz().replace(tzinfo=None) else 1
    return _at(local + timedelta(days=days), clock)


def _at(day: datetime, clock: time) -> datetime:
    return datetime.combine(day.date(), clock, day.tzinfo).astimezone(UTC)
