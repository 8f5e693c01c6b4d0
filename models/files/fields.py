"""Sends and cases as mappings for scripts; exports and `--format json` have the same fields."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from models.providers import catalogue
from models.records import Case, Credit, Event, OrdersIn, SendRecord, Shipment
from models.rules.batches import is_batch
from models.rules.due import USUAL_WARNINGS, Warnings, urgency
from models.rules.refunds import refunded
from models.rules.shipments import by_concern, state_of, state_word
from models.rules.state import known_at
from models.rules.undoing import taken_back
from models.values.calendar import age
from models.values.money import minor_digits

EXPORT_FIELDS = (
    *("id", "provider", "external_id", "type", "subtype", "status", "status_label", "stage"),
    *("provider_status", "provider_word", "provider_at", "overridden", "contested"),
    *("status_source", "rule", "estimated"),
    *("override_reason", "override_by", "override_at", "since", "age", "due_at", "urgency"),
    *("recipient_name", "recipient_email", "company", "campaign", "batch"),
    *("sender_name", "sender_email", "team", "sent_via", "owner"),
    *("escalated_at", "escalation_ref", "follow_up_at", "snooze", "snoozed_until"),
    *("tracking_number", "tracking_url", "carrier", "shipments"),
    *("cost", "currency", "funding_source"),
    *("refunded", "refunded_at", "refunded_amount"),
    *("scheduled_at", "orders_count", "recipients_count"),
    *("created_at", "expires_at", "revision"),
)
"""The fields of a send, in the order of the columns of an export, as JSON calls them."""
_JSON_PREFIX, _PREFIX = "provider", "platform"
"""How the names of fields about the platform begin: in JSON, which scripts rely on, and everywhere else."""

TIMES = (
    *("provider_at", "override_at", "since", "due_at", "escalated_at", "follow_up_at"),
    *("snoozed_until", "refunded_at", "scheduled_at", "created_at", "expires_at"),
)
"""Those of them that are times."""


def column_name(field: str) -> str:
    """Return what the column of *field* is called in tables, CSV and Markdown: `platform_status`."""
    return _PREFIX + field.removeprefix(_JSON_PREFIX) if field.startswith(_JSON_PREFIX) else field


def field_called(name: str) -> str | None:
    """Return the field of `EXPORT_FIELDS` that *name* means, as JSON or as a table calls it; else None."""
    field = _JSON_PREFIX + name.removeprefix(_PREFIX) if name.startswith(_PREFIX) else name
    return field if field in EXPORT_FIELDS else None


def iso(moment: datetime | None) -> str | None:
    """Return a time as ISO 8601 in UTC, ending in `Z`."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if moment else None


def cost(record: SendRecord) -> str | None:
    """Return the cost in whole units of its currency, exactly as it is stored: `48.75`."""
    return whole_units(record.cost_minor, record.currency)


def _is_estimate(record: SendRecord) -> bool:
    from models.rules.time_rules import is_estimate

    return is_estimate(record)


def _source(record: SendRecord) -> str:
    """Return who gave the status in force: `agent`, `rule` or `platform`."""
    if record.override_status is not None:
        return "agent"
    return "rule" if record.is_by_rule else "platform"


def whole_units(minor: int | None, currency: str) -> str | None:
    """Return *minor* units in whole units of *currency*, exactly: `48.75`; None for an unknown amount."""
    if minor is None:
        return None
    digits = minor_digits(currency)
    return f"{Decimal(minor).scaleb(-digits):.{digits}f}"


def as_json(
    record: SendRecord,
    now: datetime,
    warnings: Warnings = USUAL_WARNINGS,
    shipments: Iterable[Shipment] = (),
) -> dict[str, Any]:
    """Return the values of `EXPORT_FIELDS`: texts and flags, None for what is unknown.

    `shipments` is a list, with those in question first; `cell_text` makes text of it.

    Args:
        record: The send.
        now: The time at which urgency is judged, in UTC.
        warnings: How long before its limit it counts as due soon.
        shipments: Its shipments.
    """
    refund = refunded(record)
    special = {
        "id": record.ref,
        "status_label": catalogue.status(record.provider, record.status).label,
        "provider_word": record.provider_raw,
        "overridden": record.override_status is not None,
        "status_source": _source(record),
        "estimated": record.is_by_rule and _is_estimate(record),
        "age": age(now - record.since),
        "urgency": urgency(record, now, warnings.of(record.provider, record.status)),
        "shipments": [
            _shipment(record.provider, each) for each in by_concern(record.provider, shipments)
        ],
        "cost": cost(record),
        **{name: iso(getattr(record, name)) for name in TIMES},
        "refunded": refund is not None,
        "refunded_at": iso(refund.at) if refund else None,
        "refunded_amount": whole_units(refund.minor, record.currency) if refund else None,
    }
    return {key: special[key] if key in special else getattr(record, key) for key in EXPORT_FIELDS}


