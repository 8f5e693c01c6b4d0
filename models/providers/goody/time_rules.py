"""What becomes of Goody's orders by time alone; one without an end never ends."""

from datetime import timedelta

from models.providers.time_rule import TimeRule, When

_OPEN = ("created", "notified", "opened")

RULES = (
    TimeRule(
        name="gift_unaccepted",
        provider="goody",
        types=("order",),
        statuses=_OPEN,
        when=When.END,
        to="expired",
        matches="an order Created, Notified or Opened when it ends",
        does="Expired",
        reason="Nobody had accepted it when it ended.",
        source="Send Desk, from the order's expires_at",
    ),
    TimeRule(
        name="gift_reminder",
        provider="goody",
        types=("order",),
        statuses=_OPEN,
        when=When.END,
        before=timedelta(days=2),
        matches="an order Created, Notified or Opened two days before it ends",
        does="a reminder: it is due when it ends",
        reason="It ends in two days.",
        source="Send Desk, from the order's expires_at",
    ),
)
