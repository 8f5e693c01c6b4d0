"""Moments as one reader sees them: in that reader's time zone, and in one format everywhere."""

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final, NamedTuple

_MONTHS: Final = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MINUTE: Final = timedelta(minutes=1)


class LocalTime(NamedTuple):
    """The present of one reader, and how moments read there: `Wed 02 Dec 09:00`.

    The year is said where it is not the present one, and the offset where a clock that was put back
    shows the same time twice.
    """

    now: datetime
    """The present, in UTC."""
    zone: tzinfo = UTC
    """The time zone of the reader."""

    @property
    def zone_name(self) -> str:
        """What the zone is called: `Europe/Berlin`, `UTC`, `UTC+01:00`."""
        return str(self.zone)

    def words(self, moment: datetime) -> str:
        """Return *moment* to the minute, for a reader who knows the zone: `Wed 02 Dec 09:00`."""
        local = self.at(moment)
        twice = f" {offset_words(local)}" if _is_shown_twice(local) else ""
        return f"{self._day(local)} {local:%H:%M}{twice}"

    def zoned_words(self, moment: datetime) -> str:
        """Return *moment* with its offset, for a reader elsewhere: `Wed 02 Dec 09:00 UTC+1`."""
        local = self.at(moment)
        return f"{self._day(local)} {local:%H:%M} {offset_words(local)}"

    def day_words(self, moment: datetime) -> str:
        """Return the day of *moment*: `Wed 02 Dec`."""
        return self._day(self.at(moment))

    def date_words(self, moment: datetime) -> str:
        """Return the day of *moment* for a narrow column: `02 Dec`, with its year like all the others."""
        return self._date(self.at(moment))

    def brief_words(self, moment: datetime) -> str:
        """Return what fits into six or eight cells: `09:00` today, else `02 Dec`, or `Dec 2027`.

        The day of a moment that is a year away or more gives way to its year.
        """
        local, today = self.at(moment), self.at(self.now)
        if local.date() == today.date():
            return f"{local:%H:%M}"
        month = _MONTHS[local.month - 1]
        is_far = abs(local.date() - today.date()) >= timedelta(days=365)
        return f"{month} {local.year}" if is_far else f"{local.day:02} {month}"

    def at(self, moment: datetime) -> datetime:
        """Return *moment* as clocks show it here; one that no calendar here reaches stays in UTC."""
        try:
            return moment.astimezone(self.zone)
        except OverflowError:
            return moment.astimezone(UTC)

    def _day(self, local: datetime) -> str:
        return f"{_DAYS[local.weekday()]} {self._date(local)}"

    def _date(self, local: datetime) -> str:
        year = "" if local.year == self.at(self.now).year else f" {local.year:04}"
        return f"{local.day:02} {_MONTHS[local.month - 1]}{year}"


def offset_words(local: datetime) -> str:
    """Return how far an aware time is ahead of UTC: `UTC`, `UTC+1`, `UTC-3:30`."""
    offset = local.utcoffset() or timedelta()
    if not offset:
        return "UTC"
    hours, minutes = divmod(abs(offset) // _MINUTE, 60)
    sign = "-" if offset < timedelta() else "+"
    return f"UTC{sign}{hours}" + (f":{minutes:02}" if minutes else "")


def _is_shown_twice(local: datetime) -> bool:
    """Whether clocks show the time of an aware *local* twice, as they were put back then."""
    return local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset()
