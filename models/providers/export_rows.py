"""Reading one row of an export: the same columns for every platform."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from models.providers.payload_fields import (
    Details,
    bare_word,
    distinct,
    identifier,
    word,
)
from models.providers.provider import BadPayload, Fact, Incoming

Row = Mapping[str, str]
"""Cells by canonical column name; see `models.files.columns`."""

_OUR_STAMP = "provider_at"
"""The column of our own exports that dates the platform's status, or leaves it undated."""
_ROUNDED = re.compile(r"[0-9](?:[.,][0-9]+)?[eE]\+[0-9]+")
_MINOR = re.compile(r"-?[0-9]{1,15}")


@dataclass(frozen=True, slots=True, kw_only=True)
class RowWords:
    """What a platform's rows need beyond the common columns."""

    provider: str
    read_id: Callable[[str], str]
    """Turns the id of a row into the platform's own."""
    read_type: Callable[[Row], str]
    moments: Mapping[str, str]
    """Columns that say when a status was entered, and the word of that status."""
    slugs: Mapping[str, str]
    """The slug of each known word, as `slugs_by_word` gives it."""
    first: frozenset[str]
    """Slugs of statuses with which a send begins, so that its creation dates them."""
    currency: str = ""
    """What amounts are in where the row does not say."""

    def slug(self, name: str) -> str:
        """Return what stands for the status *name*, however it is spelled."""
        bare = bare_word(name)
        return self.slugs.get(bare, bare)


def read_row(row: Row, words: RowWords) -> Incoming:
    """Read one row.

    Raises:
        BadPayload: If the row has no status, or neither an id nor a recipient.
    """
    current = word(row.get("status", ""))
    if not current:
        raise BadPayload("the row has no status")
    details = Details()
    details.texts(row)
    created = details.time("created_at", row.get("created_at") or row.get("sent_at"))
    details.time("expires_at", row.get("expires_at"))
    details.link(row.get("tracking_url"))
    _take_cost(row, words, details)
    facts = _facts(row, words, details)
    external_id = _own_id(row, words)
    if not external_id:
        external_id = _makeshift_id(row, details, created)
    moment = _status_time(current, row, words, facts, details)
    slug = words.slug(current)
    others = [fact for fact in facts if words.slug(fact.word) != slug]
    return Incoming(
        provider=words.provider,
        external_id=external_id,
        type=words.read_type(row),
        fields=details.fields,
        facts=distinct([*others, Fact(current, moment)]),
        warnings=tuple(details.warnings),
    )


def _take_cost(row: Row, words: RowWords, details: Details) -> None:
    """Take over the amount: whole units of its currency if the row has them, else minor ones."""
    currency = row.get("currency") or words.currency
    minor = row.get("cost_minor", "")
    if row.get("cost") or not minor:
        details.cost(row.get("cost"), currency)
    elif _MINOR.fullmatch(minor):
        details.currency(currency)
        details.minor_cost(int(minor))
    else:
        details.warn("cost: not a whole number of cents")


def _facts(row: Row, words: RowWords, details: Details) -> list[Fact]:
    """Return the statuses for which the row has a column of their own."""
    facts = []
    for column, name in words.moments.items():
        if (text := row.get(column)) and (at := details.moment(column, text)) is not None:
            facts.append(Fact(name, at))
    return facts


def _status_time(
    current: str, row: Row, words: RowWords, facts: list[Fact], details: Details
) -> datetime | None:
    """Return when the row's status was entered, or None where the row does not tell."""
    if _OUR_STAMP in row:
        return details.moment("status", row[_OUR_STAMP])
    slug = words.slug(current)
    for fact in facts:
        if words.slug(fact.word) == slug:
            return fact.at
    columns = ["updated_at", "sent_at", "created_at"] if slug in words.first else ["updated_at"]
    for column in columns:
        at = details.moment("status", row.get(column, ""))
        if at is not None:
            return at
    return None


def _own_id(row: Row, words: RowWords) -> str:
    """Return the platform's id, or an empty string where the row has none.

    Raises:
        BadPayload: If a spreadsheet has rounded it, which lets different sends look like one.
    """
    text = row.get("id", "")
    if _ROUNDED.fullmatch(text):
        raise BadPayload("a spreadsheet has rounded the id: export it as text")
    return identifier(words.read_id(text))


def _makeshift_id(row: Row, details: Details, created: datetime | None) -> str:
    """Return a key for a row without an id, with a warning that it may not be unique.

    Raises:
        BadPayload: If the row names no recipient either.
    """
    recipient = (row.get("recipient_email") or row.get("recipient_name") or "").strip().lower()
    if not recipient:
        raise BadPayload("the row has neither an id nor a recipient")
    details.warn(
        "no id: told apart by recipient, day and amount, so two such sends would become one"
    )
    day = created.date().isoformat() if created else ""
    amount = str(details.fields.get("cost_minor", ""))
    return identifier(f"{recipient}|{day}|{amount}")
