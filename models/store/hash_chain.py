"""The hashes that bind the events of a history together, each to its send and to all before it."""

import json
from collections.abc import Iterable
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
_as_json = json.JSONEncoder(separators=(",", ":"), default=datetime.isoformat).encode


def digest(previous: bytes, identity: tuple[str, str], item: Event) -> bytes:
    """Return the hash that binds *item* to its send and to all the events before it."""
    return _digest(previous, identity, _values(item))


def chain(
    send_id: int, identity: tuple[str, str], head: bytes, events: Iterable[Event]
) -> tuple[list[dict[str, Any]], bytes]:
    """Return the rows that store *events* behind the hash *head*, and the new head.

    Args:
        send_id: The send.
        identity: Its provider and external id, which the hashes cover.
        head: The hash of the newest event so far; empty for the first.
        events: Numbered, in order.
    """
    rows = []
    for item in events:
        values = _values(item)
        head = _digest(head, identity, values)
        row = dict(zip(_STORED, (send_id, *values, head), strict=True))
        row["kind"] = item.kind.value
        rows.append(row)
    return rows, head


def _digest(previous: bytes, identity: tuple[str, str], values: Iterable[object]) -> bytes:
    text = _as_json([*identity, *values])
    return blake2b(previous + text.encode(), digest_size=16).digest()
