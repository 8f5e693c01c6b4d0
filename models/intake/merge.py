"""What a platform says now, against what it said before: what of it is new."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import count
from typing import Any

from models.providers import catalogue
from models.providers.provider import Fact, Incoming
from models.providers.status import UNMAPPED_SLUG
from models.records import Event, EventKind, SendRecord, Shipment

Told = tuple[str, datetime | None]
"""What a fact says: our status, or the platform's word where we know none, and when."""


def merge(first: Incoming, second: Incoming) -> Incoming:
    """Return one send for two descriptions of it; the newer one's fields win.

    The one that knows the later fact is the newer; of equals it is *second*.
    """
    older, newer = (second, first) if _is_older(second, _newest(first)) else (first, second)
    return newer._replace(
        fields={
            **older.fields,
            **{key: value for key, value in newer.fields.items() if value not in (None, "")},
        },
        facts=(*first.facts, *second.facts),
        shipments=merge_parcels(older.shipments, newer.shipments),
        warnings=(*first.warnings, *second.warnings),
    )


def merge_parcels(
    known: tuple[Shipment, ...], told: tuple[Shipment, ...], *, older: bool = False
) -> tuple[Shipment, ...]:
    """Return the parcels of both, each as *told* has it, or as *known* has it if that is *older*."""
    merged = {parcel.external_id: parcel for parcel in known}
    for parcel in told:
        if not older or parcel.external_id not in merged:
            merged[parcel.external_id] = parcel
    return tuple(merged.values())


def told(event: Event) -> Told:
    """Return what a fact in the history says."""
    return (event.raw if event.to_status == UNMAPPED_SLUG else event.to_status, event.at)


def new_events(
    incoming: Incoming, known: Iterable[Event], source: str, now: datetime
) -> Iterator[Event]:
    """Yield the facts of *incoming* that the history does not hold, in the order they happened.

    A fact without a time says nothing where the same status is known already. They are numbered from
    1 on, as those of a new send are.
    """
    numbers = count(1)
    seen = {told(event) for event in known if event.kind is EventKind.FACT}
    statuses = {word for word, _ in seen}
    before = ""
    for slug, fact in sorted(
        _resolved(incoming), key=lambda item: (item[1].at is None, item[1].at)
    ):
        key = (fact.word if slug == UNMAPPED_SLUG else slug, fact.at)
        if key in seen or (fact.at is None and key[0] in statuses):
            before = slug
            continue
        seen.add(key)
        statuses.add(key[0])
        yield Event(
            seq=next(numbers), at=fact.at, recorded_at=now, kind=EventKind.FACT, from_status=before, to_status=slug,
            raw=fact.word, actor=incoming.provider, source=source,
        )  # fmt: skip
        before = slug


def is_older(incoming: Incoming, known: Iterable[Event]) -> bool:
    """Whether the desk knows of something later than all that *incoming* tells.

    What comes without any time is never older.
    """
    moments = (event.at for event in known if event.kind is EventKind.FACT)
    return _is_older(incoming, max(filter(None, moments), default=None))


def new_fields(incoming: Incoming, send: SendRecord, *, older: bool) -> dict[str, Any]:
    """Return the fields that *incoming* changes, by name; an *older* one only fills gaps."""
    changed = {}
    for name, value in {**incoming.fields, "type": incoming.type}.items():
        present = getattr(send, name)
        if value not in (None, "", present) and (not older or present in (None, "")):
            changed[name] = value
    return changed


def _resolved(incoming: Incoming) -> Iterator[tuple[str, Fact]]:
    for fact in incoming.facts:
        status = catalogue.resolve(incoming.provider, fact.word, incoming.type)
        yield (status.slug if status else UNMAPPED_SLUG), fact


def _newest(incoming: Incoming) -> datetime | None:
    return max((fact.at for fact in incoming.facts if fact.at), default=None)


def _is_older(incoming: Incoming, known: datetime | None) -> bool:
    newest = _newest(incoming)
    return newest is not None and known is not None and newest < known
