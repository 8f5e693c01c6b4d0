"""Goody's webhooks: each message holds the whole order or batch, but no time."""

from collections.abc import Mapping
from typing import Any

from models.providers.goody import payloads
from models.providers.incoming import BadPayload, Incoming
from models.providers.payload_fields import identifier, part, word
from models.providers.webhooks import EVENT_LIMIT, Told
from models.values.text import storable

EVENTS = (
    "order_batch.created",
    "order_batch.completed",
    "order.created",
    "order.gift_opened",
    "order.gift_accepted",
    "order.thank_you_note_added",
    "order.shipped",
    "order.delivered",
    "order.canceled",
    "order.refunded",
)
EVENT_IN_ADDRESS = False
REGISTRY = "/v1/webhooks"
NEEDS_SEND = False


def told(payload: Mapping[str, Any], event: str) -> Told:
    """Return the event in the newer spelling and the id of the order or batch."""
    data = part(payload, "data")
    try:
        name = identifier(data.get("id") or data.get("gift_batch_id")).lower()
    except BadPayload:
        name = ""
    event = payloads.event_name(word(payload.get("event_type")))
    return Told(storable(event, EVENT_LIMIT), name)


def read(payload: Mapping[str, Any], told: Told, type: str) -> Incoming:  # noqa: A002
    """Read the order in a message, with the status that the event reports.

    Raises:
        BadPayload: If there is no order in it.
    """
    return payloads.read({**payload, "event_type": told.event})
