"""What an import cannot be sure of, in sentences for its report."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from models.providers import catalogue
from models.providers.incoming import Incoming
from models.providers.status import BATCH_TYPE
from models.records import SendRecord, Shipment
from models.rules.state import SendState
from models.values.text import display_text

FROM_FILE = "import:"
"""How the source of what an import reads begins; the name of the file follows."""
_WORD_SHOWN = 40
"""How many characters of a provider's word a sentence repeats."""


def of_order(send: Incoming, state: SendState, now: datetime) -> Iterator[str]:
    """Yield a sentence if the payload's status may be old, or is not the present one.

    Args:
        send: The payload.
        state: What the history says with it.
        now: The time of the import, in UTC.
    """
    if send.type == BATCH_TYPE:
        # Of a batch no platform says since when, and no order of its statuses is in doubt.
        return
    differs = _differs(send, state)
    if not differs and not state.order_uncertain:
        return
    name = f"{send.provider}:{send.external_id}"
    status = catalogue.status(send.provider, state.provider_status)
    present = display_text(state.provider_raw, _WORD_SHOWN)
    word = display_text(send.current, _WORD_SHOWN)
    if any(fact.at is None for fact in send.facts):
        if state.order_uncertain:
            if state.provider_since == now and not status.final:
                yield f"{name}: nothing says since when it is {present}: counted from now on"
        elif differs:
            yield f"{name}: {word} without a time is not a later step than {present}: left in the history"
        return
    newest = max((fact.at for fact in send.facts if fact.at), default=None)
    if newest is not None and newest == state.provider_at and differs:
        yield (
            f"{name}: {word} has the same time as {present}, which is the later step: left in the "
            "history"
        )


def of_clocks(send: Incoming, source: str) -> str:
    """Return why a time may lie a few hours ahead, and what to do.

    Args:
        send: The payload that has the time.
        source: Where it comes from.
    """
    if source.startswith(FROM_FILE):
        return "if the file has local times, name their zone with --timezone"
    name = catalogue.provider(send.provider).name
    return f"{name}'s clock is ahead, or this computer's is behind: check the time of this computer"


def of_tracking_number(
    send: Incoming,
    stored: SendRecord,
    fields: dict[str, Any],
    shipments: Sequence[Shipment],
    source: str,
) -> Iterator[str]:
    """Yield a sentence if the tracking number of what may be another parcel is replaced.

    Args:
        send: The payload.
        stored: The send as it was.
        fields: Its fields that the payload changes, by name.
        shipments: Its shipments with those of the payload.
        source: Where the payload comes from.
    """
    before, after = stored.tracking_number, fields.get("tracking_number")
    if before and after and before not in {shipment.tracking_number for shipment in shipments}:
        told = (
            f"{send.provider}:{send.external_id}: its tracking number {before} gives way to {after}"
        )
        if source.startswith(FROM_FILE):
            told += "; if both are parcels of it, import their rows in one file"
        yield told


def _differs(send: Incoming, state: SendState) -> bool:
    """Whether the payload says by itself which status is the present one, and it is another."""
    if not send.current:
        return False
    known = catalogue.resolve(send.provider, send.current, send.type)
    if known is None:
        return state.provider_raw != send.current
    return known.slug != state.provider_status
