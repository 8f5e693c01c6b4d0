"""The business hours and holidays of the desk, and what they change about sends.

Each change is written to the log in `changes`, and derives anew the sends whose limit is in business days
or hours. `models.desk.Desk` has a method for each function here.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import NamedTuple

import sqlalchemy as sa

from models.database import Database
from models.errors import DeskError, NothingToDo
from models.store import tables
from models.store.tables import col
from models.team import changes
from models.team.recompute import recompute_of_business
from models.values.business_time import BusinessTime
from models.values.text import storable

YEARS_BACK, YEARS_AHEAD = 1, 10
"""The years for which the holidays of a region are stored, from the one in which it is chosen."""
_NAME_KEPT = 200
"""The most characters stored of a name or a value."""
_UNNAMED = "a day off"
_HOURS = "business hours"
_HOLIDAYS = "holidays"


class Holiday(NamedTuple):
    """A day on which the desk does not work."""

    day: date
    name: str
    region: str
    """The country or part of one it came with, `DE-BY`; empty for a day that somebody added."""


def business_time(database: Database) -> BusinessTime | None:
    """Return the hours and days that the desk has set; None if it has not, or they cannot be read.

    Raises:
        DeskUnavailable: If the database cannot be read.
    """
    with database.read() as connection:
        stored = _stored_time(connection)
    try:
        if stored is not None:
            stored.calendar()
    except (ValueError, TypeError, AttributeError):
        return None
    return stored


def set_business_time(
    database: Database, hours: BusinessTime | None, agent: str, now: datetime
) -> int:
    """Set hours, days and zone of the desk and return how many sends that moves.

    If it stops on the way, calling it again completes it.

    Args:
        database: An open database.
        hours: As `BusinessTime.read` returns them; None for Monday to Friday around the clock in UTC.
        agent: Who sets them.
        now: The present, in UTC.

    Raises:
        DeskError: If they cannot be used.
        ReadOnly: If the database was opened for reading.
        DeskUnavailable: If it cannot be read or written.
    """
    words = ""
    try:
        if hours is not None:
            hours.calendar()
            words = hours.words
    except ValueError as problem:
        raise DeskError(f"{str(problem)[:1].upper()}{str(problem)[1:]}.") from None
    with database.write() as connection:
        before = _stored_time(connection)
        connection.execute(sa.delete(tables.BusinessHours))
        if hours is not None:
            by = {"set_by": storable(agent, _NAME_KEPT), "set_at": now}
            kept = tables.BusinessHours.model_validate({"only_row": 1, **hours._asdict(), **by})
            connection.execute(sa.insert(tables.BusinessHours), kept.model_dump())
        _log(connection, agent, now, _HOURS, _words(before), words)
    return recompute_of_business(database)


def holidays(database: Database) -> tuple[Holiday, ...]:
    """Return every holiday that can be read, the earliest first.

    Raises:
        DeskUnavailable: If the database cannot be read.
    """
    row = tables.Holiday
    wanted = sa.select(col(row.day), col(row.name), col(row.region)).order_by(col(row.day))
    found = []
    with database.read() as connection:
        for day, name, region in connection.execute(wanted):
            try:
                found.append(Holiday(date.fromisoformat(day), str(name), str(region)))
            except (ValueError, TypeError):
                # `Desk.left_out` names it.
                continue
    return tuple(found)


def choose_region(database: Database, code: str, agent: str, now: datetime) -> int:
    """Store the public holidays of a country or a part of one; return how many sends that moves.

    They take the place of those of another region; days that somebody added stay. They reach
    `YEARS_AHEAD` years from now: choosing the same region again later carries them on. If it stops on
    the way, calling it again completes it.

    Args:
        database: An open database.
        code: `DE`, or `DE-BY`, in any case.
        agent: Who chooses it.
        now: The present, in UTC.

    Raises:
        DeskError: If the region is not known; the message says what is.
        ReadOnly: If the database was opened for reading.
        DeskUnavailable: If it cannot be read or written.
    """
    # The library behind it is large, and only this needs it.
    from models.team.regions import days_off, region_named

    region = region_named(code)
    days = days_off(region, range(now.year - YEARS_BACK, now.year + YEARS_AHEAD + 1))
    with database.write() as connection:
        before = _regions(connection)
        connection.execute(sa.delete(tables.Holiday).where(col(tables.Holiday.region) != ""))
        own = set(connection.execute(sa.select(col(tables.Holiday.day))).scalars())
        new = {day: name for day, name in days.items() if day.isoformat() not in own}
        _insert(connection, new, region.code)
        _log(connection, agent, now, _HOLIDAYS, before, region.code)
    return recompute_of_business(database)


def add_holiday(database: Database, day: date, name: str, agent: str, now: datetime) -> int:
    """Make *day* no business day and return how many sends that moves.

    If it stops on the way, calling it again completes it.

    Args:
        database: An open database.
        day: The holiday, a day in the zone of the desk; one that is there already gets the new name.
        name: What it is called, for people.
        agent: Who adds it.
        now: The present, in UTC.

    Raises:
        ReadOnly: If the database was opened for reading.
        DeskUnavailable: If it cannot be read or written.
    """
    with database.write() as connection:
        same = col(tables.Holiday.day) == day.isoformat()
        before = connection.execute(sa.select(col(tables.Holiday.name)).where(same)).scalar()
        connection.execute(sa.delete(tables.Holiday).where(same))
        _insert(connection, {day: name}, "")
        was = "" if before is None else str(before) or _UNNAMED
        _log(connection, agent, now, f"holiday {day.isoformat()}", was, name or _UNNAMED)
    return recompute_of_business(database)


def remove_holidays(database: Database, which: date | str, agent: str, now: datetime) -> int:
    """Make a day a business day again, or all days of the region chosen; return how many sends that moves.

    If it stops on the way, calling it again completes it.

    Args:
        database: An open database.
        which: The day, or the code of the region, `DE-BY`, in any case.
        agent: Who removes it.
        now: The present, in UTC.

    Raises:
        NothingToDo: If it is none of the holidays.
        ReadOnly: If the database was opened for reading.
        DeskUnavailable: If it cannot be read or written.
    """
    if isinstance(which, date):
        told, same = which.isoformat(), col(tables.Holiday.day) == which.isoformat()
    else:
        told = which.strip()
        same = sa.and_(
            col(tables.Holiday.region) != "",
            sa.func.lower(col(tables.Holiday.region)) == told.lower(),
        )
    with database.write() as connection:
        names = connection.execute(sa.select(col(tables.Holiday.name)).where(same)).scalars().all()
        if not names:
            raise NothingToDo(
                f"{told} is none of the holidays: `senddesk thresholds holidays list`."
            )
        connection.execute(sa.delete(tables.Holiday).where(same))
        if isinstance(which, date):
            _log(connection, agent, now, f"holiday {told}", names[0] or _UNNAMED, "")
        else:
            _log(connection, agent, now, _HOLIDAYS, told, "")
    return recompute_of_business(database)


def _log(
    connection: sa.Connection, agent: str, now: datetime, subject: str, before: str, after: str
) -> None:
    """Write down a change, unless it is none."""
    if before != after:
        was, became = (storable(each, _NAME_KEPT) for each in (before, after))
        changes.add(connection, agent, now, subject, was, became)


def _stored_time(connection: sa.Connection) -> BusinessTime | None:
    row = tables.BusinessHours
    wanted = sa.select(col(row.opens), col(row.closes), col(row.days), col(row.zone))
    found = connection.execute(wanted).first()
    return None if found is None else BusinessTime(*found)


def _words(stored: BusinessTime | None) -> str:
    """Return stored hours for the log, whatever is in their row."""
    try:
        return stored.words if stored else ""
    except (ValueError, TypeError, AttributeError):
        return "hours that could not be read"


def _regions(connection: sa.Connection) -> str:
    region = col(tables.Holiday.region)
    wanted = sa.select(region).where(region != "").distinct().order_by(region)
    stored: Iterable[str] = connection.execute(wanted).scalars()
    return ", ".join(map(str, stored))


def _insert(connection: sa.Connection, days: Mapping[date, str], region: str) -> None:
    rows = [
        {"day": day.isoformat(), "name": storable(name, _NAME_KEPT), "region": region}
        for day, name in days.items()
    ]
    if rows:
        connection.execute(sa.insert(tables.Holiday), rows)
