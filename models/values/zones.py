"""Time zones: by name, by offset, and the one that this computer is set to."""

import os
import re
import time
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from pathlib import Path

_OFFSET = re.compile(
    r"(?:UTC|GMT)?\s?(?P<sign>[+−-])(?P<hours>\d{1,2})(?::?(?P<minutes>\d{2}))?", re.IGNORECASE
)
_LARGEST_OFFSET = timedelta(hours=14)


class SystemZone(tzinfo):
    """The zone that this computer is set to, with its changes of clocks, as the system tells it."""

    def fromutc(self, dt: datetime) -> datetime:
        """Return local time at *dt*, which is in UTC."""
        local = dt.replace(tzinfo=UTC).astimezone().replace(tzinfo=self)
        is_first = local - dt.replace(tzinfo=self) == local.utcoffset()
        return local if is_first else local.replace(fold=1)

    def utcoffset(self, dt: datetime | None) -> timedelta | None:
        """Return how far local time is ahead of UTC at the local time *dt*."""
        return None if dt is None else dt.replace(tzinfo=None).astimezone().utcoffset()

    def dst(self, dt: datetime | None) -> timedelta | None:
        """Return None: it is not known which part of the offset is summer time."""
        return None

    def tzname(self, dt: datetime | None) -> str:
        """Return its name."""
        return str(self)

    def __str__(self) -> str:
        """Return the name of its place, else the short names of its times."""
        return _system_place() or "/".join(dict.fromkeys(time.tzname))


def system_zone() -> tzinfo:
    """Return the zone that this computer is set to; UTC if it never differs from that."""
    if time.timezone == 0 and not time.daylight:
        return UTC
    return _place(_system_place()) or SystemZone()


def _system_place() -> str:
    """Return what the environment, else the system's settings call the zone; empty if they do not."""
    told = os.environ.get("TZ", "").removeprefix(":")
    link = Path("/etc/localtime")
    if not told and link.is_symlink():
        told = str(link.readlink())
    return told.rpartition("zoneinfo/")[2]


def _place(name: str) -> tzinfo | None:
    """Return the zone of a place, `Europe/Berlin`, or None if there is none of this name."""
    # Where everybody works in UTC, nobody waits for this.
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name) if name and name.isascii() else None
    except (KeyError, ValueError, OSError):
        return None


def offset_zone(text: str) -> tzinfo | None:
    """Return the zone that is written as an offset of 14 hours at most: `+01:00`, `UTC-5`; else None."""
    found = _OFFSET.fullmatch(text)
    if found is None:
        return None
    offset = timedelta(hours=int(found["hours"]), minutes=int(found["minutes"] or 0))
    if offset > _LARGEST_OFFSET:
        return None
    return timezone(offset if found["sign"] == "+" else -offset)


def zone_named(text: str) -> tzinfo:
    """Return the zone with a name: `Europe/Berlin`, `UTC`, `+01:00`, or `local` for this computer's.

    Raises:
        ValueError: If there is none; the message is a sentence.
    """
    name = text.strip()
    if name.upper() in ("UTC", "GMT", "Z"):
        return UTC
    if name.lower() == "local":
        return system_zone()
    if zone := offset_zone(name) or _place(name):
        return zone
    raise ValueError(f"“{name[:40]}” is not a time zone: write Europe/Berlin, UTC or +01:00")
