"""Goody's order batches: their statuses, and how one is read."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any, Final

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
from models.providers.status import BATCH_TYPE, Stage, Status, Threshold
from models.values.calendar import AT_ONCE, Limit
from models.values.dates import TimeReader

PENDING: Final = "batch_pending"
SCHEDULED: Final = "batch_scheduled"
_LIFECYCLE = "Goody developer docs, order lifecycle"
_API = "Goody API description, OrderBatchSendStatus"
_SUPPORT = "Goody Support"
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

_batch = partial(Status, provider="goody", types=(BATCH_TYPE,), source=_LIFECYCLE)

BATCH_STATUSES: Final = (
    _batch(
        slug=PENDING,
        label="Batch Pending",
        word="pending",
        aliases=("pending",),
        stage=Stage.WORKING,
        rank=10,
        next=("batch_complete", SCHEDULED, "batch_failed", "batch_canceled"),
        threshold=Threshold(
            Limit(1, "h"),
            "Send Desk: making the orders takes minutes",
        ),
        meaning="Goody is making an order for each recipient of the batch.",
        advice="Compare the orders made with the recipients. If their number stands still, ask Goody Support.",
        request="Please tell us why the orders of this batch are not complete, and when they will be.",
        contact=_SUPPORT,
    ),
    _batch(
        slug=SCHEDULED,
        label="Batch Scheduled",
        word="pending",
        aliases=("scheduled",),
        stage=Stage.WORKING,
        rank=15,
        runs_from_schedule=True,
        next=("batch_complete", "batch_failed", "batch_canceled"),
        threshold=Threshold(
            Limit(1, "h"),
            "Send Desk: at the scheduled time the orders are made, which takes minutes",
        ),
        meaning="The batch waits for its scheduled time; its orders are made then. Goody calls it pending.",
        advice="Once its time has passed there are orders; if there are none, ask Goody Support.",
        request="Please tell us why this batch was not sent at its scheduled time, and when it will be.",
        contact=_SUPPORT,
        source="Send Desk, from the batch's scheduled_send_on",
    ),
    _batch(
        slug="batch_failed",
        label="Batch Failed",
        word="failed",
        aliases=("failed",),
        stage=Stage.PROBLEM,
        rank=20,
        next=("batch_canceled",),
        threshold=Threshold(AT_ONCE, "Send Desk: no order comes of a batch that failed"),
        meaning="Goody could not make the orders; it does not publish why a batch fails.",
        advice="Ask Goody Support why it failed and whether it was charged, then have the sender send it again.",
        request="Please tell us why this batch failed, and whether anything was charged.",
        short_word="failed",
        contact=_SUPPORT,
        source=_API,
    ),
    _batch(
        slug="batch_complete",
        label="Batch Complete",
        word="complete",
        aliases=("complete", "completed"),
        stage=Stage.DONE,
        rank=100,
        final=True,
        meaning="There is an order for each recipient; how far each has come, the orders say.",
        advice="Nothing to do about the batch. Look at its orders.",
    ),
    _batch(
        slug="batch_canceled",
        label="Batch Canceled",
        word="canceled",
        aliases=("canceled",),
        stage=Stage.CLOSED,
        rank=110,
        final=True,
        meaning="The batch was called off; no more orders come of it.",
        advice="Check with the sender that it was meant, and that the held amount is free again.",
        source=_API,
    ),
)
"""Every status of a batch by rank, with the one that Send Desk derives."""


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
