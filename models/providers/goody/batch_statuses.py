"""The statuses of Goody's order batches."""

from functools import partial
from typing import Final

from models.providers.status import BATCH_TYPE, Stage, Status, Threshold
from models.values.calendar import AT_ONCE, Limit

PENDING: Final = "batch_pending"
SCHEDULED: Final = "batch_scheduled"
_LIFECYCLE = "Goody developer docs, order lifecycle"
_API = "Goody API description, OrderBatchSendStatus"
_SUPPORT = "Goody Support"

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
