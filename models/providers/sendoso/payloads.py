"""Reading Sendoso's sends: the JSON of its API and the rows of its exports."""

import base64
import binascii
import re
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from models.providers import export_rows
from models.providers.export_rows import Row, RowLayout
from models.providers.incoming import BadPayload, Fact, Incoming
from models.providers.payload_fields import (
    PayloadFields,
    bare_word,
    distinct,
    fingerprint,
    identifier,
    part,
    parts,
    plain,
    send_id,
    slugs_by_word,
    word,
)
from models.providers.sendoso.statuses import STATUSES
from models.values.dates import TimeReader

EGIFT, PHYSICAL = "egift", "physical"
_SEND_FIELDS = frozenset({"send_gid", "current_total_cost", "status_updates", "touch"})
_WEBHOOK = frozenset({"send_gid", "status_changed_at"})
"""All that the body of a webhook has; which event it is only its address says."""
_FLAT = frozenset({"recipient_email", "recipient_name", "egift_price"})
"""Fields of rows that were turned into JSON; a send of the API has a `recipient` object instead."""
_GLOBAL_ID = re.compile(r"gid://[^/]+/[^/]+/(?P<id>[^/?#]+)")
_SHORT_ENOUGH = re.compile(r"[0-9A-Za-z_-]{1,24}")
_OUR_REFERENCE = re.compile(r"[Ss]-(?P<id>\d+)")
_SLUGS = slugs_by_word(STATUSES)
_FIRST = frozenset({"initiated", "sent", "confirming_address"})
_EGIFT_SLUGS = frozenset(status.slug for status in STATUSES if status.types == (EGIFT,))


def short_id(external_id: str) -> str:
    """Return the id itself, or its fingerprint if it is long or hard to type."""
    if _SHORT_ENOUGH.fullmatch(external_id):
        return external_id
    return fingerprint(external_id)


def recognises(payload: Mapping[str, Any]) -> bool:
    """Whether a JSON object is a send as Sendoso's API lists it, or the body of a webhook."""
    if payload.keys() == _WEBHOOK:
        return True
    named = "status" in payload and not payload.keys().isdisjoint(("id", "send_gid"))
    return named and not payload.keys().isdisjoint(_SEND_FIELDS) and not _FLAT & payload.keys()


def read(payload: Mapping[str, Any], times: TimeReader | None = None) -> Incoming:
    """Read one send of Sendoso's list.

    Raises:
        BadPayload: If it has no id or no status.
    """
    if payload.keys() == _WEBHOOK:
        raise BadPayload(
            "the body of a webhook of Sendoso does not say which status: import the send itself"
        )
    external_id = sent_id(payload)
    if not external_id:
        raise BadPayload("the send has neither id nor send_gid")
    details = PayloadFields(times)
    facts, also_at = _facts(payload, details)
    if not facts:
        raise BadPayload("the send has no status")
    _describe(payload, details)
    return Incoming(
        provider="sendoso",
        external_id=external_id,
        type=_type(*(plain(payload.get(name)) for name in ("type", "subtype", "status"))),
        fields=details.fields,
        facts=facts,
        warnings=tuple(details.warnings),
        current=word(payload.get("status")),
        also_at=also_at,
    )


def read_row(row: Row, times: TimeReader | None = None) -> Incoming:
    """Read one row of an export by canonical column names.

    Raises:
        BadPayload: If it has no status, or neither an id nor a recipient.
    """
    return export_rows.read_row(row, _ROWS, times)


def sent_id(payload: Mapping[str, Any]) -> str:
    """Return the id of the send that a JSON object is or is about, or an empty string.

    Raises:
        BadPayload: If it is too long, or digits of it are lost.
    """
    return send_id(payload.get("id")) or _decoded(plain(payload.get("send_gid")))


def _decoded(gid: str) -> str:
    """Return the id inside a global id, which is base64; any other text is returned as it is."""
    if gid.isdigit():
        return identifier(gid)
    try:
        text = base64.b64decode(gid + "=" * (-len(gid) % 4), validate=True).decode()
    except (binascii.Error, UnicodeError, ValueError):
        text = gid
    found = _GLOBAL_ID.fullmatch(text)
    return identifier(found["id"] if found else gid)


def _row_id(text: str) -> str:
    """Return Sendoso's id for the id of a row, as `identifier` returns it."""
    if text.isdigit():
        return text
    ours = _OUR_REFERENCE.fullmatch(text.strip())
    return ours["id"] if ours else _decoded(text.strip())


@lru_cache(maxsize=1024)
def _type(kind: str, subtype: str = "", status: str = "") -> str:
    """Return the type of a send.

    If neither type nor subtype is given, the status tells: some only eGifts can have.
    """
    if name := bare_word(kind) or bare_word(subtype):
        return EGIFT if "egift" in name.replace("_", "") else PHYSICAL
    return EGIFT if _slug(status) in _EGIFT_SLUGS else PHYSICAL


def _slug(name: str) -> str:
    return _SLUGS.get(bare_word(name), name)


def _facts(
    payload: Mapping[str, Any], details: PayloadFields
) -> tuple[tuple[Fact, ...], tuple[datetime, ...]]:
    """Return a fact for each status update, and one for the status if the updates do not end with it.

    The second of the two are other times at which the status may have begun.
    """
    facts = [
        Fact(name, details.moment(f"status {name[:40]}", update.get("occurred_at")))
        for update in parts(payload, "status_updates")
        if (name := word(update.get("status")))
    ]
    current = word(payload.get("status"))
    stamps = ["status_changed_at", "updated_at"]
    if _slug(current) in _FIRST:
        stamps.append("created_at")
    if not current or (facts and _slug(facts[-1].word) == _slug(current)):
        return distinct(facts), ()
    times = [at for name in stamps if (at := details.moment("status", payload.get(name)))]
    facts.append(Fact(current, times[0] if times else None))
    return distinct(facts), tuple(times[1:])


def _describe(payload: Mapping[str, Any], details: PayloadFields) -> None:
    """Set the fields that agents read."""
    touch, recipient, sender = (part(payload, name) for name in ("touch", "recipient", "sender"))
    details.text("subtype", payload.get("subtype"))
    details.text("campaign", touch.get("name"))
    details.text("recipient_name", recipient.get("name"))
    details.text("recipient_email", recipient.get("email"))
    details.text("company", recipient.get("company_name"))
    details.text("sender_name", sender.get("name"))
    details.text("sender_email", sender.get("email"))
    details.text("team", sender.get("team_name"))
    for name in ("sent_via", "funding_source", "tracking_number", "carrier"):
        details.text(name, payload.get(name))
    details.link(payload.get("tracking_url"))
    details.cost(payload.get("current_total_cost"), payload.get("currency"))
    details.time("created_at", payload.get("created_at"))
    details.time("expires_at", payload.get("expires_at"))


def _row_type(row: Row) -> str:
    """Return the type of a row; a table with a price of eGifts and no type holds only eGifts."""
    kind = row.get("type", EGIFT if "egift_price" in row else "")
    return _type(kind, row.get("subtype", ""), row.get("status", ""))


_ROWS = RowLayout(
    provider="sendoso",
    read_id=_row_id,
    read_type=_row_type,
    moments={
        "opened_at": "Opened",
        "clicked_at": "Clicked",
        "redeemed_at": "Redeemed",
        "shipped_at": "Shipped",
        "delivered_at": "Delivered",
    },
    slugs=_SLUGS,
    first=_FIRST,
)
