"""The kinds of clauses that keys share: whole words, parts of text, times, money."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from models.query.keys import KEYS
from models.query.sql.flags import Asked
from models.query.time_windows import Moments, Window, amount_windows
from models.query.tree import Compare, Match, Special, Value, Word
from models.store.tables import Send
from models.values.money import UNUSUAL_DIGITS, minor_digits

Condition = sa.ColumnElement[bool]
Term = Match | Compare
Clause = Callable[[Term, Asked], Condition]


def values(term: Term) -> tuple[Value, ...]:
    """Return the values of a key that knows no comparisons."""
    assert isinstance(term, Match)
    return term.values


def words(term: Term) -> list[str]:
    """Return the literal words of a key that knows no comparisons."""
    return [value.text for value in values(term) if isinstance(value, Word)]


def specials(term: Term) -> set[str]:
    """Return which of `me` and `none` a term asks for."""
    return {value.name for value in values(term) if isinstance(value, Special)}


def choice(column: sa.SQLColumnExpression[str]) -> Clause:
    """Look for whole words; `@none` is an empty field."""
    return lambda term, asked: column.in_([*words(term), *("" for _ in specials(term))])


def named(conditions: Mapping[str, Callable[[Asked], Condition]]) -> Clause:
    """Give each word its own condition."""
    return lambda term, asked: sa.or_(*(conditions[word](asked) for word in words(term)))


def text(*columns: str) -> Clause:
    """Look for a part of any of *columns*; none of them has anything where `@none` is asked."""

    def clause(term: Term, asked: Asked) -> Condition:
        found = [asked.text(word, columns) for word in words(term)]
        if specials(term):
            found.append(sa.and_(*(col(getattr(Send, name)) == "" for name in columns)))
        return sa.or_(*found)

    return clause


def moment(
    column: sa.SQLColumnExpression[Any],
    *,
    floor: datetime | None = None,
    ceiling: datetime | None = None,
    optional: bool = False,
) -> Clause:
    """Compare a time.

    Args:
        column: The column.
        floor: The first moment that is one, where an earlier one stands for none.
        ceiling: The moment that stands for none, where one does.
        optional: Whether the column may be NULL.
    """

    def clause(term: Term, asked: Asked) -> Condition:
        key = KEYS[term.key]
        moments = Moments(key.kind, asked.now, asked.calendar, key.onwards)
        known = [column.is_not(None)] if optional else []
        stretches = [
            Window(window.start or floor, window.end or ceiling) for window in moments.windows(term)
        ]
        return sa.or_(*(sa.and_(*known, *_within(column, stretch)) for stretch in stretches))

    return clause


def _within(column: sa.SQLColumnExpression[Any], window: Window[Any]) -> Iterator[Condition]:
    if window.start is not None:
        yield column >= window.start
    if window.end is not None:
        yield column < window.end


def cost(term: Term, asked: Asked) -> Condition:
    """Compare amounts in the minor units of each send's own currency."""
    minor, currency = col(Send.cost_minor), col(Send.currency)
    usual = currency.not_in(sorted(UNUSUAL_DIGITS))
    parts = [usual & _amount(minor, term, minor_digits(""))]
    for digits in sorted(set(UNUSUAL_DIGITS.values())):
        codes = sorted(code for code, each in UNUSUAL_DIGITS.items() if each == digits)
        parts.append(currency.in_(codes) & _amount(minor, term, digits))
    return minor.is_not(None) & sa.or_(*parts)


def _amount(column: sa.SQLColumnExpression[Any], term: Term, digits: int) -> Condition:
    stretches = amount_windows(term, digits)
    return sa.or_(*(sa.and_(sa.true(), *_within(column, each)) for each in stretches))
