"""Reading Goody's orders and batches: the JSON of its API, webhooks, the rows of exports."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from models.providers import export_rows
from models.providers.export_rows import Row, RowLayout
from models.providers.goody.batches import is_about_batch, is_batch, read_batch
from models.providers.goody.derived import ARRIVED, FAILED, MOVING, REPLACED
from models.providers.goody.shipments import SHIPMENT_STATES
from models.providers.goody.statuses import STATUSES
from models.providers.incoming import BadPayload, Fact, Incoming, Refund
from models.providers.payload_fields import (
    ID_LIMIT,
    TEXT_LIMITS,
    PayloadFields,
    bare_word,
    distinct,
    fingerprint,
    full_name_of,
    identifier,
    part,
    parts,
    plain,
    product_names,
    send_id,
    slugs_by_word,
    word,
)
from models.records import Shipment
from models.values.dates import TimeReader
from models.values.text import display_text, storable

_CURRENCY = "USD"
_STEPS = (
    "created",
    "notified",
    "opened",
    "accepted",
    "pending_payment",
    "paid",
    "shipped",
    "delivered",
)
"""The statuses for which an order's `event_times` has a time."""
_ORDER_FIELDS = frozenset(
    {"individual_gift_link", "event_times", "order_batch_id", "gift_batch_id", "shipments"}
)
_OUR_REFERENCE = re.compile(r"[Gg]-(?P<id>[0-9a-fA-F-]{8,36})")
_UUID_START = re.compile(r"[0-9a-f]{8}(?:-|$)")
_WHOLE_UUID = 36
_REFUNDED = "order.refunded"
_SLUGS = slugs_by_word(STATUSES)
_SHIPMENT_SLUGS = frozenset(state.slug for state in SHIPMENT_STATES)
_OLD_SUBJECTS = {"gift_batch": "order_batch", "gift": "order"}
"""What older webhooks call batches and orders."""
_OTHER_EVENTS = {
    "order.opened": "order.gift_opened",
    "order.accepted": "order.gift_accepted",
    "order.cancelled": "order.canceled",
    "order_batch.complete": "order_batch.completed",
}
_WITHOUT_STATUS = frozenset({"thank_you_note_added", "refunded"})


def event_name(told: str) -> str:
    """Return the type of a webhook as Goody's list of events has it, from any spelling of it.

    Batches and orders have been `gift_batch` and `gift`, and an event of a gift repeats that or not.
    """
    subject, dot, happened = told.partition(".")
    name = f"{_OLD_SUBJECTS.get(subject, subject)}{dot}{happened}"
    return _OTHER_EVENTS.get(name, name)


def short_id(external_id: str) -> str:
    """Return the first eight characters of a UUID, or the fingerprint of any other id."""
    return external_id[:8] if _UUID_START.match(external_id) else fingerprint(external_id)


def recognises(payload: Mapping[str, Any]) -> bool:
    """Whether a JSON object is an order, a batch, or a webhook or an activity with one of them in it."""
    order = _order_of(payload)
    if "external_id" in order:
        # What the desk itself exports has shipments and the counts of batches too.
        return False
    if is_batch(order) or is_about_batch(word(payload.get("event_type"))):
        return not {"id", "gift_batch_id"}.isdisjoint(order)
    return {"id", "status"} <= order.keys() and bool(_ORDER_FIELDS & order.keys())


def read(payload: Mapping[str, Any], times: TimeReader | None = None) -> Incoming:
    """Read one order or batch, which may be inside the body of a webhook or an activity.

    Raises:
        BadPayload: If it has no id or no status, or is about something else.
    """
    order = _order_of(payload)
    event = event_name(word(payload.get("event_type")))
    if is_batch(order) or is_about_batch(event):
        return read_batch(order, event, times)
    external_id = send_id(order.get("id")).lower()
    if not external_id:
        raise BadPayload("the order has no id")
    details = PayloadFields(times)
    shipments = _shipments(order, details)
    reported = _reported(payload, details)
    facts = _facts(order, shipments, reported, details)
    if not facts:
        raise BadPayload("the order has no status")
    is_first = word(payload.get("order_status")) == "created"
    _describe(order, shipments, details, created=payload.get("created_at") if is_first else None)
    return Incoming(
        provider="goody",
        external_id=external_id,
        type="order",
        fields=details.fields,
        facts=facts,
        shipments=shipments,
        refund=_refund(order, details) if event == _REFUNDED else None,
        warnings=tuple(details.warnings),
        # A webhook or an activity may be newer than the order in it.
        current="" if reported else word(order.get("status")),
    )


