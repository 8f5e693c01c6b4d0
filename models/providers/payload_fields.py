"""Reading the fields of payloads: each value is checked and cut to its limit, or warned about."""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from models.providers.incoming import BadPayload, Fact
from models.providers.status import Status
from models.values.cells import exact_code, exact_id, filled, full_name
from models.values.dates import TimeReader
from models.values.money import parse_money
from models.values.text import display_text, safe_link, storable

TEXT_LIMITS: Mapping[str, int] = MappingProxyType(
    {
        "subtype": 200,
        "campaign": 500,
        "batch": 200,
        "recipient_name": 500,
        "recipient_email": 500,
        "company": 500,
        "sender_name": 500,
        "sender_email": 500,
        "team": 500,
        "sent_via": 200,
        "funding_source": 500,
        "tracking_number": 200,
        "carrier": 200,
    }
)
"""The free-text fields of a send, with the number of characters of each that are kept."""
WORD_LIMIT = 200
"""How many characters of a provider's word for a status are kept."""
ID_LIMIT = 200
"""How long an id may be; a longer one is refused, never cut."""
_CODES = ("batch", "tracking_number")
"""The text fields of which every digit counts."""
_PLAIN_TEXTS = tuple((name, limit) for name, limit in TEXT_LIMITS.items() if name not in _CODES)
"""The others, each with its limit."""
_GAPS = frozenset({"", "0", "-1"})
"""What data frames and databases put where an id is missing."""
_HAS_DIGIT = re.compile(r"\d")
_LONGEST_WARNING = 300
_LARGEST_AMOUNT = 10**18


def plain(value: object) -> str:
    """Return a JSON string or number as text; an empty string for any other value or a word for nothing."""
    if isinstance(value, str):
        return filled(value)
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return str(value)
    return ""


