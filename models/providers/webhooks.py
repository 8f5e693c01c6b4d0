"""What a platform's webhooks say, as its package describes them."""

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

from models.providers.incoming import Incoming

EVENT_LIMIT = 64
"""How many characters of an event's name are kept."""


class Told(NamedTuple):
    """What a message is about, as far as it says so before it is read."""

    event: str
    """What has happened: one of `Webhooks.EVENTS`, or the platform's own word."""
    subject: str
    """The external id of the send or batch; empty if it names none."""


class Webhooks(Protocol):
    """The module of a platform that reads the messages of its webhooks."""

    EVENTS: tuple[str, ...]
    """Every event that the platform has, as a webhook asks for it."""
    EVENT_IN_ADDRESS: bool
    """Whether only the address says which event it is: each event then has an address of its own.

    Such addresses may also hold a secret in place of a signature.
    """
    REGISTRY: str
    """Where its API registers webhooks: an address and its events are posted there, an id is answered,
    and below the id it is deleted again; empty if only its portal does."""
    NEEDS_SEND: bool
    """Whether a message says too little to make a send of it: it waits until the send is known."""

    def told(self, payload: Mapping[str, Any], event: str) -> Told:
        """Return what a message is about.

        Args:
            payload: Its body.
            event: The event that the address names, or an empty string.
        """

    def read(self, payload: Mapping[str, Any], told: Told, type: str) -> Incoming:  # noqa: A002
        """Read a message of a known event.

        Args:
            payload: Its body.
            told: What `told` returned for it.
            type: The type of the send if it is known, else an empty string.

        Raises:
            BadPayload: If it says nothing of a send.
        """
