"""The statuses of Sendoso's sends, from first to last."""

from functools import partial

from models.providers.sendoso.egifts import EGIFTS
from models.providers.sendoso.issues import ISSUES
from models.providers.sendoso.parcels import PARCELS
from models.providers.status import Stage, Status

_TRACKER = "Sendoso Help Center, Send Tracker statuses"

_both = partial(Status, provider="sendoso", types=("egift", "physical"), source=_TRACKER)

_BOTH = (
    _both(
        slug="initiated",
        label="Initiated",
        aliases=("pending",),
        stage=Stage.WORKING,
        rank=10,
        next=(
            "sent",
            "confirming_address",
            "order_received",
            "amazon_fulfilling",
            "pending_approval",
            "pending_sendoso_approval",
            "insufficient_funds",
            "invalid_email_format",
            "suspicious_email",
            "out_of_stock",
            "canceled",
        ),
        meaning="A sender or an integration has just made it; nothing has gone out yet.",
        advice="Nothing to do: it moves on by itself. If it does not, check the sender's campaign.",
    ),
    _both(
        slug="canceled",
        label="Canceled",
        stage=Stage.CLOSED,
        rank=110,
        final=True,
        next=("refunded",),
        meaning="It was stopped and will not reach the recipient.",
        advice="Check that the credit shows in the funding source before you close the ticket.",
    ),
    _both(
        slug="refunded",
        label="Refunded",
        aliases=("Expired and Credited", "Credited"),
        stage=Stage.CLOSED,
        rank=120,
        refunds=True,
        final=True,
        meaning="The money is back: the eGift was never opened, its mail bounced, or the order was canceled.",
        advice="Tell the sender which funding source got the credit. A new send needs a new budget check.",
    ),
)

STATUSES: tuple[Status, ...] = tuple(
    status._replace(aliases=(*status.aliases, f"send.{status.slug}"))
    for status in sorted((*_BOTH, *ISSUES, *EGIFTS, *PARCELS), key=lambda status: status.rank)
)
"""Every status in the order of rank; the name of its webhook event is one of its aliases."""