def read_row(row: Row, times: TimeReader | None = None) -> Incoming:
    """Read one row of an export by canonical column names.

    Raises:
        BadPayload: If it has no status, or neither an id nor a recipient.
    """
    return export_rows.read_row(row, _ROWS, times)


def _order_of(payload: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the order itself: webhooks have it under `data`, activities under `order`."""
    if "event_type" in payload:
        return part(payload, "data")
    return part(payload, "order") if "order_status" in payload else payload


def _event_word(payload: Mapping[str, Any]) -> str:
    """Return the status that a webhook's event reports, or an empty string.

    Raises:
        BadPayload: If the event is not about an order.
    """
    if "event_type" not in payload:
        return ""
    subject, _, event = event_name(word(payload["event_type"])).partition(".")
    if subject != "order":
        raise BadPayload("the event is not about an order")
    return "" if event in _WITHOUT_STATUS else event.removeprefix("gift_")


def _reported(payload: Mapping[str, Any], details: PayloadFields) -> list[Fact]:
    """Return the status that a webhook or an activity reports besides those of the order."""
    name = word(payload.get("order_status")) or _event_word(payload)
    stamp = payload.get("created_at") if "order_status" in payload else None
    return [Fact(name, details.moment(name, stamp))] if name else []


def _facts(
    order: Mapping[str, Any],
    shipments: tuple[Shipment, ...],
    reported: list[Fact],
    details: PayloadFields,
) -> tuple[Fact, ...]:
    """Return the facts of the order, its shipments and its webhook or activity, each status once."""
    times = part(order, "event_times")
    known = {step: at for step in _STEPS if (at := details.moment(step, times.get(f"{step}_at")))}
    facts = [Fact(step, at) for step, at in known.items()]
    current = word(order.get("status"))
    facts += [fact for fact in _shipment_facts(shipments, current) if fact.word not in known]
    if current:
        facts.append(Fact(current, None))
    return distinct([*facts, *(fact for fact in reported if bare_word(fact.word) not in known)])


def _shipment_facts(shipments: tuple[Shipment, ...], current: str) -> list[Fact]:
    """Return what the shipments say about when the order entered its status *current*.

    An order is shipped when its first shipment moves, and delivered when all have arrived. That it is
    one of them only the order itself says.
    """
    said = _SLUGS.get(bare_word(current), "")
    facts = []
    if said in ("shipped", "delivered") and (
        moving := [each for each in shipments if each.status in MOVING or each.shipped_at]
    ):
        facts.append(Fact("shipped", min(_known(p.shipped_at for p in moving), default=None)))
    awaited = [shipment for shipment in shipments if shipment.status not in REPLACED]
    if said == "delivered" and awaited and all(each.status in ARRIVED for each in awaited):
        arrivals = _known(shipment.delivered_at for shipment in awaited)
        complete = len(arrivals) == len(awaited)
        facts.append(Fact("delivered", max(arrivals) if complete else None))
    return facts


def _known(moments: Iterable[datetime | None]) -> list[datetime]:
    return [moment for moment in moments if moment is not None]


def _shipments(order: Mapping[str, Any], details: PayloadFields) -> tuple[Shipment, ...]:
    """Return the order's shipments; if several have one id, the last of them counts."""
    found = {}
    for place, shipment in enumerate(parts(order, "shipments"), start=1):
        name = identifier(shipment.get("id")) or str(place)
        found[name] = Shipment(
            external_id=name,
            status=_state(shipment.get("status"), details),
            brand=storable(plain(shipment.get("brand_name")), TEXT_LIMITS["carrier"]),
            carrier=storable(plain(shipment.get("tracking_carrier")), TEXT_LIMITS["carrier"]),
            tracking_number=storable(
                details.code("tracking_number", shipment.get("tracking_number")), ID_LIMIT
            ),
            tracking_url=details.checked_link(shipment.get("tracking_url")),
            shipped_at=details.moment("shipped_at", shipment.get("shipped_at")),
            delivered_at=details.moment("delivered_at", shipment.get("delivered_at")),
            expected_at=details.moment("delivery_eta", shipment.get("delivery_eta")),
        )
    return tuple(found.values())


def _state(value: object, details: PayloadFields) -> str:
    """Return the state of a shipment by its slug; an unknown word as it came, with a warning."""
    said = storable(plain(value), 64)
    known = bare_word(said)
    if known in _SHIPMENT_SLUGS or not said:
        return known
    details.warn(f"shipment: “{display_text(said, 40)}” is not a known state; kept as it came")
    return said


def _describe(
    order: Mapping[str, Any],
    shipments: tuple[Shipment, ...],
    details: PayloadFields,
    created: object,
) -> None:
    """Set the fields that agents read.

    Args:
        order: The order.
        shipments: Its shipments.
        details: Gets the fields.
        created: When it was made, if the activity about that is read; a list of orders does not say it.
    """
    sender = part(order, "sender")
    details.text("recipient_name", full_name_of(order, "recipient_"))
    details.text("recipient_email", order.get("recipient_email"))
    details.text("sender_name", full_name_of(sender))
    details.text("sender_email", sender.get("email"))
    details.text("batch", order.get("order_batch_id") or order.get("gift_batch_id"))
    details.text("team", order.get("workspace_name"))
    details.text("campaign", product_names(order))
    details.time("created_at", part(order, "event_times").get("created_at") or created)
    if "expires_at" in order and order["expires_at"] is None:
        details.fields["expires_at"] = None
    details.time("expires_at", order.get("expires_at"))
    amounts = part(order, "amounts")
    total = amounts.get("amount_total")
    _read_cents(total if total is not None else amounts.get("amount_pre_tax_total"), details)
    if shipments:
        # The one in question comes first: it failed, or it has not arrived; then one with a number.
        first = min(
            shipments,
            key=lambda each: (
                each.status not in FAILED,
                each.status in ARRIVED | REPLACED,
                not each.tracking_number,
            ),
        )
        details.text("carrier", first.carrier)
        details.text("tracking_number", first.tracking_number)
        details.link(first.tracking_url)


def _refund(order: Mapping[str, Any], details: PayloadFields) -> Refund:
    """Return the refund that a webhook tells of: when, if it says so, and all of the order's amount."""
    at = details.moment("refunded_at", order.get("refunded_at"))
    amounts = part(order, "amounts")
    names = ("amount_refunded", "amount_total", "amount_pre_tax_total")
    cents = next((each for name in names if _is_cents(each := amounts.get(name))), None)
    return Refund(at, None if cents is None else details.amount("refund", cents))


def _is_cents(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _read_cents(cents: object, details: PayloadFields) -> None:
    """Set the cost; Goody gives amounts in whole cents of US dollars."""
    if isinstance(cents, int) and _is_cents(cents):
        details.currency(_CURRENCY)
        details.minor_cost(cents)
    elif cents is not None:
        details.warn("cost: not a whole number of cents")


def _row_id(text: str) -> str:
    """Return an order's id, which may be written as a ref of the desk: `G-` and the whole id.

    Raises:
        BadPayload: If the row has a short ref, from which the id cannot be known.
    """
    name = text.strip()
    if ours := _OUR_REFERENCE.fullmatch(name):
        name = ours["id"]
        if len(name) < _WHOLE_UUID:
            raise BadPayload("the id is a short form: give the order's whole id")
    return name.lower()


_ROWS = RowLayout(
    provider="goody",
    read_id=_row_id,
    read_type=lambda row: "order",
    moments={f"{step}_at": step for step in _STEPS if step != "created"},
    slugs=_SLUGS,
    first=frozenset({"created"}),
    currency=_CURRENCY,
)