def part(payload: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return the object under *name*; an empty one if there is none."""
    value = payload.get(name)
    return value if isinstance(value, Mapping) else {}


def parts(payload: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """Return the objects in the array under *name*; other values in it are left out."""
    value = payload.get(name)
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def full_name_of(person: Mapping[str, Any], prefix: str = "") -> str:
    """Return first and last name, as far as they are known; *prefix* stands before their members."""
    names = (person.get(prefix + key) for key in ("first_name", "last_name"))
    return full_name(*(name for name in names if isinstance(name, str)))


def product_names(payload: Mapping[str, Any]) -> str:
    """Return the names of the products in the cart of an order or a batch, each once."""
    items = parts(part(payload, "cart"), "items")
    names = (plain(part(item, "product").get("name")) for item in items)
    return ", ".join(dict.fromkeys(name for name in names if name))


def identifier(value: object) -> str:
    """Return a provider's id as text, or an empty string if there is none.

    Raises:
        BadPayload: If it is too long to be kept whole, or digits of it are lost; it could then
            belong to several sends.
    """
    try:
        text = exact_id(value if isinstance(value, str) else plain(value))
    except ValueError as problem:
        raise BadPayload(f"the id {problem}") from None
    if len(text) > ID_LIMIT:
        raise BadPayload(f"the id has {len(text)} characters, more than {ID_LIMIT}")
    return storable(text, ID_LIMIT)


def send_id(value: object) -> str:
    """Return the id of a send as `identifier` does; 0 and -1 belong to nobody.

    Raises:
        BadPayload: If it is too long to be kept whole, or digits of it are lost.
    """
    text = identifier(value)
    return "" if text in _GAPS else text


def fingerprint(external_id: str) -> str:
    """Return eight characters that stand for an id that is too long to type."""
    return hashlib.sha256(external_id.encode(errors="replace")).hexdigest()[:8]


class PayloadFields:
    """Collects the fields of one payload, and a warning for each value that cannot be kept.

    Attributes:
        fields: Values by the name of their `SendRecord` field.
        warnings: A sentence for each value that was left out, safe to show.
    """

    def __init__(
        self, times: TimeReader | None = None, *, plain: Callable[[object], str] = plain
    ) -> None:
        """Start without any.

        Args:
            times: Reads its times; None reads those that name no zone as UTC.
            plain: Returns a value as text, and an empty string if it says nothing. For cells that
                were looked through already it is `str`, which takes a fifth of the time.
        """
        self._times = times or TimeReader()
        self._plain = plain
        self.fields: dict[str, Any] = {}
        self.warnings: list[str] = []

    def warn(self, sentence: str) -> None:
        """Add a warning, made safe to show."""
        self.warnings.append(display_text(sentence, _LONGEST_WARNING))

    def text(self, name: str, value: object) -> None:
        """Set the free-text field *name*, unless *value* is empty."""
        if text := self._plain(value):
            if name in _CODES:
                text = self.code(name, text)
            if text:
                self.fields[name] = storable(text, TEXT_LIMITS[name])
        elif value and not isinstance(value, str):
            self.warn(f"{name}: not a text")

    def texts(self, row: Mapping[str, str]) -> None:
        """Set every free-text field that *row* fills."""
        fields, cell = self.fields, row.get
        for name, limit in _PLAIN_TEXTS:
            if text := cell(name):
                usual = len(text) <= limit and text.isprintable()
                fields[name] = text if usual else storable(text, limit)
        for name in _CODES:
            if (text := cell(name)) and (code := self.code(name, text)):
                fields[name] = storable(code, TEXT_LIMITS[name])

    def code(self, name: str, value: object) -> str:
        """Return *value* as a code; an empty string if there is none, or with a warning if it is inexact.

        Args:
            name: The field that it is for, for the warning.
            value: As the payload has it.
        """
        try:
            text = exact_code(self._plain(value))
        except ValueError as problem:
            self.warn(f"{name}: {problem}")
            return ""
        if text and name == "tracking_number" and not _HAS_DIGIT.search(text):
            self.warn(f"{name}: “{text}” has no digit: left out")
            return ""
        return text

    def time(self, name: str, value: object) -> datetime | None:
        """Set the time field *name* if *value* is a date; return the time in UTC, or None."""
        moment = self.moment(name, value)
        if moment is not None:
            self.fields[name] = moment
        return moment

    def moment(self, what: str, value: object) -> datetime | None:
        """Return *value* as a time in UTC; None if it is empty, or with a warning if it is not a date.

        Args:
            what: What the time belongs to, for the warning.
            value: As the payload has it.
        """
        try:
            return self._times.read(self._plain(value)) if value != "" else None
        except ValueError as problem:
            self.warn(f"{what}: {problem}")
            return None

    def link(self, value: object) -> None:
        """Set the tracking link if it is safe to open."""
        if text := self._plain(value):
            link = self.checked_link(text)
            if link:
                self.fields["tracking_url"] = link

    def checked_link(self, value: object) -> str:
        """Return *value* if it is an http or https address; else an empty string, with a warning."""
        text = self._plain(value)
        link = safe_link(text) if text else ""
        if link is None:
            self.warn("tracking_url: left out, it is not a plain http or https address")
        return link or ""

    def cost(self, amount: object, currency: object) -> None:
        """Set cost and currency from an amount in whole units: `48.75`."""
        code = self.currency(currency)
        if not (text := self._plain(amount)):
            return
        try:
            self.minor_cost(parse_money(text, code))
        except ValueError as problem:
            self.warn(f"cost: {problem}")

    def minor_cost(self, minor: int) -> None:
        """Set the cost from an amount in minor units, if the database can hold it and it is not below zero."""
        if minor < 0:
            self.warn("cost: left out, it is below zero")
        elif (amount := self.amount("cost", minor)) is not None:
            self.fields["cost_minor"] = amount

    def amount(self, name: str, minor: int) -> int | None:
        """Return *minor* units if the database can hold them; None with a warning about *name* if not."""
        if abs(minor) < _LARGEST_AMOUNT:
            return minor
        self.warn(f"{name}: too large to be an amount of money")
        return None

    def currency(self, value: object) -> str:
        """Set the currency if *value* looks like an ISO 4217 code; return it, or an empty string."""
        text = self._plain(value)
        if code := _currency_code(text):
            self.fields["currency"] = code
        elif text:
            self.warn("currency: not a code of three letters")
        return code


@lru_cache(maxsize=256)
def _currency_code(text: str) -> str:
    """Return *text* in capitals if it looks like an ISO 4217 code, else an empty string."""
    code = text.upper()
    return code if len(code) == 3 and code.isascii() and code.isalpha() else ""


def word(value: object) -> str:
    """Return a provider's word for a status, cut to `WORD_LIMIT` and made storable."""
    return storable(plain(value), WORD_LIMIT)


def bare_word(value: str) -> str:
    """Return *value* in lower case with underscores, so that spellings of a word compare as equal."""
    return _bare(value[:WORD_LIMIT])


@lru_cache(maxsize=1024)
def _bare(value: str) -> str:
    letters = "".join(sign if sign.isalnum() else " " for sign in value.casefold())
    return "_".join(letters.split()).replace("cancelled", "canceled")


def slugs_by_word(statuses: Iterable[Status]) -> Mapping[str, str]:
    """Return the slug for each name of a status, the name as `bare_word` returns it."""
    return MappingProxyType(
        {
            bare_word(name): status.slug
            for status in statuses
            for name in (*status.aliases, status.label, status.slug)
        }
    )


def distinct(facts: list[Fact]) -> tuple[Fact, ...]:
    """Return *facts* without duplicates; one without a time goes if one with a time has its status."""
    if len(facts) < 2:
        return tuple(facts)
    dated = {bare_word(fact.word) for fact in facts if fact.at is not None}
    kept = [fact for fact in facts if fact.at is not None or bare_word(fact.word) not in dated]
    return tuple(dict.fromkeys(kept))
