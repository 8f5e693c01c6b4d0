"""Kindbox's webhooks: each message is a whole box, and says in one word what has happened."""

from collections.abc import Mapping
from typing import Any

from models.providers.incoming import Incoming
from models.providers.payload_fields import plain, word
from models.providers.webhooks import Told
from tests.support.third_platform import payloads

EVENTS = ("box.moved",)
EVENT_IN_ADDRESS = False
REGISTRY = ""
NEEDS_SEND = False


def told(payload: Mapping[str, Any], event: str) -> Told:
    """Return what has happened to which box."""
    return Told(word(payload.get("happened")), plain(payload.get("box")))


def read(payload: Mapping[str, Any], told: Told, type: str) -> Incoming:  # noqa: A002
    """Read the box in a message.

    Raises:
        BadPayload: If there is none.
    """
    return payloads.read(payload)
