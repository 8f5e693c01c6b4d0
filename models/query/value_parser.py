"""Reads one typed value of the filter language."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Literal, cast

from models.errors import BadQuery
from models.query.catalogue_words import status_names, statuses_called
from models.query.keys import (
    DAY_WORDS,
    FILTER_KEYS,
    PAST,
    TEXT_COLUMNS,
    FilterKey,
    KeyKind,
    values_for,
)
from models.query.refusals import nearest, quoted, unknown
from models.query.tree import (
    Amount,
    Duration,
    DurationUnit,
    Period,
    Range,
    Scalar,
    Special,
    Value,
    Whole,
    Word,
)
from models.values.dates import FIRST_YEAR, LAST_YEAR

_DURATION = re.compile(
    r"(?P<sign>[+-]?)(?P<amount>[0-9]{1,4})(?P<unit>bd|bh|[mhdw])", re.IGNORECASE
)
_DATE = re.compile(r"(?P<year>[0-9]{4})(-[0-9]{2}(-[0-9]{2}(t[0-9]{2}:[0-9]{2})?)?)?")
_AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,4})?")
_REST_OF_DATE = "    -01-01"
"""Appended to a year or a month from the place where it ends, this makes a date."""
_DATES = "today, this-week, mon to sun, 2026-03-01, 2026-03 or 2026"
_EXPECTED: Mapping[KeyKind, str] = MappingProxyType(
    {
        KeyKind.AGE: "Write a span of time: 30m, 5h, 7d, 2w, 3bd or 8bh (business days, hours).",
        KeyKind.DUE: f"Write a span of time such as 2h, 3bd or -1d (over), or a date: {_DATES}.",
        KeyKind.MOMENT: f"Write -2h or -7d (looking back from now), or a date: {_DATES}.",
        KeyKind.AMOUNT: "Write an amount such as 50 or 49.90.",
    }
)
_NAMED: Mapping[str, str] = MappingProxyType(
    {
        "platform": "a platform",
        "type": "a type of send",
        "stage": "a stage",
        "urgency": "an urgency",
        "is": "a flag",
    }
)


@dataclass(frozen=True, slots=True)
class Operand:
    """What was typed as one value."""

    text: str
    """Without its quotes."""
    position: int
    is_quoted: bool = False
    is_whole: bool = False
    """Whether a `=` says that the field holds this and nothing else."""


def read_values(key: FilterKey, operand: Operand) -> tuple[Value, ...]:
    """Return what *operand* means as a value of *key*; one word can name several statuses.

    Raises:
        BadQuery: If *key* has no such value.
    """
    if not operand.text.strip():
        hint = f"Write {key.name}:@none for an empty one." if "none" in key.specials else ""
        sign = "=" if operand.is_whole else ""
        raise BadQuery(f"A value is missing after “{key.name}:{sign}”.", operand.position, hint)
    match key.kind:
        case KeyKind.STATUS:
            return _statuses(operand)
        case KeyKind.CHOICE:
            return (_choice(key, operand),)
        case KeyKind.TEXT if operand.is_whole:
            return (_whole(key, operand),)
        case KeyKind.NAME | KeyKind.TEXT:
            return (_literal(key, operand),)
        case _:
            return (_ordered(key, operand),)


def read_scalar(key: FilterKey, operand: Operand) -> Scalar:
    """Return the duration, period or amount that *operand* is.

    Raises:
        BadQuery: If it is none of them, or not one that *key* can have.
    """
    word = operand.text.lower()
    found = _amount(word) if key.kind is KeyKind.AMOUNT else _duration(word) or _period(key, word)
    if found is None:
        raise _unreadable(key, operand)
    if isinstance(found, Duration):
        _check_direction(key, found, operand)
    return found


def _statuses(operand: Operand) -> tuple[Value, ...]:
    found = statuses_called(operand.text)
    if not found:
        raise unknown("a status", operand.text, status_names(), operand.position)
    return found


def _choice(key: FilterKey, operand: Operand) -> Word:
    known = values_for(key.name)
    word = operand.text.strip().lower()
    if word not in known:
        raise unknown(_NAMED[key.name], operand.text, known, operand.position)
    return Word(word)


def _literal(key: FilterKey, operand: Operand) -> Word | Special:
    word = operand.text.lower()
    if not operand.is_quoted:
        if key.name == "owner" and word in ("none", "nobody"):
            word = "@none"
        if word == "me" and "me" in key.specials:
            word = "@me"
        if word in ("@me", "@none"):
            name = cast(Literal["me", "none"], word[1:])
            if name in key.specials:
                return Special(name)
            where = ", ".join(
                f"{each.name}:" for each in FILTER_KEYS.values() if name in each.specials
            )
            message = f"“{word}” means nothing after “{key.name}:”."
            raise BadQuery(message, operand.position, f"It works after {where}.")
    return Word(operand.text.upper() if key.name == "currency" else operand.text)


def _whole(key: FilterKey, operand: Operand) -> Whole:
    if key.name not in TEXT_COLUMNS:
        message = f"“{key.name}:” searches inside texts, so no = can stand behind it."
        raise BadQuery(message, operand.position, f"Such as {key.example}.")
    return Whole(operand.text)


def _ordered(key: FilterKey, operand: Operand) -> Scalar | Range:
    if key.kind is KeyKind.DUE and operand.text.lower() == PAST:
        return Range(None, Period("now"))
    low, dots, high = operand.text.partition("..")
    if not dots:
        return read_scalar(key, operand)
    if not low and not high:
        raise BadQuery("A range needs an end.", operand.position, f"Such as {key.example}.")
    after = operand.position + len(low) + len(dots)
    return Range(
        read_scalar(key, Operand(low, operand.position)) if low else None,
        read_scalar(key, Operand(high, after)) if high else None,
    )


def _duration(word: str) -> Duration | None:
    found = _DURATION.fullmatch(word)
    if found is None:
        return None
    unit = cast(DurationUnit, found["unit"])
    return Duration(int(found["amount"]), unit, negative=found["sign"] == "-")


def _period(key: FilterKey, word: str) -> Period | None:
    if key.kind is KeyKind.AGE:
        return None
    if word in DAY_WORDS:
        return Period(word)
    found = _DATE.fullmatch(word)
    if found is None or not FIRST_YEAR <= int(found["year"]) <= LAST_YEAR:
        return None
    try:
        datetime.fromisoformat(word + _REST_OF_DATE[len(word) :])
    except ValueError:
        return None
    return Period(word)


def _amount(word: str) -> Amount | None:
    return Amount(Decimal(word)) if _AMOUNT.fullmatch(word) else None


def _check_direction(key: FilterKey, value: Duration, operand: Operand) -> None:
    """Refuse a duration whose sign contradicts the key: it could be meant either way."""
    if key.kind is KeyKind.AGE and value.negative:
        raise BadQuery("An age is never negative.", operand.position, f"Write {operand.text[1:]}.")
    if key.kind is KeyKind.MOMENT and not value.negative:
        plain = operand.text.removeprefix("+")
        hint = f"Write -{plain} for {plain} ago; age: is the time in the present status."
        raise BadQuery(f"{quoted(operand.text)} is not a moment.", operand.position, hint)


def _unreadable(key: FilterKey, operand: Operand) -> BadQuery:
    hint = _EXPECTED[key.kind]
    near = None
    if key.kind in (KeyKind.DUE, KeyKind.MOMENT):
        near = nearest(operand.text, (*DAY_WORDS, *([PAST] if key.kind is KeyKind.DUE else [])))
    if near and operand.text.isalpha():
        hint = f"Did you mean {near}? {hint}"
    what = "an amount" if key.kind is KeyKind.AMOUNT else "a time"
    return BadQuery(
        f"{quoted(operand.text)} is not {what} for “{key.name}:”.", operand.position, hint
    )
