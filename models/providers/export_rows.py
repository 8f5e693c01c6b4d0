"""Reading one row of an export; the same columns are read for every provider."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from models.providers.incoming import BadPayload, Fact, Incoming
from models.providers.payload_fields import (
    PayloadFields,
    bare_word,
    distinct,
    identifier,
    send_id,
    word,
)
from models.values.dates import TimeReader, parse_time

Row = Mapping[str, str]
"""Cells by canonical column name, stripped, empty for words for nothing: as `models.files.columns`
returns them."""

_OUR_STAMP = "provider_at"
"""The column of Send Desk's own exports that says when the status was entered, or is empty."""
_DAY = timedelta(days=1)
_MINOR = re.compile(r"-?[0-9]{1,15}")


@dataclass(frozen=True, slots=True, kw_only=True)
class RowLayout:
    """What is special about the rows of one provider."""

    provider: str
    read_id: Callable[[str], str]
    """Returns the provider's id for the id of a row; raises `BadPayload` if there is none for it."""
    read_type: Callable[[Row], str]
    """Returns the type of the send of a row."""
    moments: Mapping[str, str]
    """The columns that say when a status was entered, each with the provider's word for it."""
    slugs: Mapping[str, str]
    """The slug of each known word, as `slugs_by_word` returns it."""
    first: frozenset[str]
    """The slugs of statuses in which a send begins: its creation is when it entered them."""
    currency: str = ""
    """The currency of amounts if the row does not say it: an ISO 4217 code."""

    def slug(self, name: str) -> str:
        """Return the slug of the status *name*; of an unknown one its `bare_word`."""
        bare = bare_word(name)
        return self.slugs.get(bare, bare)


def read_row(row: Row, layout: RowLayout, times: TimeReader | None = None) -> Incoming:
    """Read one row.

    Args:
        row: Its cells by the names in `models.files.column_names.SYNONYMS`.
        layout: What is special about the rows of its provider.
        times: Reads its times; None reads those that name no zone as UTC.

    Raises:
        BadPayload: If the row has no status, or neither an id nor a recipient.
    """
    current = word(row.get("status", ""))
    if not current:
        raise BadPayload("the row has no status")
    details = PayloadFields(times, plain=str)
    details.texts(row)
    created = details.time("created_at", row.get("created_at") or row.get("sent_at", ""))
    details.time("expires_at", row.get("expires_at", ""))
    details.link(row.get("tracking_url", ""))
    _read_cost(row, layout, details)
    facts = _facts(row, layout, details)
    external_id = _own_id(row, layout)
    has_id = bool(external_id)
    if not has_id:
        external_id = _makeshift_id(row, details, created)
    slug = layout.slug(current)
    own: list[Fact] = []
    others: list[Fact] = []
    for fact in facts:
        (own if layout.slug(fact.word) == slug else others).append(fact)
    moments = _status_times(slug, row, layout, own, others, details)
    return Incoming(
        provider=layout.provider,
        external_id=external_id,
        type=layout.read_type(row),
        fields=details.fields,
        facts=distinct([*others, Fact(current, moments[0] if moments else None)]),
        warnings=tuple(details.warnings),
        current=current,
        also_at=tuple(moments[1:]),
        is_row=True,
        item=row.get("item", ""),
        guessed_id=not has_id,
    )


def _read_cost(row: Row, layout: RowLayout, details: PayloadFields) -> None:
    """Set the cost from the amount in whole units of its currency, else from that in minor units."""
    currency = row.get("currency") or layout.currency
    amount, minor = row.get("cost", ""), row.get("cost_minor", "")
    if amount or not minor:
        details.cost(amount, currency)
    elif _MINOR.fullmatch(minor):
        details.currency(currency)
        details.minor_cost(int(minor))
    else:
        details.warn("cost: not a whole number of cents")


def _facts(row: Row, layout: RowLayout, details: PayloadFields) -> list[Fact]:
    """Return a fact for each status whose time has a column of its own."""
    facts = []
    for column, name in layout.moments.items():
        if (text := row.get(column)) and (at := details.moment(column, text)) is not None:
            facts.append(Fact(name, at))
    return facts


def _status_times(
    slug: str,
    row: Row,
    layout: RowLayout,
    own: list[Fact],
    others: list[Fact],
    details: PayloadFields,
) -> list[datetime]:
    """Return when the row's status may have been entered, in UTC, the best first.

    A date alone is some time of that day: the latest step that the row has on it comes before.

    Args:
        slug: The status.
        row: The row.
        layout: What is special about the rows of its provider.
        own: What the columns of that status say.
        others: What the columns of other statuses say.
        details: Gets the warnings.
    """
    if _OUR_STAMP in row:
        at = details.moment("status", row[_OUR_STAMP])
        return [] if at is None else [at]
    times = [fact.at for fact in own if fact.at]
    steps = [fact.at for fact in others if fact.at]
    columns = ["updated_at", "sent_at", "created_at"] if slug in layout.first else ["updated_at"]
    for column in columns:
        text = row.get(column, "")
        if (at := details.moment("status", text)) is None:
            continue
        if steps and ":" not in text and not text.isdigit():
            at = max(at, *(each for each in steps if each - at < _DAY), at)
        times.append(at)
    return times


def _own_id(row: Row, layout: RowLayout) -> str:
    """Return the provider's id, or an empty string if the row has none.

    Raises:
        BadPayload: If digits of it are lost; it could then belong to several sends.
    """
    text = send_id(row.get("id", ""))
    if not text:
        return ""
    read = layout.read_id(text)
    return read if read == text else identifier(read)


def _makeshift_id(row: Row, details: PayloadFields, created: datetime | None) -> str:
    """Return an id made of recipient, day and amount, with a warning that it may not be unique.

    Without an address the company tells people of one name apart.

    Raises:
        BadPayload: If the row names no recipient either.
    """
    email, name = (row.get(f"recipient_{part}", "").strip().lower() for part in ("email", "name"))
    if not email and not name:
        raise BadPayload("the row has neither an id nor a recipient")
    company = "" if email else row.get("company", "").strip().lower()
    recipient = "|".join(filter(None, (email, name, company)))
    details.warn(
        "no id: told apart by recipient, day and amount, so two such sends would become one"
    )
    # The day as it is written: an id must not depend on the zone of whoever imports.
    written = row.get("created_at") or row.get("sent_at") or ""
    as_utc = parse_time(written, default_zone=UTC) if created else None
    day = as_utc.date().isoformat() if as_utc else ""
    amount = str(details.fields.get("cost_minor", ""))
    return identifier(f"{recipient}|{day}|{amount}")
