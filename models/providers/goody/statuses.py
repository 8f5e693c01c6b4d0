"""The statuses of Goody's orders, from first to last."""

from functools import partial

from models.providers.status import Stage, Status, Threshold
from models.values.calendar import AT_ONCE

_LIFECYCLE = "Goody developer docs, order lifecycle"
_API = "Goody API description, OrderStatus"
_CANCELING = "Goody developer docs, retrieve order status"
_SUPPORT = "Goody Support"
_SENDER = "the sender"

_order = partial(Status, provider="goody", types=("order",), source=_LIFECYCLE)

STATUSES: tuple[Status, ...] = (
    _order(
        slug="pending_user_approval",
        label="Pending User Approval",
        stage=Stage.PROBLEM,
        soft_problem=True,
        rank=5,
        next=("created", "canceled"),
        meaning="Goody reports that somebody has to approve the order; it does not say who.",
        advice="Ask the sender whether an approval is waiting in their account, and Goody Support if there is none.",
        short_word="approval",
        contact=_SENDER,
        source="Goody API description, OrderActivityStatus",
    ),
    _order(
        slug="created",
        label="Created",
        aliases=("order.created",),
        stage=Stage.WORKING,
        rank=10,
        next=("notified", "opened", "accepted", "expired", "canceled", "failed"),
        meaning="The order exists and no message has gone out.",
        advice="Nothing to do. The sender can still cancel it.",
    ),
    _order(
        slug="notified",
        label="Notified",
        stage=Stage.WAITING,
        rank=20,
        next=("opened", "accepted", "expired", "canceled", "failed"),
        meaning="Any mail or text the sender wanted is out. Orders without one pass through here as well.",
        advice="If the recipient has nothing, give the sender the gift link to pass on. Still cancelable.",
    ),
    _order(
        slug="opened",
        label="Opened",
        aliases=("gift_opened", "order.gift_opened"),
        stage=Stage.WAITING,
        rank=30,
        next=("accepted", "expired", "canceled", "failed"),
        meaning="Somebody looked at the gift: the recipient, or the sender trying the link.",
        advice="Wait for the recipient. This is the last status in which the sender can cancel.",
        source=_CANCELING,
    ),
    _order(
        slug="expired",
        label="Expired",
        stage=Stage.PROBLEM,
        rank=35,
        next=("notified", "opened", "accepted", "canceled", "failed"),
        threshold=Threshold(AT_ONCE, "Send Desk: the order's expiry date has passed"),
        meaning="The date by which the gift had to be accepted is over. Send Desk derives this; Goody has no such status.",
        advice="Ask the sender whether to set a later expiry date, send again, or cancel and free the money.",
        short_word="expired",
        contact=_SENDER,
        source="Send Desk, from the order's expires_at",
    ),
    _order(
        slug="accepted",
        label="Accepted",
        aliases=("gift_accepted", "order.gift_accepted"),
        stage=Stage.WORKING,
        rank=40,
        next=("pending_payment", "paid", "failed", "canceled"),
        meaning="The recipient said yes and gave an address; an order that is no gift was taken on.",
        advice="Nothing to do. The sender can no longer cancel it; stopping it takes Goody Support.",
    ),
    _order(
        slug="pending_payment",
        label="Pending Payment",
        stage=Stage.PROBLEM,
        soft_problem=True,
        rank=50,
        next=("paid", "failed", "canceled"),
        threshold=Threshold(AT_ONCE, "Send Desk: an unpaid order does not move"),
        meaning="The order waits for its payment to go through.",
        advice="Ask the sender to check the payment method or to pay by the payment link. If a charge went through, tell Goody Support.",
        short_word="payment",
        contact=_SENDER,
    ),
    _order(
        slug="paid",
        label="Paid",
        stage=Stage.WORKING,
        rank=60,
        next=("ordered", "shipped", "failed", "canceled"),
        meaning="The money is in and the parcel is being made ready.",
        advice="Nothing to do. Address changes go through Goody Support, quickly.",
    ),
    _order(
        slug="ordered",
        label="Ordered",
        stage=Stage.WORKING,
        rank=65,
        next=("shipped", "failed", "canceled"),
        meaning="By its place in Goody's list, the brand has the order.",
        advice="Nothing to do. If it stands here for long, ask Goody Support for the brand's date.",
        source=_API,
    ),
    _order(
        slug="shipped",
        label="Shipped",
        aliases=("order.shipped",),
        stage=Stage.MOVING,
        rank=70,
        next=("delivered",),
        meaning="The first parcel is moving; others of the same order may not be.",
        advice="Look at each shipment before you answer the sender. Lost parcels go to Goody Support.",
    ),
    _order(
        slug="delivered",
        label="Delivered",
        aliases=("order.delivered",),
        stage=Stage.DONE,
        rank=100,
        final=True,
        meaning="Every parcel of the order arrived.",
        advice="Done. If one is missing, compare the shipments with what the recipient has.",
    ),
    _order(
        slug="failed",
        label="Failed",
        aliases=("Failed/Canceled", "Failed (canceled)"),
        stage=Stage.CLOSED,
        rank=105,
        final=True,
        meaning="The order was called off; canceling through Goody's interface ends here too.",
        advice="If nobody on the sender's side canceled it, ask Goody Support why. Check that the money was freed.",
        request="Please tell us why it failed, and whether the cost was credited.",
        contact=_SUPPORT,
    ),
    _order(
        slug="canceled",
        label="Canceled",
        aliases=("order.canceled",),
        stage=Stage.CLOSED,
        rank=110,
        final=True,
        meaning="The order was canceled before anything was shipped.",
        advice="Check with the sender that the held amount is free again.",
        source=_API,
    ),
)
"""Every status by rank, with the one that Send Desk derives."""
