"""Units that stand in the names of columns, and dates that a spreadsheet counted in days."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from enum import Enum
from functools import lru_cache

from models.values.dates import parse_time
from models.values.zones import offset_zone, zone_named

_BRACKETS = re.compile(r"(?P<text>.*?)\s*[(\[{<](?P<unit>[^()\[\]{}<>]+)[)\]}>]\s*\.?\s*")
_TAIL = re.compile(r"(?P<text>.*?)(?:[\s_,/:–-]+(?:in[\s_]+)?)(?P<unit>[A-Za-z$€£¥]{1,7})\s*")
_LONGEST_NAME = 200
"""A longer text is not a name of a column; looking for a unit takes time with the square of its length."""
_MINOR = frozenset({"cents", "cent", "ct", "cts", "minor", "minor units", "pence", "¢"})
_SIGNS = {"€": "EUR", "£": "GBP", "us$": "USD", "c$": "CAD", "a$": "AUD"}
_CURRENCIES = frozenset({
    "AED", "ARS", "AUD", "BRL", "CAD", "CHF", "CLP", "CNY", "COP", "CZK", "DKK", "EUR", "GBP",
    "HKD", "HUF", "IDR", "ILS", "INR", "JPY", "KRW", "KWD", "MXN", "MYR", "NOK", "NZD", "PEN",
    "PHP", "PLN", "RON", "SAR", "SEK", "SGD", "THB", "TRY", "TWD", "UAH", "USD", "VND", "ZAR",
})  # fmt: skip
"""The currencies that are known without brackets around them."""
_UTC = frozenset({"utc", "gmt", "z", "zulu"})
_DATE_FORM = re.compile(
    r"[dmyhs:/.,\s-]+(?:\s?(?:am/pm|24h))?|iso(?:[\s-]?8601)?|unix|epoch|ms|s|local(?: time)?",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"(?P<days>[0-9]{5})(?:[.,](?P<part>[0-9]{1,16}))?")
_DAY = 86_400


class Serial(Enum):
    """From which day a spreadsheet counts the days of its dates."""

    FROM_1900 = datetime(1899, 12, 30)  # noqa: DTZ001
    """Excel's usual way, and that of LibreOffice and Google."""
    FROM_1904 = datetime(1904, 1, 1)  # noqa: DTZ001
    """That of old workbooks from a Mac."""


def split_units(name: str) -> Iterator[tuple[str, str]]:
    """Yield the ways in which the name of a column ends in a unit: the name, the unit."""
    if len(name) > _LONGEST_NAME:
        return
    if found := _BRACKETS.fullmatch(name):
        yield found["text"], found["unit"].strip()
    elif (found := _TAIL.fullmatch(name)) and (
        found["unit"].upper() in _CURRENCIES
        or found["unit"].casefold() in _MINOR | _SIGNS.keys() | {"utc", "gmt"}
    ):
        yield found["text"], found["unit"]


def is_minor(unit: str) -> bool:
    """Whether a unit says that amounts are in cents."""
    return unit.casefold().removeprefix("in ") in _MINOR


def currency_of(unit: str) -> str:
    """Return the ISO 4217 code of a currency's unit; an empty string if it is none."""
    code = unit.strip().removeprefix("in ")
    if (
        len(code) == 3
        and code.isascii()
        and code.isalpha()
        and (code.isupper() or code.upper() in _CURRENCIES)
    ):
        return code.upper()
    return _SIGNS.get(code.casefold(), "")


@lru_cache(maxsize=64)
def zone_of(unit: str) -> str:
    """Return the name of a time zone, or an empty string; short names such as `CST` have two meanings."""
    return unit if _zone(unit) else ""


@lru_cache(maxsize=64)
def _zone(unit: str) -> tzinfo | None:
    """Return the time zone that *unit* names: UTC, an offset or a place, `Europe/Berlin`."""
    if unit.casefold().removesuffix(" time") in _UTC:
        return UTC
    if "/" not in unit:
        return offset_zone(unit)
    try:
        return zone_named(unit)
    except ValueError:
        return None


def is_date_form(unit: str) -> bool:
    """Whether a unit only says how dates are written: `YYYY-MM-DD`, `unix`."""
    return bool(_DATE_FORM.fullmatch(unit))


def in_zone(text: str, unit: str) -> str:
    """Return a time with the zone of its column; one that names a zone, as it is.

    What is no time there, as a change of clocks leaves it out or has it twice, is no time at all: it
    is returned with the zone behind it, which no reader of times takes.
    """
    try:
        moment = parse_time(text, default_zone=_zone(unit) or UTC)
    except ValueError:
        return f"{text} ({unit})"
    return moment.isoformat() if moment else text


def written_out(text: str, serial: Serial) -> str:
    """Return a date that a spreadsheet counted in days as ISO 8601; any other text as it is.

    Only days between 1990 and 2099 are dates; the result names no zone, as the count has none.
    """
    found = _COUNTED.fullmatch(text)
    if found is None:
        return text
    seconds = round(float(f"0.{found['part'] or 0}") * _DAY)
    moment = serial.value + timedelta(days=int(found["days"]), seconds=seconds)
    if not 1990 <= moment.year < 2100:
        return text
    return moment.isoformat(sep=" ") if found["part"] else moment.date().isoformat()
