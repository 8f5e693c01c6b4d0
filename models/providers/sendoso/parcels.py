"""The statuses that only Sendoso's parcels have."""

from functools import partial

from models.providers.status import Stage, Status, Threshold
from models.values.calendar import AT_ONCE, Limit

_TRACKER = "Sendoso Help Center, Send Tracker statuses"
_SUPPORT = "Sendoso Support"

_parcel = partial(Status, provider="sendoso", types=("physical",), source=_TRACKER)

PARCELS = (
    _parcel(
        slug="confirming_address",
        label="Confirming Address",
        aliases=("Confirming Address/*Offer Sent", "Offer Sent", "Collecting recipient info"),
        stage=Stage.WAITING,
        rank=20,
        next=(
            "order_received",
            "amazon_fulfilling",
            "confirmation_canceled",
            "canceled",
            "blocked",
            "email_blacklist",
        ),
        meaning="The recipient was asked for a shipping address, and for a choice of gift if there is one.",
        advice="The window is two to seven days. This is the last moment at which the sender can cancel without Support.",
        source="Sendoso Help Center, Address Confirmation",
    ),
    _parcel(
        slug="amazon_fulfilling",
        label="Amazon Fulfilling",
        stage=Stage.WORKING,
        rank=25,
        next=("amazon_shipped", "fulfillment_issue", "canceled"),
        meaning="Amazon is packing the item for Sendoso's warehouse, not for the recipient.",
        advice="Nothing to do. Do not give the sender an arrival date from this step.",
    ),
    _parcel(
        slug="amazon_shipped",
        label="Amazon Shipped",
        stage=Stage.MOVING,
        rank=30,
        next=("order_received", "fulfilling", "shipped", "fulfillment_issue"),
        meaning="The item is on its way from Amazon to Sendoso's warehouse.",
        advice="After it arrives allow three to five business days for repacking. The recipient's tracking comes only then.",
        source="Sendoso Help Center, sending via Amazon",
    ),
    _parcel(
        slug="order_received",
        label="Order Received",
        aliases=("Processing",),
        stage=Stage.WORKING,
        rank=35,
        next=("fulfilling", "shipped", "fulfillment_issue", "out_of_stock", "canceled", "failed"),
        threshold=Threshold(Limit(7), _TRACKER),
        meaning="The warehouse has the order and has not started packing.",
        advice="Usual handling is 2 to 3 business days, 5 to 10 for bulk and events. Beyond the limit, ask Support where it stands.",
        contact=_SUPPORT,
    ),
    _parcel(
        slug="fulfilling",
        label="Fulfilling",
        aliases=("Packed",),
        stage=Stage.WORKING,
        rank=45,
        next=("shipped", "fulfillment_issue", "out_of_stock", "canceled", "failed"),
        meaning="The gift is being packed and leaves soon.",
        advice="Nothing to do. It is too late for the sender to cancel alone; Support can try.",
    ),
    _parcel(
        slug="fulfillment_issue",
        label="Fulfillment Issue",
        aliases=("Fulfillment Inssue", "Fulfilment Issue", "Paused"),
        stage=Stage.PROBLEM,
        rank=50,
        next=("fulfilling", "shipped", "order_received", "canceled", "refunded", "failed"),
        threshold=Threshold(Limit(3), _TRACKER),
        meaning="The warehouse has put the order on hold.",
        advice="The warehouse often clears this alone. If it lasts longer than the limit, ask Support what the order is waiting for.",
        contact=_SUPPORT,
    ),
    _parcel(
        slug="shipped",
        label="Shipped",
        stage=Stage.MOVING,
        rank=60,
        next=("delivered", "undeliverable", "failed"),
        meaning="A carrier has the parcel.",
        advice="Follow the tracking link. It can no longer be canceled.",
    ),
    _parcel(
        slug="undeliverable",
        label="Undeliverable",
        stage=Stage.PROBLEM,
        rank=70,
        next=("shipped", "refunded", "canceled"),
        threshold=Threshold(AT_ONCE, _TRACKER),
        meaning="The carrier gave up: address wrong, parcel refused, or nobody there to take it.",
        advice="Get a corrected address from the sender, then ask Support for a new try or a return. Restocking a return costs 2.95 USD.",
        request="Please tell us why it could not be delivered, whether it can go out again to a corrected address, and what a return would cost.",
        contact=_SUPPORT,
        source="Sendoso Help Center, returned sends",
    ),
    _parcel(
        slug="failed",
        label="Failed",
        stage=Stage.PROBLEM,
        rank=75,
        next=("refunded", "canceled"),
        threshold=Threshold(AT_ONCE, _TRACKER),
        meaning="Sendoso could not complete the order and does not say why.",
        advice="Ask Support for the cause and whether the cost comes back. Do not send again before they answer.",
        request="Please tell us why it failed, and whether the cost was credited.",
        contact=_SUPPORT,
    ),
    _parcel(
        slug="delivered",
        label="Delivered",
        stage=Stage.DONE,
        rank=100,
        final=True,
        meaning="The carrier reports that the parcel arrived.",
        advice="Done. If the recipient has nothing, read the carrier's proof of delivery before anything else.",
    ),
    _parcel(
        slug="confirmation_canceled",
        label="Confirmation Canceled",
        aliases=("Address Confirmation - Cancelled",),
        stage=Stage.CLOSED,
        rank=106,
        final=True,
        meaning="No address was confirmed in time, or the sender withdrew the request. Nothing was shipped.",
        advice="Check the recipient's contact details with the sender, then send again.",
    ),
)
"""From the question for an address to the ways it ends."""
