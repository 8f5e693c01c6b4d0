"""How Kindbox's boxes read: its interface's JSON and the rows of its exports."""

from collections.abc import Mapping
from typing import Any

from models.providers import export_rows
from models.providers.export_rows import Row, RowLayout
from models.providers.incoming import BadPayload, Fact, Incoming
from models.providers.payload_fields import (
    PayloadFields,
    distinct,
    identifier,
    part,
    parts,
    plain,
    slugs_by_word,
    word,
)
from models.values.dates import TimeReader
from tests.support.third_platform.statuses import STATUSES


def short_id(external_id: str) -> str:
    """Return the number of a box without its letters."""
    return external_id.removeprefix("BX")


def recognises(payload: Mapping[str, Any]) -> bool:
    """Whether a JSON object looks like a box."""
    return {"box", "journey"} <= payload.keys()


def read(payload: Mapping[str, Any], times: TimeReader | None = None) -> Incoming:
    """Read one box.

    Raises:
        BadPayload: If it has no number or no journey.
    """
    details = PayloadFields(times)
    steps = [
        Fact(name, details.moment("journey", step.get("on")))
        for step in parts(payload, "journey")
        if (name := word(step.get("state")))
    ]
    external_id = identifier(payload.get("box"))
    if not external_id or not steps:
        raise BadPayload("the box has no number or no journey")
    details.text("recipient_name", part(payload, "addressee").get("name"))
    details.text("recipient_email", part(payload, "addressee").get("mail"))
    details.text("tracking_number", plain(payload.get("carrier_number")))
    return Incoming(
        provider="kindbox",
        external_id=external_id,
        type="box",
        fields=details.fields,
        facts=distinct(steps),
        warnings=tuple(details.warnings),
    )


def read_row(row: Row, times: TimeReader | None = None) -> Incoming:
    """Read one row of an export by canonical column names.

    Raises:
        BadPayload: If it has no status, or neither a number nor an addressee.
    """
    return export_rows.read_row(row, _ROWS, times)


_ROWS = RowLayout(
    provider="kindbox",
    read_id=str.strip,
    read_type=lambda row: "box",
    moments={"packed_at": "Packed"},
    slugs=slugs_by_word(STATUSES),
    first=frozenset({"ordered"}),
)
