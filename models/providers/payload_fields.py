"""What payloads of every platform have in common: fields taken over one by one, bounded, explained."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from models.providers.provider import BadPayload, Fact
from models.providers.status import Status
from models.values.dates import parse_time
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
"""The free-text fields of a send and how many characters of each are kept."""
WORD_LIMIT = 200
"""How many characters of a platform's word for a status are kept."""
ID_LIMIT = 200
LINK_LIMIT = 2048
_LONGEST_WARNING = 300
_LARGEST_COST = 10**18


def plain(value: object) -> str:
    """Return a JSON value as the text it stands for; nothing for null, flags, lists and objects."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return str(value)
    return ""


def part(payload: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return the object under *name*, an empty one where there is none."""
    value = payload.get(name)
    return value if isinstance(value, Mapping) else {}


def parts(payload: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """Return the objects of the array under *name*, leaving out what is no object."""
    value = payload.get(name)
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def identifier(value: object) -> str:
    """Return a platform's id as text, or an empty string for none.

    Raises:
        BadPayload: If it is too long to be kept whole, which would let two sends become one.
    """
    text = plain(value)
    if len(text) > ID_LIMIT:
        raise BadPayload(f"the id has {len(text)} characters, more than {ID_LIMIT}")
    return storable(text, ID_LIMIT)


def fingerprint(external_id: str) -> str:
    """Return eight characters that stand for an id which agents could not type."""
    return hashlib.sha256(external_id.encode(errors="replace")).hexdigest()[:8]


class Details:
    """Collects the fields of one send, and a sentence for each that could not be taken over.

    Attributes:
        fields: Values by the name of their `SendRecord` field.
        warnings: What was left out and why.
    """

    def __init__(self) -> None:
        self.fields: dict[str, Any] = {}
        self.warnings: list[str] = []

    def warn(self, sentence: str) -> None:
        """Keep a sentence about what was left out, safe to show."""
        self.warnings.append(display_text(sentence, _LONGEST_WARNING))

    def text(self, name: str, value: object) -> None:
        """Take over the free-text field *name* if *value* says something."""
        if text := plain(value):
            self.fields[name] = storable(text, TEXT_LIMITS[name])
        elif value and not isinstance(value, str):
            self.warn(f"{name}: not a text")

    def texts(self, row: Mapping[str, str]) -> None:
        """Take over the free-text fields that *row* fills."""
        for name, limit in TEXT_LIMITS.items():
            if text := row.get(name, "").strip():
                self.fields[name] = storable(text, limit)

    def time(self, name: str, value: object) -> datetime | None:
        """Take over the time field *name* if *value* is a date, and return it."""
        moment = self.moment(name, value)
        if moment is not None:
            self.fields[name] = moment
        return moment

    def moment(self, what: str, value: object) -> datetime | None:
        """Read a time that belongs to *what*; None, with a warning, if it cannot be read."""
        try:
            return parse_time(plain(value))
        except ValueError as problem:
            self.warn(f"{what}: {problem}")
            return None

    def link(self, value: object) -> None:
        """Take over the tracking link if a browser may be given it."""
        if text := plain(value):
            link = self.checked_link(text)
            if link:
                self.fields["tracking_url"] = link

    def checked_link(self, value: object) -> str:
        """Return *value* if it is a plain web address; else nothing, with a warning."""
        text = plain(value)
        link = safe_link(text) if text else ""
        if link is None:
            self.warn("tracking_url: left out, it is no plain http or https address")
        return link or ""

    def cost(self, amount: object, currency: object) -> None:
        """Take over an amount written in whole units, with its currency."""
        code = self.currency(currency)
        if not (text := plain(amount)):
            return
        try:
            self.minor_cost(parse_money(text, code))
        except ValueError as problem:
            self.warn(f"cost: {problem}")

    def minor_cost(self, minor: int) -> None:
        """Take over an amount in minor units, if the database can hold it."""
        if abs(minor) < _LARGEST_COST:
            self.fields["cost_minor"] = minor
        else:
            self.warn("cost: too large to be an amount of money")

    def currency(self, value: object) -> str:
        """Take over the ISO 4217 code of the currency and return it."""
        code = plain(value).upper()
        if len(code) == 3 and code.isascii() and code.isalpha():
            self.fields["currency"] = code
            return code
        if code:
            self.warn("currency: not a code of three letters")
        return ""


def word(value: object) -> str:
    """Return a platform's word for a status as it is kept."""
    return storable(plain(value), WORD_LIMIT)


def bare_word(value: str) -> str:
    """Return *value* as platforms' slugs are written, so that spellings compare alike."""
    return _bare(value[:WORD_LIMIT])


@lru_cache(maxsize=1024)
def _bare(value: str) -> str:
    letters = "".join(sign if sign.isalnum() else " " for sign in value.casefold())
    return "_".join(letters.split()).replace("cancelled", "canceled")


def slugs_by_word(statuses: Iterable[Status]) -> Mapping[str, str]:
    """Return the slug that each known word stands for, the word as `bare_word` writes it."""
    return MappingProxyType(
        {
            bare_word(name): status.slug
            for status in statuses
            for name in (*status.aliases, status.label, status.slug)
        }
    )


def distinct(facts: list[Fact]) -> tuple[Fact, ...]:
    """Return *facts* without repetitions, and without timeless ones that a dated one repeats."""
    if len(facts) < 2:
        return tuple(facts)
    dated = {bare_word(fact.word) for fact in facts if fact.at is not None}
    kept = [fact for fact in facts if fact.at is not None or bare_word(fact.word) not in dated]
    return tuple(dict.fromkeys(kept))
