"""Compares a payload with what is stored: which events and fields of it are new."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import count
from typing import Any

from models.providers import catalogue
from models.providers.incoming import Fact, Incoming, Refund
from models.providers.status import UNMAPPED_SLUG, Status
from models.records import Event, EventKind, SendRecord, Shipment
from models.rules.shipments import Standing, merged
from models.rules.state import assumption

FactKey = tuple[str, datetime | None]
"""What makes two facts the same: the slug, or the provider's word if that says more, and the time."""


def merge(first: Incoming, second: Incoming) -> Incoming:
    """Return one payload for two of the same send, with the facts of both.

    The fields of the newer one win, unless they are empty. The newer one is the one with the later
    fact; if neither is later, it is *second*.
    """
    standing: Standing = "newer"
    if _is_older(second, _newest(first)):
        older, newer = second, first
    else:
        older, newer = first, second
        if not _is_older(first, _newest(second)):
            standing = "same"
    fields = {
        **older.fields,
        **{key: value for key, value in newer.fields.items() if value not in (None, "")},
    }
    if "orders_count" in fields:
        fields["orders_count"] = max(each.fields.get("orders_count", 0) for each in (first, second))
    return newer._replace(
        fields=fields,
        facts=(*first.facts, *second.facts),
        shipments=merge_shipments(first.provider, older.shipments, newer.shipments, standing),
        warnings=(*first.warnings, *second.warnings),
        remarks=tuple(dict.fromkeys((*first.remarks, *second.remarks))),
        refund=_both(first.refund, second.refund),
    )


def _both(first: Refund | None, second: Refund | None) -> Refund | None:
    """Return one refund for two of the same send: the earlier time and the larger amount."""
    if first is None or second is None:
        return first or second
    times = [at for at in (first.at, second.at) if at is not None]
    amounts = [minor for minor in (first.minor, second.minor) if minor is not None]
    return Refund(min(times, default=None), max(amounts, default=None))


def merge_shipments(
    provider: str, known: tuple[Shipment, ...], incoming: tuple[Shipment, ...], standing: Standing
) -> tuple[Shipment, ...]:
    """Return the shipments of both, each with what `models.rules.shipments.merged` makes of it.

    Args:
        provider: The key of their provider.
        known: What is known.
        incoming: Those of a payload.
        standing: How the payload stands to what is known, by its facts.
    """
    found = {shipment.external_id: shipment for shipment in known}
    for shipment in incoming:
        name = shipment.external_id
        found[name] = (
            merged(provider, found[name], shipment, standing) if name in found else shipment
        )
    return tuple(found.values())


def fact_key(provider: str, slug: str, word: str, at: datetime | None) -> FactKey:
    """Return the key of a fact: its status *slug*, the provider's *word* for it, and its time.

    A word says more if its status is unmapped, or if it also says that the money was given back.
    """
    says_more = slug == UNMAPPED_SLUG or word in catalogue.status(provider, slug).refund_words
    return (word if says_more else slug, at)


def new_events(
    incoming: Incoming, known: Iterable[Event], source: str, now: datetime
) -> Iterator[Event]:
    """Yield an event for each fact of *incoming* that is not in the history, the oldest first.

    At the same time the place in the lifecycle decides. Facts without a time come last; one is skipped
    if the history already has its status.

    Args:
        incoming: The payload.
        known: The events of the send's history; none for a new send.
        source: Where the payload comes from.
        now: When it is recorded, in UTC.

    Yields:
        Events numbered from 1 on, as those of a new send are; `journal.append` numbers them anew.
    """
    known = tuple(known)
    provider = incoming.provider
    numbers = count(1)
    seen = {
        fact_key(provider, event.to_status, event.raw, event.at)
        for event in known
        if event.kind is EventKind.FACT
    }
    statuses = {status for status, _ in seen}
    before = ""
    facts = [(_status_of(incoming, fact), fact) for fact in incoming.facts]
    facts.sort(key=lambda item: (item[1].at is None, item[1].at, item[0].rank))
    for status, fact in facts:
        slug = status.slug
        key = fact_key(provider, slug, fact.word, fact.at)
        if key in seen or (fact.at is None and key[0] in statuses):
            before = slug
            continue
        seen.add(key)
        statuses.add(key[0])
        yield Event(
            seq=next(numbers), at=fact.at, recorded_at=now, kind=EventKind.FACT, from_status=before, to_status=slug,
            raw=fact.word, actor=provider, source=source,
            detail="{}" if fact.at else _assumed(fact, status, facts, known),
        )  # fmt: skip
        before = slug


def _assumed(
    fact: Fact, status: Status, facts: Sequence[tuple[Status, Fact]], known: Sequence[Event]
) -> str:
    """Return the detail of the event of a fact without a time: when it began, if that follows from others.

    Args:
        fact: The fact.
        status: Its status.
        facts: All facts of its payload, with their statuses.
        known: The history of its send.
    """
    moment = fact.assumed_at
    if moment is None and status.follows_at_once:
        earlier = [each.at for other, each in facts if each.at and other.rank < status.rank]
        earlier += [
            event.at
            for event in known
            if event.kind is EventKind.FACT
            and event.at
            and catalogue.status(status.provider, event.to_status).rank < status.rank
        ]
        moment = max(earlier, default=None)
    return assumption(moment) if moment else "{}"


def is_older(incoming: Incoming, known: Iterable[Event]) -> bool:
    """Whether the history has a fact that is later than every fact of *incoming*.

    A payload without any time is never older.
    """
    return _is_older(incoming, _newest_known(known))


def standing_of(incoming: Incoming, known: Iterable[Event]) -> Standing:
    """Return how *incoming* stands to a history by the times of its facts; without times it is the same."""
    newest, known_newest = _newest(incoming), _newest_known(known)
    if newest is None or known_newest is None or newest == known_newest:
        return "same"
    return "older" if newest < known_newest else "newer"


def new_fields(incoming: Incoming, send: SendRecord, *, older: bool) -> dict[str, Any]:
    """Return the fields of *send* that *incoming* changes, by name; an *older* one only fills empty ones."""
    changed = {}
    for name, value in {**incoming.fields, "type": incoming.type}.items():
        present = getattr(send, name)
        if name == "orders_count" and value < (present or 0):
            continue  # Webhooks overtake each other, and no order is unmade.
        if name == "tracking_number" and present != value == present.lstrip("0"):
            continue  # A spreadsheet took the number's zeros away.
        if value not in (None, "", present) and (not older or present in (None, "")):
            changed[name] = value
    return changed


def _status_of(incoming: Incoming, fact: Fact) -> Status:
    """Return the status that a fact of *incoming* names."""
    provider = incoming.provider
    found = catalogue.resolve(provider, fact.word, incoming.type)
    return found or catalogue.status(provider, UNMAPPED_SLUG)


def _newest(incoming: Incoming) -> datetime | None:
    return max((fact.at for fact in incoming.facts if fact.at), default=None)


def _newest_known(known: Iterable[Event]) -> datetime | None:
    """Return the time of the latest fact of a history; a fact is never later than its recording."""
    moments = (
        min(event.at, event.recorded_at)
        for event in known
        if event.kind is EventKind.FACT and event.at is not None
    )
    return max(moments, default=None)


def _is_older(incoming: Incoming, known: datetime | None) -> bool:
    newest = _newest(incoming)
    return newest is not None and known is not None and newest < known
