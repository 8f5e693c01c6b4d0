"""Makes the clauses of keys: for whole fields, parts of text, times, money.

A clause turns a term of the filter into a condition.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from models.query.keys import FILTER_KEYS
from models.query.sql.context import QueryContext
from models.query.text_search import Condition
from models.query.time_windows import Interval, Moments, amount_intervals
from models.query.tree import Compare, Match, Special, Value, Whole, Word
from models.store.tables import Send, col
from models.values.money import UNUSUAL_DIGITS, minor_digits
from models.values.spelling import cases, spellings

Term = Match | Compare
Clause = Callable[[Term, QueryContext], Condition]
"""Gives the condition of a term."""


def values_of_term(term: Term) -> tuple[Value, ...]:
    """Return the values of a term whose key knows no comparisons."""
    assert isinstance(term, Match)
    return term.values


def words_of_term(term: Term) -> list[str]:
    """Return the literal words of a term whose key knows no comparisons."""
    return [value.text for value in values_of_term(term) if isinstance(value, Word)]


def specials(term: Term) -> set[str]:
    """Return which of `me` and `none` a term asks for."""
    return {value.name for value in values_of_term(term) if isinstance(value, Special)}


def choice_clause(column: sa.SQLColumnExpression[str]) -> Clause:
    """Return the clause that compares whole fields; `@none` is an empty field."""
    return lambda term, context: column.in_([*words_of_term(term), *("" for _ in specials(term))])


def clause_by_value(conditions: Mapping[str, Callable[[QueryContext], Condition]]) -> Clause:
    """Return the clause of a key whose values each have a condition of their own."""
    return lambda term, context: sa.or_(
        *(conditions[word](context) for word in words_of_term(term))
    )


def text_clause(*columns: str) -> Clause:
    """Return the clause that finds a text in any of *columns*, or as all of one; `@none`: all are empty."""

    def clause(term: Term, context: QueryContext) -> Condition:
        found = [context.text(word, columns) for word in words_of_term(term)]
        wholes = [value.text for value in values_of_term(term) if isinstance(value, Whole)]
        found += [_is_all_of(col(getattr(Send, name)), wholes) for name in columns if wholes]
        if specials(term):
            found.append(sa.and_(*(col(getattr(Send, name)) == "" for name in columns)))
        return sa.or_(*found)

    return clause


def _is_all_of(column: sa.SQLColumnExpression[str], texts: Sequence[str]) -> Condition:
    """Return the condition that a field holds one of *texts* and nothing else, in whatever case.

    The indexes of texts are in lower case, as the database makes it; so it is the one that makes it here.
    """
    forms = dict.fromkeys(
        form for text in texts for each in spellings(text) for form in cases(each)
    )
    return sa.func.lower(column).in_([sa.func.lower(form) for form in forms])


def moment_clause(
    column: sa.SQLColumnExpression[Any],
    *,
    floor: datetime | None = None,
    ceiling: datetime | None = None,
    optional: bool = False,
) -> Clause:
    """Return the clause that compares a time.

    Args:
        column: The column.
        floor: The first real moment, if an earlier one is stored for "unknown".
        ceiling: The moment that is stored for "never", if one is.
        optional: Whether the column may be NULL.
    """

    def clause(term: Term, context: QueryContext) -> Condition:
        key = FILTER_KEYS[term.key]
        moments = Moments(key.kind, context.now, context.calendar, key.onwards)
        known = [column.is_not(None)] if optional else []
        intervals = [
            Interval(each.start or floor, each.end or ceiling) for each in moments.intervals(term)
        ]
        return sa.or_(*(sa.and_(*known, *_within(column, each)) for each in intervals))

    return clause


def _within(column: sa.SQLColumnExpression[Any], interval: Interval[Any]) -> Iterator[Condition]:
    if interval.start is not None:
        yield column >= interval.start
    if interval.end is not None:
        yield column < interval.end


def cost_clause(term: Term, context: QueryContext) -> Condition:
    """Return the condition on the cost, in the minor units of each send's own currency."""
    minor, currency = col(Send.cost_minor), col(Send.currency)
    usual = currency.not_in(sorted(UNUSUAL_DIGITS))
    parts = [usual & _amount(minor, term, minor_digits(""))]
    for digits in sorted(set(UNUSUAL_DIGITS.values())):
        codes = sorted(code for code, each in UNUSUAL_DIGITS.items() if each == digits)
        parts.append(currency.in_(codes) & _amount(minor, term, digits))
    return minor.is_not(None) & sa.or_(*parts)


def _amount(column: sa.SQLColumnExpression[Any], term: Term, digits: int) -> Condition:
    intervals = amount_intervals(term, digits)
    return sa.or_(*(sa.and_(sa.true(), *_within(column, each)) for each in intervals))
