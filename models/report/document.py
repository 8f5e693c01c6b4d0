"""A report as a document: sections of figures, charts and tables, which every format is written from."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from models.files.fields import whole_units
from models.values.money import money_words


@dataclass(frozen=True, slots=True)
class Amount:
    """Exact money."""

    minor: int
    """In minor units of the currency."""
    currency: str


Value = int | float | timedelta | date | Amount | str | None
"""A number, a length of time, a day, money, a text, or nothing."""
NOTHING: Final = "–"
"""Stands in a text for a value that there is not."""
_MINUTE: Final = timedelta(minutes=1)
_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of a section, with what it was in the span before."""

    key: str
    """What scripts call it."""
    title: str
    value: Value
    before: Value = None
    compared: bool = True
    """Whether there is such a number for the span before."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    key: str
    title: str
    is_minor: bool = False
    """Whether it is left out where there is no room for all."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of values; those of one column are of one kind."""

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    note: str = ""
    """A sentence on what it leaves out, or an empty string."""


@dataclass(frozen=True, slots=True)
class Chart:
    """Numbers to be drawn as bars, each with its label."""

    key: str
    title: str
    labels: tuple[str | date, ...]
    values: tuple[int, ...]
    over_time: bool = False
    """Whether the labels are days one after the other, drawn from left to right."""


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a report."""

    key: str
    title: str
    about: str
    """What is counted, in one or two sentences."""
    figures: tuple[Figure, ...] = ()
    charts: tuple[Chart, ...] = ()
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True, slots=True)
class Heading:
    """What a report is about."""

    title: str
    desk: str
    """The name of the database."""
    made_at: str
    """ISO 8601, in UTC."""
    since: str
    """The first day, as an ISO date in UTC."""
    until: str
    """The last day."""
    before_since: str
    """The first day of the span that it is compared with; that ends where this one begins."""
    days: int
    """How many days each of both spans has."""

    @property
    def words(self) -> str:
        """The spans in a sentence."""
        if self.days == 1:
            return f"{self.since}, a day in UTC that is not over; before: {self.before_since}."
        span = f"{self.days:,} days"
        return (
            f"{self.since} to {self.until}, {span} in UTC of which the last is not over; "
            f"before: the {span} from {self.before_since}."
        )


def words(value: Value) -> str:
    """Return a value as a person reads it: `1,204`, `3d 4h`, `23 Nov`, `–` for nothing."""
    match value:
        case None:
            return NOTHING
        case timedelta():
            return _span(value)
        case date():
            return f"{value:%d %b}"
        case Amount():
            return money_words(value.minor, value.currency)
        case float():
            return f"{value:,.1f}"
        case int():
            return f"{value:,}"
        case _:
            return value


def change(figure: Figure) -> str:
    """Return how a figure has changed since the span before: `+12`, `-3h`, `as before`; else nothing."""
    now, before = figure.value, figure.before
    if isinstance(now, timedelta) and isinstance(before, timedelta):
        sign = "+" if now > before else "-"
        return "as before" if now == before else f"{sign}{_span(abs(now - before))}"
    if isinstance(now, int | float) and isinstance(before, int | float):
        # Of two fractions only the shown digit counts.
        step = round(now - before, 1)
        return f"{step:+,}" if step else "as before"
    return ""


def raw(value: Value) -> int | float | str | None:
    """Return a value as scripts read it: lengths of time in seconds, days as in 2026-01-31, exact money."""
    match value:
        case timedelta():
            return round(value.total_seconds(), 1)
        case date():
            return value.isoformat()
        case Amount():
            return whole_units(value.minor, value.currency)
        case float():
            return round(value, 1)
        case _:
            return value


def _span(span: timedelta) -> str:
    if span < _MINUTE:
        return f"{int(span.total_seconds())}s"
    if span < _HOUR:
        return f"{span // _MINUTE}m"
    large, small, names = (_DAY, _HOUR, "dh") if span >= _DAY else (_HOUR, _MINUTE, "hm")
    whole, rest = divmod(span, large)
    more = rest // small
    return (
        f"{whole:,}{names[0]} {more}{names[1]}" if more and whole < 100 else f"{whole:,}{names[0]}"
    )