def case_as_json(case: Case, now: datetime, warnings: Warnings = USUAL_WARNINGS) -> dict[str, Any]:
    """Return a send with its shipments, advice, money, credits, usual next statuses, what lies around it, history.

    The history is oldest first. Of a long one it is the newest part; `history_total` counts all.

    Args:
        case: The case.
        now: The time at which urgency is judged, in UTC.
        warnings: How long before its limit it counts as due soon.
    """
    send = case.send
    undone = taken_back(case.history)
    return {
        **as_json(send, now, warnings, case.shipments),
        "advice": {
            "urgency": case.advice.urgency,
            "title": case.advice.title,
            "body": case.advice.body,
            "why": case.advice.why,
            "contact": case.advice.contact,
        },
        "money": list(case.money),
        "credits": [_credit(each) for each in case.credits],
        "next": [
            status.slug for status in catalogue.may_follow(send.provider, send.status, send.type)
        ],
        "around": {
            each.key: {"others": each.others, "exact": each.exact, "filter": each.filter}
            for each in case.around
        },
        **({"batch_progress": batch_progress(send, case.orders)} if is_batch(send) else {}),
        "history": [_event(each, each.seq in undone) for each in reversed(case.history)],
        "history_total": case.history_total,
    }


def batch_as_json(
    batch: SendRecord,
    orders: Sequence[OrdersIn],
    now: datetime,
    warnings: Warnings = USUAL_WARNINGS,
) -> dict[str, Any]:
    """Return a batch with how far it is.

    Args:
        batch: The batch.
        orders: Its orders on the desk by status.
        now: The time at which urgency is judged, in UTC.
        warnings: How long before its limit it counts as due soon.
    """
    return {**as_json(batch, now, warnings), **batch_progress(batch, orders)}


def batch_progress(batch: SendRecord, orders: Sequence[OrdersIn]) -> dict[str, Any]:
    """Return how far a batch is: its status in the platform's word, and its orders by status."""
    status = catalogue.status(batch.provider, batch.status)
    return {
        "name": batch.campaign,
        "send_status": status.word or batch.provider_raw or status.slug,
        "is_scheduled": batch.scheduled_at is not None,
        "scheduled_at": iso(batch.scheduled_at),
        "recipients_count": batch.recipients_count,
        "orders_count": batch.orders_count,
        "orders_here": sum(each.number for each in orders),
        "orders_by_status": {each.status: each.number for each in orders},
    }


def _credit(entry: Credit) -> dict[str, Any]:
    return {
        "state": entry.state.value,
        "amount": whole_units(entry.amount_minor, entry.currency),
        "currency": entry.currency,
        "funding_source": entry.funding_source,
        "rule": entry.rule or None,
        "at": iso(entry.at),
    }


def _event(event: Event, is_undone: bool) -> dict[str, Any]:
    return {
        "at": iso(known_at(event)),
        "recorded_at": iso(event.recorded_at),
        "kind": event.kind.value,
        "from": event.from_status,
        "to": event.to_status,
        "word": event.raw,
        "actor": event.actor,
        "reason": event.reason,
        "source": event.source,
        "taken_back": is_undone,
    }


def cell_text(value: object) -> str:
    """Return a value of `as_json` as the text of a cell."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case list():
            return "; ".join(map(_shipment_text, value))
        case _:
            return str(value)


def _shipment_text(shipment: Mapping[str, Any]) -> str:
    """Return a shipment of `as_json` in one line: its state, how it is tracked, when it is expected."""
    expected = None if shipment["delivered_at"] else shipment["expected_at"]
    words = (
        f"{shipment['status_label']}:",
        shipment["carrier"],
        shipment["tracking_number"] or shipment["brand"] or shipment["id"],
        f"expected {expected[:10]}" if expected else "",
    )
    return " ".join(filter(None, words))


def _shipment(provider: str, shipment: Shipment) -> dict[str, Any]:
    return {
        "id": shipment.external_id,
        "status": shipment.status,
        "status_label": state_word(provider, shipment),
        "stage": state_of(provider, shipment).stage.value,
        "brand": shipment.brand,
        "carrier": shipment.carrier,
        "tracking_number": shipment.tracking_number,
        "tracking_url": shipment.tracking_url,
        "shipped_at": iso(shipment.shipped_at),
        "delivered_at": iso(shipment.delivered_at),
        "expected_at": iso(shipment.expected_at),
    }
