"""Sendoso's webhooks: the address names the event, the body only the send and the time."""

from collections.abc import Mapping
from typing import Any

from models.providers.incoming import BadPayload, Fact, Incoming
from models.providers.payload_fields import PayloadFields, bare_word, plain, slugs_by_word
from models.providers.sendoso.payloads import sent_id
from models.providers.sendoso.statuses import STATUSES
from models.providers.webhooks import EVENT_LIMIT, Told
from models.values.text import storable

EVENTS = tuple(status.slug for status in STATUSES)
EVENT_IN_ADDRESS = True
REGISTRY = ""
NEEDS_SEND = True
_LABELS = {status.slug: status.label for status in STATUSES}
_SLUGS = slugs_by_word(STATUSES)


def told(payload: Mapping[str, Any], event: str) -> Told:
    """Return the status that the address names, with or without `send.` before it, and the send's id."""
    name = storable(bare_word(event).removeprefix("send_"), EVENT_LIMIT)
    try:
        subject = sent_id(payload)
    except BadPayload:
        subject = ""
    return Told(_SLUGS.get(name, name), subject)


def read(payload: Mapping[str, Any], told: Told, type: str) -> Incoming:  # noqa: A002
    """Read a message about a send of the given type.

    Raises:
        BadPayload: If it does not say which send it is about.
    """
    if not told.subject:
        raise BadPayload("the message has no send_gid")
    details = PayloadFields()
    at = details.moment("status_changed_at", plain(payload.get("status_changed_at")))
    return Incoming(
        provider="sendoso",
        external_id=told.subject,
        type=type,
        fields={},
        facts=(Fact(_LABELS[told.event], at),),
        warnings=tuple(details.warnings),
    )
