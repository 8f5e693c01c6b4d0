"""When a filter's durations and dates are: stretches of a column, at a given present."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import ceil, floor
from typing import Generic, TypeVar

from models.query.keys import WEEKDAYS, Kind
from models.query.tree import Amount, Compare, Duration, Match, Operator, Period, Range, Scalar
from models.values.calendar import Calendar, Limit

TICK = timedelta(microseconds=1)
"""The finest step that the databases keep."""
_SPANS = {
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
_MIRRORED: dict[Operator, Operator] = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Window(Generic[T]):
    """Everything from *start* up to, but without, *end*; an end that is None is open."""

    start: T | None
    end: T | None


def beside(operator: Operator, place: Window[T]) -> Window[T]:
    """Return what lies on one side of *place*."""
    match operator:
        case "<":
            return Window(None, place.start)
        case "<=":
            return Window(None, place.end)
        case ">":
            return Window(place.end, None)
        case ">=":
            return Window(place.start, None)


def between(low: Window[T] | None, high: Window[T] | None) -> Window[T]:
    """Return what lies from *low* to *high*, both included."""
    return Window(low.start if low else None, high.end if high else None)


@dataclass(frozen=True, slots=True)
class Moments:
    """Reads the values of one kind of key as stretches of its column, at one present."""

    kind: Kind
    now: datetime
    calendar: Calendar
    onwards: bool = False

    def windows(self, term: Match | Compare) -> tuple[Window[datetime], ...]:
        """Return the stretches in which the column of *term* may lie."""
        if isinstance(term, Compare):
            operator = _MIRRORED[term.operator] if self.kind is Kind.AGE else term.operator
            return (beside(operator, self._place(term.value)),)
        return tuple(self._stretch(value) for value in term.values if isinstance(value, _ORDERED))

    def _stretch(self, value: Scalar | Range) -> Window[datetime]:
        match value:
            case Range(low, high) if self.kind is Kind.AGE:
                return between(self._end(high), self._end(low))
            case Range(low, high):
                return between(self._end(low), self._end(high, low))
            case Duration() if self.kind is Kind.AGE:
                longer = Duration(value.amount + 1, value.unit)
                return Window(self._place(longer).end, self._place(value).end)
            case Duration(negative=True) if self.kind is Kind.DUE:
                return Window(self._place(value).start, self.now)
            case Duration() if self.kind is Kind.DUE:
                return Window(self.now, self._place(value).end)
            case Duration():
                return Window(self._place(value).start, None)
            case _:
                place = self._place(value)
                return Window(place.start, None) if self.onwards else place

    def _end(self, value: Scalar | None, start: Scalar | None = None) -> Window[datetime] | None:
        """Return where one end of a range is; `mon..wed` ends on the Wednesday after that Monday."""
        if value is None:
            return None
        if _is_weekday(value) and _is_weekday(start):
            assert isinstance(value, Period)
            assert isinstance(start, Period)
            first = self._day(start.word)
            return self._days(first + timedelta(days=_days_to(value.word, first)))
        return self._place(value)

    def _place(self, value: Scalar) -> Window[datetime]:
        if isinstance(value, Period):
            return self._period(value.word)
        assert isinstance(value, Duration)
        if value.negative or self.kind is Kind.AGE:
            return Window(self._back(value, self.now), self._back(value, self.now + TICK))
        ahead = self._ahead(value)
        return Window(ahead, ahead + TICK)

    def _back(self, value: Duration, moment: datetime) -> datetime:
        """Return the moment before which every start is more than *value* away from *moment*."""
        if value.unit == "bd" and value.amount:
            return _business_start(moment, value.amount, self.calendar)
        return moment - _span(value)

    def _ahead(self, value: Duration) -> datetime:
        if value.unit == "bd" and value.amount:
            return self.calendar.after(self.now, Limit(value.amount, "bd"))
        return self.now + _span(value)

    def _period(self, word: str) -> Window[datetime]:
        if word == "now":
            return Window(self.now, self.now + TICK)
        if word[:4].isdecimal() and "t" in word:
            start = datetime.fromisoformat(word).replace(tzinfo=self.calendar.zone)
            start = start.astimezone(self.now.tzinfo)
            return Window(start, start + timedelta(minutes=1))
        match word.split("-"):
            case [year] if year.isdecimal():
                return self._days(date(int(year), 1, 1), date(int(year) + 1, 1, 1))
            case [year, month]:
                first = date(int(year), int(month), 1)
                return self._days(first, (first + timedelta(days=31)).replace(day=1))
            case _:
                return self._days(self._day(word))

    def _day(self, word: str) -> date:
        today = self.now.astimezone(self.calendar.zone).date()
        match word:
            case "today":
                return today
            case "yesterday":
                return today - timedelta(days=1)
            case "tomorrow":
                return today + timedelta(days=1)
            case _ if word in WEEKDAYS and self.kind is Kind.DUE:
                return today + timedelta(days=_days_to(word, today))
            case _ if word in WEEKDAYS:
                return today - timedelta(days=(today.weekday() - WEEKDAYS.index(word)) % 7)
            case _:
                return date.fromisoformat(word)

    def _days(self, first: date, end: date | None = None) -> Window[datetime]:
        """Return the stretch from *first* up to, but without, *end*; else of one day."""
        return Window(self._midnight(first), self._midnight(end or first + timedelta(days=1)))

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.calendar.zone).astimezone(self.now.tzinfo)


_ORDERED = (Duration, Period, Range)


def _span(value: Duration) -> timedelta:
    return value.amount * _SPANS.get(value.unit, timedelta())


def _is_weekday(value: object) -> bool:
    return isinstance(value, Period) and value.word in WEEKDAYS


def _days_to(weekday: str, day: date) -> int:
    return (WEEKDAYS.index(weekday) - day.weekday()) % 7


def _business_start(moment: datetime, days: int, calendar: Calendar) -> datetime:
    """Return the moment before which every start is more than *days* business days away.

    It inverts `Calendar.after`: a start lies before the result exactly if its limit lies before
    *moment*. Nothing ever ends on a day off, nor does a start on one end past midnight.
    """
    local = moment.astimezone(calendar.zone)
    day, hour = local.date(), local.time()
    whole = hour == time() or not calendar.is_business_day(day)
    for _ in range(days + whole):
        day = _step_back(day, calendar.is_business_day)
    if whole:
        day, hour = day + timedelta(days=1), time()
    return datetime.combine(day, hour, calendar.zone).astimezone(moment.tzinfo)


def _step_back(day: date, is_open: Callable[[date], bool]) -> date:
    day -= timedelta(days=1)
    while not is_open(day):
        day -= timedelta(days=1)
    return day


def amount_windows(term: Match | Compare, digits: int) -> tuple[Window[int], ...]:
    """Return the stretches of minor units in which the amounts of *term* lie.

    Args:
        term: A term about money.
        digits: How many digits the currency has after the point.
    """
    if isinstance(term, Compare):
        place = _minor(term.value, digits)
        return (beside(term.operator, place),) if place else ()
    found = []
    for value in term.values:
        match value:
            case Range(low, high):
                found.append(between(_minor(low, digits), _minor(high, digits)))
            case Amount() as amount:
                found.append(between(_minor(amount, digits), _minor(amount, digits)))
    return tuple(found)


def _minor(value: Scalar | None, digits: int) -> Window[int] | None:
    """Return the whole minor units that *value* is; empty where it lies between two of them."""
    if not isinstance(value, Amount):
        return None
    exact = value.value.scaleb(digits)
    return Window(ceil(exact), floor(exact) + 1)
