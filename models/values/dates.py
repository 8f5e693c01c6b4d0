"""Reading the dates that exports and interfaces contain; every result is an aware UTC time."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from functools import lru_cache
from types import MappingProxyType

FIRST_YEAR, LAST_YEAR = 1990, 2199
"""The years that a date may be of; another one was mistyped."""
_LONGEST = 64
_ISO = re.compile(
    r"(?P<local>\d{4}-?\d{2}-?\d{2}(?:[Tt ]\d{2}[0-9:.,]*)?) ?"
    r"(?P<zone>[Zz]|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?"
)
_ISO_IN_UTC = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?Z")
"""How most programs write a time."""
_EPOCH = re.compile(r"(?P<whole>\d{9,10}|\d{12,13})(?:\.\d{1,9})?")
_MAIL = re.compile(r"(?:[A-Za-z]{3}, )?\d{1,2} [A-Za-z]{3} \d{4} \d{2}:\d{2}(?::\d{2})? [A-Z+-]\S+")
_WRITTEN = re.compile(
    r"(?:[A-Za-z]{3,9}, )?(?P<day>[0-9A-Za-z/. -]+?(?:, ?\d{4})?)"
    r"(?:,? (?:at )?(?P<clock>\d{1,2}:\d{2}(?::\d{2})?)(?:\.\d{1,9})?"
    r"(?: ?(?P<half>[AaPp])\.?[Mm]\.?)?(?: ?(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2}))?)?"
)
_NUMBERS = re.compile(
    r"(?P<first>\d{1,2})(?P<mark>[/-])(?P<second>\d{1,2})(?P=mark)(?P<year>\d{4})"
)
_OFFSETS: Mapping[str | None, str] = MappingProxyType(
    {None: "", **dict.fromkeys(("Z", "z", "UTC", "GMT"), "+00:00")}
)
"""How ISO 8601 writes what is no offset itself."""
_DAYS = ("%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%b %d %Y", "%B %d %Y")
_NUMERIC_DAYS = ("%Y/%m/%d", "%d.%m.%Y")
_NAMED_DAYS = ("%d-%b-%Y", *_DAYS)


@dataclass(slots=True)
class TimeReader:
    """Reads the times of one file, in the zone that is meant where they name none.

    Attributes:
        zone: The zone of times that name none.
        without_zone: How many such times were read.
    """

    zone: tzinfo = UTC
    without_zone: int = 0

    def read(self, text: str) -> datetime | None:
        """Read one date or time as `parse_time` does.

        Returns:
            The moment in UTC, or None for blank text.

        Raises:
            ValueError: As `parse_time` does.
        """
        return _parsed(text, self._meant_zone)

    def _meant_zone(self) -> tzinfo:
        self.without_zone += 1
        return self.zone


def parse_time(text: str, *, default_zone: tzinfo = UTC) -> datetime | None:
    """Read one date or time as platforms, spreadsheets and people write it.

    Known are ISO 8601 with any offset or none, seconds and milliseconds since 1970, RFC 2822,
    month names (`27 Feb 2026`, `Feb 27, 2026 8:21 PM`) and the American `02/27/2026 08:21 PM`.
    A date alone means its midnight.

    Args:
        text: What the file says; blank means that it says nothing.
        default_zone: The zone of times that name none.

    Returns:
        The moment in UTC, or None for blank text.

    Raises:
        ValueError: If the text is not a date, an impossible one, or one with two readings; the
            message is a sentence.
    """
    return _parsed(text, lambda: default_zone)


def _parsed(text: str, meant_zone: Callable[[], tzinfo]) -> datetime | None:
    """Read one date or time; *meant_zone* is asked for the zone of a time that names none."""
    if _ISO_IN_UTC.fullmatch(text):
        # Half a microsecond instead of two; what is refused here is refused below in words.
        try:
            usual = datetime.fromisoformat(text)
            if FIRST_YEAR <= usual.year <= LAST_YEAR:
                return usual
        except ValueError:
            pass
    bare = " ".join(text.split())
    if not bare:
        return None
    try:
        moment = _read(bare) if len(bare) <= _LONGEST and bare.isascii() else None
        if moment is not None:
            zone = meant_zone() if moment.tzinfo is None else UTC
            moment = _in_utc(moment, zone)
    except _TwoReadings as problem:
        raise ValueError(f"“{bare[:_LONGEST]}” {problem}") from None
    except (ValueError, OverflowError):
        moment = None
    if moment is None:
        raise ValueError(f"“{bare[:_LONGEST]}” is not a date that can be read; write 2026-02-27")
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ValueError(f"“{bare}” is not between the years {FIRST_YEAR} and {LAST_YEAR}")
    return moment


def is_day_alone(text: str) -> bool:
    """Whether a text that `parse_time` reads names a day and no time of day."""
    bare = " ".join(text.split())
    if found := _ISO.fullmatch(bare):
        return len(found["local"]) <= len("2026-02-27")
    written = _WRITTEN.fullmatch(bare)
    return written is not None and written["clock"] is None and not _EPOCH.fullmatch(bare)


class _TwoReadings(Exception):
    """The text is a date in more than one way."""


def _read(bare: str) -> datetime | None:
    """Return the moment that *bare* names, naive if it names no zone, or None."""
    if found := _ISO.fullmatch(bare):
        local, zone = found.groups()
        return datetime.fromisoformat(local + _OFFSETS.get(zone, zone))
    if found := _EPOCH.fullmatch(bare):
        seconds = float(bare) / (1000 if len(found["whole"]) > 10 else 1)
        return datetime.fromtimestamp(seconds, UTC)
    if _MAIL.fullmatch(bare):
        return _mail_time(bare)
    if found := _WRITTEN.fullmatch(bare):
        local = datetime.combine(_day(found["day"]), _clock(found["clock"], found["half"]))
        zone = found["zone"]
        return datetime.fromisoformat(local.isoformat() + _OFFSETS.get(zone, zone))
    return None


def _mail_time(bare: str) -> datetime | None:
    """Read RFC 2822; a zone name that the standard does not define gives None."""
    # Few files have such times, and it loads ten modules.
    from email.utils import parsedate_to_datetime

    moment = parsedate_to_datetime(bare)
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC) if bare.endswith("-0000") else None
    return moment


@lru_cache(maxsize=4096)
def _day(text: str) -> date:
    """Read a date without a time; exports repeat few days many times, hence the cache."""
    if found := _NUMBERS.fullmatch(text):
        return _day_of_numbers(int(found["first"]), int(found["second"]), int(found["year"]))
    for form in _NAMED_DAYS if any(map(str.isalpha, text)) else _NUMERIC_DAYS:
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC).date()
        except ValueError:
            continue
    raise ValueError(text)


def _day_of_numbers(first: int, second: int, year: int) -> date:
    """Read `02/27/2026`, or `27/02/2026`, where only one of the two can be meant."""
    if first <= 12 and second <= 12 and first != second:
        raise _TwoReadings("is a date in two ways: write the year first, as in 2026-02-27")
    month, day = (second, first) if first > 12 else (first, second)
    return date(year, month, day)


@lru_cache(maxsize=4096)
def _clock(clock: str | None, half: str | None) -> time:
    """Read a time of day, midnight if there is none; *half* is the `A` or `P` of AM and PM."""
    if clock is None:
        return time()
    seconds = ":%S" if clock.count(":") == 2 else ""
    if half is None:
        return datetime.strptime(clock, f"%H:%M{seconds}").replace(tzinfo=UTC).time()
    form = f"%I:%M{seconds} %p"
    return datetime.strptime(f"{clock} {half}M", form).replace(tzinfo=UTC).time()


def _in_utc(moment: datetime, zone: tzinfo) -> datetime:
    """Return *moment* in UTC, taking *zone* where it has none.

    Raises:
        _TwoReadings: If clocks were put forward or back at that local time.
    """
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
        if zone is not UTC and moment.utcoffset() != moment.replace(fold=1).utcoffset():
            raise _TwoReadings("falls into a change of clocks: write it with an offset")
    return moment.astimezone(UTC)
