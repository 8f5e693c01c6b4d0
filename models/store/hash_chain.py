"""The hash of each event of a history: it covers the event, its send and the hash of the event before."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import blake2b
from operator import attrgetter
from typing import Any

from models.records import Event

HASHED = (
    "seq", "at", "recorded_at", "kind", "from_status", "to_status", "raw", "actor", "source", "reason",
    "detail", "request_id",
)  # fmt: skip
"""The values of an event that are stored and that its hash covers, in this order."""

_values = attrgetter(*HASHED)
_STORED = ("send_id", *HASHED, "hash")
_as_json = json.JSONEncoder(
    separators=(",", ":"), default=datetime.isoformat, check_circular=False
).encode


def digest(previous: bytes, identity: tuple[str, str], item: Event) -> bytes:
    """Return the hash of *item*, 16 bytes.

    Args:
        previous: The hash of the event before; empty for the first.
        identity: The provider and external id of its send.
        item: The event, numbered.
    """
    return _digest(previous, identity, _values(item))


def chain(
    send_id: int, identity: tuple[str, str], head: bytes, events: Iterable[Event]
) -> tuple[list[dict[str, Any]], bytes]:
    """Return the rows of `event` that store *events*, and the hash of the newest one.

    Args:
        send_id: The send.
        identity: Its provider and external id.
        head: The hash of its newest event so far; empty if there is none.
        events: Numbered, in the order of their numbers.
    """
    rows = []
    for item in events:
        values = _values(item)
        head = _digest(head, identity, values)
        row = dict(zip(_STORED, (send_id, *values, head), strict=True))
        row["kind"] = item.kind.value
        rows.append(row)
    return rows, head


def is_whole(
    identity: tuple[str, str], head: bytes, events: Sequence[Event], hashes: Sequence[bytes]
) -> bool:
    """Whether no event of a history is missing, altered or put in.

    Args:
        identity: The provider and external id of the send.
        head: What the send names as the hash of its newest event; empty if there is none.
        events: All events, in the order of their numbers.
        hashes: Their stored hashes.
    """
    newest = b""
    for number, (item, stored) in enumerate(zip(events, hashes, strict=True), 1):
        newest = digest(newest, identity, item)
        if item.seq != number or stored != newest:
            return False
    return head == newest


def _digest(previous: bytes, identity: tuple[str, str], values: Iterable[object]) -> bytes:
    text = _as_json([*identity, *values])
    return blake2b(previous + text.encode(), digest_size=16).digest()
