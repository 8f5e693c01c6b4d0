"""What a history keeps of the values that a platform has replaced, and how they are put back. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from models.records import Event, EventKind, SendRecord, Shipment
from models.rules.state import UNREADABLE_ENTRY, details

BEFORE = "before"
"""In an entry about a shipment: the former values of what has changed, by name; null for a new one."""
LEAD = "lead"
"""In an entry about a shipment: the former values of the fields of the send that changed with it."""
_CUT_AT = 200
"""How many characters of a former value older programs have kept."""
_TIMES: Mapping[str, object] = MappingProxyType(
    {
        name: kind
        for name, kind in SendRecord.__annotations__.items()
        if kind in (datetime, datetime | None)
    }
)
_NUMBERS = frozenset(
    name for name, kind in SendRecord.__annotations__.items() if kind in (int, int | None)
)
_SHIPMENT_TIMES = frozenset(("shipped_at", "delivered_at", "expected_at"))


class Former(NamedTuple):
    """A send as far as its platform's words go, before entries that are not folded."""

    fields: Mapping[str, Any]
    """The values of fields that have changed since, by name."""
    shipments: tuple[Shipment, ...]
    is_whole: bool
    """Whether the history has all of it; what is missing in an older entry is as it is today."""


def changed_values(before: Shipment | None, after: Shipment) -> dict[str, Any] | None:
    """Return the values of *before* that *after* does not have, by name, as JSON takes them.

    It is None if there was no shipment before.
    """
    if before is None:
        return None
    return {
        name: _plain(earlier)
        for name, earlier, now in zip(Shipment._fields, before, after, strict=True)
        if earlier != now
    }


def put_back(send: SendRecord, shipments: Sequence[Shipment], later: Iterable[Event]) -> Former:
    """Return what *send* and its *shipments* were before the entries *later*.

    Args:
        send: The send as it is after them.
        shipments: All of its shipments then.
        later: Its newest entries, the newest first; none is left out.
    """
    found: dict[str, Any] = {}
    parcels = {each.external_id: each for each in shipments}
    is_whole = True
    for event in later:
        try:
            if event.kind is EventKind.DETAILS:
                is_whole &= _undo_details(found, details(event))
            elif event.kind is EventKind.SHIPMENT:
                is_whole &= _undo_shipment(found, parcels, details(event))
        except UNREADABLE_ENTRY:
            is_whole = False
    kept = {name: value for name, value in found.items() if value != getattr(send, name)}
    return Former(kept, tuple(parcels.values()), is_whole)


def _undo_details(found: dict[str, Any], changed: Mapping[str, Any]) -> bool:
    """Put the former values of *changed* into *found*; return whether they are there whole."""
    is_whole = True
    for name, (before, _) in changed.items():
        if name in SendRecord._fields:
            found[name] = _value(name, before)
            is_whole &= len(before) != _CUT_AT
    return is_whole


def _undo_shipment(
    found: dict[str, Any], parcels: dict[str, Shipment], changed: Mapping[str, Any]
) -> bool:
    """Put one shipment back to what it was; return whether the entry says all of it."""
    name = changed["shipment"]
    found.update(changed.get(LEAD, {}))
    if BEFORE not in changed:
        # An older program has kept the state alone.
        if not changed["from"]:
            parcels.pop(name, None)
        elif name in parcels:
            parcels[name] = parcels[name]._replace(status=changed["from"])
        return False
    before = changed[BEFORE]
    if before is None:
        parcels.pop(name, None)
    elif name in parcels:
        values: dict[str, Any] = {
            key: datetime.fromisoformat(value) if key in _SHIPMENT_TIMES and value else value
            for key, value in before.items()
        }
        parcels[name] = parcels[name]._replace(**values)
    return True


def _value(name: str, text: str) -> object:
    """Return the value of a field of which *text* is what `str` made; None was made an empty text."""
    if name in _TIMES:
        return datetime.fromisoformat(text) if text else None
    if name in _NUMBERS:
        return int(text) if text else None
    return text


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value
