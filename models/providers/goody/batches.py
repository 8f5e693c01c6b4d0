"""How an order batch of Goody is read."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from models.providers.incoming import BadPayload, Fact, Incoming
from models.providers.payload_fields import (
    PayloadFields,
    distinct,
    full_name_of,
    part,
    product_names,
    send_id,
    word,
)
from models.providers.status import BATCH_TYPE
from models.values.dates import TimeReader

_MOST = 10**9
"""A larger number of orders is none."""
_FIELDS = frozenset(
    {
        *("send_status", "orders_count", "orders_preview", "recipients_count"),
        *("recipients_preview", "gifts_count", "gifts_preview", "is_scheduled_send"),
    }
)
_SUBJECTS = frozenset({"order_batch", "gift_batch"})
"""What the types of webhooks about batches begin with; the second is the older spelling."""
_EVENTS: Mapping[str, str] = {"completed": "complete", "canceled": "canceled", "failed": "failed"}
"""The statuses that the webhooks about batches report, by the ends of their types."""


def is_batch(payload: Mapping[str, Any]) -> bool:
    """Whether a JSON object is a batch of orders."""
    return len(_FIELDS & payload.keys()) > 1 and "individual_gift_link" not in payload


def is_about_batch(event_type: str) -> bool:
    """Whether a webhook of this type is about a batch."""
    return event_type.partition(".")[0] in _SUBJECTS


def read_batch(
    batch: Mapping[str, Any], event_type: str = "", times: TimeReader | None = None
) -> Incoming:
    """Read one batch in either spelling: `send_status` or `status`, `orders_count` or `gifts_count`.

    Args:
        batch: The batch.
        event_type: The type of the webhook that it is in: `order_batch.completed`; or an empty string.
        times: Reads its times.

    Raises:
        BadPayload: If it has no id or no status.
    """
    external_id = send_id(batch.get("id") or batch.get("gift_batch_id")).lower()
    if not external_id:
        raise BadPayload("the batch has no id")
    current = word(batch.get("send_status")) or word(batch.get("status"))
    event = _EVENTS.get(event_type.partition(".")[2], "")
    said = [Fact(name, None) for name in (current, event) if name]
    if not said and event_type:
        said = [Fact("pending", None)]
    if not said:
        raise BadPayload("the batch has no status")
    details = PayloadFields(times)
    _describe(batch, details)
    return Incoming(
        provider="goody",
        external_id=external_id,
        type=BATCH_TYPE,
        fields=details.fields,
        facts=distinct(said),
        warnings=tuple(details.warnings),
        # A webhook may be newer than the batch in it.
        current="" if event else current,
    )


def _describe(batch: Mapping[str, Any], details: PayloadFields) -> None:
    """Set the fields that agents read."""
    sender = part(batch, "sender")
    details.text("campaign", batch.get("batch_name") or product_names(batch))
    details.text("sender_name", full_name_of(sender) or batch.get("from_name"))
    details.text("sender_email", sender.get("email"))
    details.text("team", batch.get("workspace_name"))
    details.time("created_at", batch.get("created_at"))
    if "expires_at" in batch and batch["expires_at"] is None:
        details.fields["expires_at"] = None
    details.time("expires_at", batch.get("expires_at"))
    _scheduled(batch, details)
    _count(batch, "recipients_count", ("recipients_count",), details)
    _count(batch, "orders_count", ("orders_count", "gifts_count"), details)


def _scheduled(batch: Mapping[str, Any], details: PayloadFields) -> datetime | None:
    return details.time("scheduled_at", batch.get("scheduled_send_on"))


def _count(
    batch: Mapping[str, Any], name: str, members: tuple[str, ...], details: PayloadFields
) -> None:
    """Set the number *name* from the first of *members* that is there."""
    number = next((batch[each] for each in members if batch.get(each) not in (None, "")), None)
    if number is None:
        return
    text = str(number) if isinstance(number, int | str) and not isinstance(number, bool) else ""
    if text.isascii() and text.isdigit() and int(text) < _MOST:
        details.fields[name] = int(text)
    else:
        details.warn(f"{name}: not a number")
