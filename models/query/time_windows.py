"""Durations, dates and amounts of a filter as intervals of a column, at a given present."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import ceil, floor
from typing import Generic, TypeVar

from models.query.keys import SPAN_WORDS, KeyKind
from models.query.tree import Amount, Compare, Duration, Match, Operator, Period, Range, Scalar
from models.values.calendar import WEEKDAYS, Calendar, Limit

RESOLUTION = timedelta(microseconds=1)
"""The smallest step between two times that the databases store."""
_SPANS = {
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
_MIRRORED: dict[Operator, Operator] = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Interval(Generic[T]):
    """Everything from *start* up to, but without, *end*; an end that is None is open."""

    start: T | None
    end: T | None


def side_of(operator: Operator, interval: Interval[T]) -> Interval[T]:
    """Return everything on one side of *interval*; `<=` and `>=` include the interval itself."""
    match operator:
        case "<":
            return Interval(None, interval.start)
        case "<=":
            return Interval(None, interval.end)
        case ">":
            return Interval(interval.end, None)
        case ">=":
            return Interval(interval.start, None)


def between(low: Interval[T] | None, high: Interval[T] | None) -> Interval[T]:
    """Return everything from *low* to *high*, both included."""
    return Interval(low.start if low else None, high.end if high else None)


@dataclass(frozen=True, slots=True)
class Moments:
    """Reads the values of one kind of key as intervals of its column, at one present.

    Attributes:
        kind: The kind of key: it decides in which direction a duration counts.
        now: The present, in UTC.
        calendar: Business days and hours, and the time zone in which dates begin and end.
        onwards: Whether a single date means from then on, instead of during it.
    """

    kind: KeyKind
    now: datetime
    calendar: Calendar
    onwards: bool = False

    def intervals(self, term: Match | Compare) -> tuple[Interval[datetime], ...]:
        """Return the intervals in which the column of *term* may lie; times are in the zone of `now`."""
        if isinstance(term, Compare):
            operator = _MIRRORED[term.operator] if self.kind is KeyKind.AGE else term.operator
            return (side_of(operator, self._interval(term.value)),)
        return tuple(self._of_value(value) for value in term.values if isinstance(value, _ORDERED))

    def _of_value(self, value: Scalar | Range) -> Interval[datetime]:
        match value:
            case Range(low, high) if self.kind is KeyKind.AGE:
                return between(self._end(high), self._end(low))
            case Range(low, high):
                return between(self._end(low), self._end(high, low))
            case Duration() if self.kind is KeyKind.AGE:
                longer = Duration(value.amount + 1, value.unit)
                return Interval(self._interval(longer).end, self._interval(value).end)
            case Duration(negative=True) if self.kind is KeyKind.DUE:
                return Interval(self._interval(value).start, self.now)
            case Duration() if self.kind is KeyKind.DUE:
                return Interval(self.now, self._interval(value).end)
            case Duration():
                return Interval(self._interval(value).start, None)
            case _:
                interval = self._interval(value)
                return Interval(interval.start, None) if self.onwards else interval

    def _end(self, value: Scalar | None, start: Scalar | None = None) -> Interval[datetime] | None:
        """Return the interval of one end of a range.

        If both ends are weekdays the second is the one after the first: `mon..wed` ends on the
        Wednesday after that Monday.
        """
        if value is None:
            return None
        if _is_weekday(value) and _is_weekday(start):
            assert isinstance(value, Period)
            assert isinstance(start, Period)
            first = self._day(start.word)
            return self._days(first + timedelta(days=_days_to(value.word, first)))
        return self._interval(value)

    def _interval(self, value: Scalar) -> Interval[datetime]:
        if isinstance(value, Period):
            return self._period(value.word)
        assert isinstance(value, Duration)
        if value.negative or self.kind is KeyKind.AGE:
            return Interval(self._back(value, self.now), self._back(value, self.now + RESOLUTION))
        ahead = self._ahead(value)
        return Interval(ahead, ahead + RESOLUTION)

    def _back(self, value: Duration, moment: datetime) -> datetime:
        """Return the time before which every start is more than *value* before *moment*."""
        if limit := _of_business(value):
            return self.calendar.before(moment, limit)
        return moment - _span(value)

    def _ahead(self, value: Duration) -> datetime:
        if limit := _of_business(value):
            return self.calendar.after(self.now, limit)
        return self.now + _span(value)

    def _period(self, word: str) -> Interval[datetime]:
        if word == "now":
            return Interval(self.now, self.now + RESOLUTION)
        if word[:4].isdecimal() and "t" in word:
            start = datetime.fromisoformat(word).replace(tzinfo=self.calendar.date_zone)
            start = start.astimezone(self.now.tzinfo)
            return Interval(start, start + timedelta(minutes=1))
        if word in SPAN_WORDS:
            return self._days(*self._week_or_month(word))
        match word.split("-"):
            case [year] if year.isdecimal():
                return self._days(date(int(year), 1, 1), date(int(year) + 1, 1, 1))
            case [year, month]:
                first = date(int(year), int(month), 1)
                return self._days(first, (first + timedelta(days=31)).replace(day=1))
            case _:
                return self._days(self._day(word))

    def _week_or_month(self, word: str) -> tuple[date, date]:
        """Return the first day of the week or month called *word*, and the day after its last."""
        which, unit = word.split("-")
        by = {"last": -1, "this": 0, "next": 1}[which]
        today = self._day("today")
        if unit == "week":
            monday = today + timedelta(days=7 * by - today.weekday())
            return monday, monday + timedelta(days=7)
        first = _first_of_month(today, by)
        return first, _first_of_month(first, 1)

    def _day(self, word: str) -> date:
        today = self.now.astimezone(self.calendar.date_zone).date()
        match word:
            case "today":
                return today
            case "yesterday":
                return today - timedelta(days=1)
            case "tomorrow":
                return today + timedelta(days=1)
            case _ if word in WEEKDAYS and self.kind is KeyKind.DUE:
                return today + timedelta(days=_days_to(word, today))
            case _ if word in WEEKDAYS:
                return today - timedelta(days=(today.weekday() - WEEKDAYS.index(word)) % 7)
            case _:
                return date.fromisoformat(word)

    def _days(self, first: date, end: date | None = None) -> Interval[datetime]:
        """Return the interval from *first* up to, but without, *end*; without an end, one day."""
        return Interval(self._midnight(first), self._midnight(end or first + timedelta(days=1)))

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.calendar.date_zone).astimezone(self.now.tzinfo)


_ORDERED = (Duration, Period, Range)


def _span(value: Duration) -> timedelta:
    return value.amount * _SPANS.get(value.unit, timedelta())


def _first_of_month(day: date, by: int) -> date:
    """Return the first day of the month that is *by* months after that of *day*."""
    years, month = divmod(day.year * 12 + day.month - 1 + by, 12)
    return date(years, month + 1, 1)


def _of_business(value: Duration) -> Limit | None:
    """Return *value* if it is in business days or hours, else None."""
    if value.unit in ("bd", "bh") and value.amount:
        return Limit(value.amount, value.unit)
    return None


def _is_weekday(value: object) -> bool:
    return isinstance(value, Period) and value.word in WEEKDAYS


def _days_to(weekday: str, day: date) -> int:
    return (WEEKDAYS.index(weekday) - day.weekday()) % 7


def amount_intervals(term: Match | Compare, digits: int) -> tuple[Interval[int], ...]:
    """Return the intervals of minor units in which the amounts of *term* lie.

    Args:
        term: A term about money.
        digits: How many digits the currency has after the point.
    """
    if isinstance(term, Compare):
        interval = _minor(term.value, digits)
        return (side_of(term.operator, interval),) if interval else ()
    found = []
    for value in term.values:
        match value:
            case Range(low, high):
                found.append(between(_minor(low, digits), _minor(high, digits)))
            case Amount() as amount:
                found.append(between(_minor(amount, digits), _minor(amount, digits)))
    return tuple(found)


def _minor(value: Scalar | None, digits: int) -> Interval[int] | None:
    """Return the minor units that equal *value*: an empty interval if it lies between two of them."""
    if not isinstance(value, Amount):
        return None
    exact = value.value.scaleb(digits)
    return Interval(ceil(exact), floor(exact) + 1)
