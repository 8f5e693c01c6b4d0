"""What the domain says of sends, as the plain desk knows it: words, lifecycles, limits, rules of time."""

from datetime import timedelta

DAY = timedelta(days=1)
PLATFORM = {"egift": "sendoso", "parcel": "sendoso", "order": "goody", "batch": "goody"}
"""The kinds of sends, and whose they are."""
WORDS: dict[str, dict[str, str]] = {
    "egift": {
        "Sent": "sent", "Opened": "opened", "Out of Stock": "out_of_stock", "Clicked": "clicked",
        "Used": "redeemed", "Expired": "expired", "Bounced": "bounced",
        "Bounced and Credited": "bounced", "Expired and Credited": "refunded",
    },
    "parcel": {
        "Confirming Address": "confirming_address", "Processing": "order_received",
        "Out of Stock": "out_of_stock", "Packed": "fulfilling", "Paused": "fulfillment_issue",
        "Shipped": "shipped", "Undeliverable": "undeliverable", "Delivered": "delivered",
        "Cancelled": "canceled", "Refunded": "refunded",
    },
    "order": {
        "created": "created", "notified": "notified", "opened": "opened", "accepted": "accepted",
        "pending_payment": "pending_payment", "paid": "paid", "shipped": "shipped",
        "delivered": "delivered", "failed": "failed", "canceled": "canceled",
    },
    "batch": {
        "pending": "batch_pending", "failed": "batch_failed", "complete": "batch_complete",
        "canceled": "batch_canceled",
    },
}  # fmt: skip
"""What platforms say, by the kind of send; any other word is unmapped."""
UNKNOWN_WORDS = ("Levitating", "Teleporting")
LIFECYCLE: dict[str, tuple[str, ...]] = {
    "egift": ("sent", "opened", "out_of_stock", "clicked", "unmapped", "redeemed", "expired", "bounced",
              "refunded"),
    "parcel": ("confirming_address", "order_received", "out_of_stock", "fulfilling",
               "fulfillment_issue", "shipped", "undeliverable", "unmapped", "delivered", "canceled",
               "refunded"),
    "order": ("created", "notified", "opened", "accepted", "pending_payment", "paid", "shipped",
              "unmapped", "delivered", "failed", "canceled"),
    "batch": ("batch_pending", "batch_failed", "unmapped", "batch_complete", "batch_canceled"),
}  # fmt: skip
"""The statuses of each kind from first to last: a word that is not known is no end, and after all others."""
MAY_FOLLOW: dict[str, dict[str, str]] = {
    "egift": {
        "opened": "clicked redeemed expired refunded",
        "clicked": "redeemed expired refunded",
        "redeemed": "",
        "expired": "refunded",
        "refunded": "",
    },
    "parcel": {
        "order_received": "out_of_stock fulfilling fulfillment_issue shipped undeliverable delivered"
        " canceled refunded",
        "fulfilling": "out_of_stock fulfillment_issue shipped undeliverable delivered canceled refunded",
        "shipped": "undeliverable delivered",
        "undeliverable": "shipped delivered canceled refunded",
        "delivered": "",
    },
    "order": {
        "opened": "accepted pending_payment paid shipped shipment_failed delivered failed canceled",
        "accepted": "pending_payment paid shipped shipment_failed delivered failed canceled",
        "paid": "shipped shipment_failed delivered failed canceled",
        "shipped": "shipment_failed delivered",
        "delivered": "",
    },
    "batch": {
        "batch_complete": "",
        "batch_failed": "batch_canceled",
        "batch_canceled": "",
    },
}
"""The statuses that agents set, and what may follow each of them, at once or later."""
USUAL = {
    "egift": "sent>opened sent>clicked sent>expired sent>refunded opened>clicked opened>redeemed"
    " opened>expired clicked>redeemed clicked>expired expired>refunded bounced>refunded",
    "parcel": "confirming_address>order_received order_received>fulfilling order_received>shipped"
    " out_of_stock>order_received out_of_stock>fulfilling fulfilling>shipped"
    " fulfillment_issue>order_received fulfillment_issue>fulfilling fulfillment_issue>shipped"
    " shipped>delivered shipped>undeliverable undeliverable>shipped",
    "order": "created>opened created>accepted notified>opened notified>accepted opened>accepted"
    " expired>opened expired>accepted accepted>paid pending_payment>paid paid>shipped"
    " shipped>delivered shipment_failed>shipped shipment_failed>delivered",
    "batch": "batch_pending>batch_complete batch_pending>batch_failed batch_pending>batch_canceled"
    " batch_scheduled>batch_complete batch_scheduled>batch_failed batch_scheduled>batch_canceled"
    " batch_failed>batch_canceled",
}
"""Steps that nobody needs to confirm, as far as agents take them."""
LIMITS = {
    "sendoso:out_of_stock": "now", "sendoso:undeliverable": "now", "sendoso:order_received": "7d",
    "sendoso:fulfillment_issue": "3d", "goody:expired": "now", "goody:pending_payment": "now",
    "goody:shipment_failed": "now", "goody:batch_pending": "1h", "goody:batch_scheduled": "1h",
    "goody:batch_failed": "now",
}  # fmt: skip
"""How long a send may be in a status, unless the team says otherwise."""
SPANS = {"egift": "90d", "address": "7bd", "credit": "7d"}
"""How long an offer, a question for an address, and a credit usually take."""
REFUNDING_WORDS = ("Bounced and Credited", "Expired and Credited", "Refunded")
BEFORE_THE_END = {
    "egift": {"sent": ("egift_unopened", "refunded", True), "opened": ("egift_unused", "expired", False),
              "clicked": ("egift_unused", "expired", False)},
    "parcel": {"confirming_address": ("address_unconfirmed", "confirmation_canceled", False)},
    "order": dict.fromkeys(("created", "notified", "opened"), ("gift_unaccepted", "expired", False)),
    "batch": {},
}  # fmt: skip
"""What becomes of a status at the end of the send: the rule, the new status, whether money goes back."""
REMINDERS = {"egift": "egift_reminder", "order": "gift_reminder"}
REMINDED_BEFORE = 2 * DAY
RULES = (
    "egift_unopened", "egift_unused", "egift_bounced", "egift_reminder", "address_unconfirmed",
    "gift_unaccepted", "gift_reminder",
)  # fmt: skip
NOT_ACCEPTED = ("created", "notified", "opened")
"""While an order is one of these, its platform cancels it, or lets it end at another time."""
NOT_SHIPPED = (*NOT_ACCEPTED, "accepted", "pending_payment", "paid")
PARCEL_STATES = (
    "pending", "tracking", "shipped", "failed", "failed_unset_tracking", "failed_with_reship",
    "delivered", "delivered_override",
)  # fmt: skip
"""The states of a parcel of an order, from first to last."""
LOST = ("failed", "failed_unset_tracking")
ARRIVED = ("delivered", "delivered_override")
MOVING = ("shipped", *ARRIVED)
RESTED_UPON = ("set", "keep", "release", "escalate", "resolve")
PARTS = {
    "status": ("set", "keep", "release"),
    "owner": ("assign",),
    "escalation": ("escalate", "resolve"),
    "snooze": ("snooze", "done", "wake"),
}
"""The parts of a send that agents decide, by what they do to them; a note changes none."""
ASKED = ("cancel", "extend")
"""What agents ask a platform for: it changes nothing until the platform says so, and no undo takes it back."""
