"""Moments in the future as agents type and choose them: `4h`, `2bd`, `tomorrow 9:00`, `mon`, a date."""

import re
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta

from models.values.calendar import WEEKDAY, WEEKDAYS, Calendar, parse_limit
from models.values.dates import is_day_alone, parse_time
from models.values.local_time import LocalTime

_MORNING = time(9)
"""The time of day of a day that is named without one."""
_WEEKDAY = rf"(?:next )?(?:{WEEKDAY})"
_WORDS = re.compile(
    rf"(?P<day>today|tomorrow|{_WEEKDAY})?\s*(?P<clock>(?:[01]?\d|2[0-3]):[0-5]\d)"
    rf"|(?P<only>tomorrow|{_WEEKDAY})"
)
_LIMIT = re.compile(r"\d{1,4}\s*(?:h|d|w|bd)")
_DAY = re.compile(r"(?P<day>\d{4}-\d\d-\d\d)(?:[ t](?P<clock>\d?\d:\d\d))?")
_MINUTES = re.compile(r"(\d{1,4})\s*(?:m|min|minutes?)")


def parse_future_time(text: str, local: LocalTime, calendar: Calendar) -> datetime:
    """Read a moment in the future as an agent types it.

    Known are a span from now (`30m`, `4h`, `3d`, `1w`, `2bd`), a time of day (`9:00`: today or, if that is
    past, tomorrow), a day with or without one (`today 17:00`, `tomorrow`, `next fri 9:00`), and every
    date that `parse_time` reads. `mon` and `next mon` both mean the next Monday, never today; without
    a time of day, nine in the morning is meant. Days and times of day are those of the agent.

    Args:
        text: What was typed.
        local: The present of the agent.
        calendar: The business days and hours of the desk.

    Returns:
        The moment, in UTC.

    Raises:
        ValueError: If *text* names no moment, or one that is past; the message says what to write.
    """
    moment = _read(" ".join(text.lower().split()), local, calendar)
    if moment <= local.now:
        raise ValueError("that moment is past")
    return moment


def tomorrow(local: LocalTime) -> datetime:
    """Return the agent's tomorrow at nine, in UTC."""
    return _at(_day(local, 1), _MORNING, local)


def next_workday(local: LocalTime, calendar: Calendar) -> datetime:
    """Return the next business day after the agent's today, at the agent's nine, in UTC."""
    ahead = 1
    while not calendar.is_business_day(_day(local, ahead)):
        ahead += 1
    return _at(_day(local, ahead), _MORNING, local)


def next_monday(local: LocalTime) -> datetime:
    """Return the agent's next Monday, never today, at nine, in UTC."""
    return _on("mon", _MORNING, local)


def _read(bare: str, local: LocalTime, calendar: Calendar) -> datetime:
    if _LIMIT.fullmatch(bare):
        limit = parse_limit(bare.replace(" ", ""))
        assert limit is not None
        return calendar.after(local.now, limit)
    if found := _MINUTES.fullmatch(bare):
        return local.now + timedelta(minutes=int(found[1]))
    if found := _WORDS.fullmatch(bare):
        clock = time.fromisoformat(found["clock"].zfill(5)) if found["clock"] else _MORNING
        return _on(found["day"] or found["only"] or "", clock, local)
    if found := _DAY.fullmatch(bare):
        with suppress(ValueError):
            clock = time.fromisoformat(found["clock"].zfill(5)) if found["clock"] else _MORNING
            return _at(date.fromisoformat(found["day"]), clock, local)
    try:
        # Zones are written in capitals.
        moment = parse_time(bare.upper(), default_zone=local.zone)
    except ValueError:
        moment = None
    if moment is None:
        raise ValueError("write 30m, 4h, 2bd, 3d, tomorrow 9:00, mon, or 2026-01-31 14:00")
    return _at(local.at(moment).date(), _MORNING, local) if is_day_alone(bare) else moment


def _on(day: str, clock: time, local: LocalTime) -> datetime:
    """Return *clock* on the named day, in UTC; without a day, today or, if that is past, tomorrow.

    Args:
        day: `today`, `tomorrow`, a weekday with or without `next`, or an empty string.
        clock: The time of day.
        local: The present of the agent.
    """
    if day == "tomorrow":
        return _at(_day(local, 1), clock, local)
    if day and day != "today":
        wanted = WEEKDAYS.index(day.removeprefix("next ")[:3])
        ahead = (wanted - _day(local, 0).weekday() - 1) % 7 + 1
        return _at(_day(local, ahead), clock, local)
    today = _at(_day(local, 0), clock, local)
    return today if day or today > local.now else _at(_day(local, 1), clock, local)


def _day(local: LocalTime, ahead: int) -> date:
    return local.at(local.now).date() + timedelta(days=ahead)


def _at(day: date, clock: time, local: LocalTime) -> datetime:
    """Return *clock* on *day*, in UTC.

    A time that clocks skip is as far behind the change as it is into the hour that is missing. Of one
    that they show twice it is the first that is not past.
    """
    first, second = (
        datetime.combine(day, clock.replace(fold=fold), local.zone).astimezone(UTC)
        for fold in (0, 1)
    )
    return second if first <= local.now < second else first
