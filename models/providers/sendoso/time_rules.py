"""What becomes of Sendoso's sends by time alone."""

from datetime import timedelta

from models.providers.time_rule import TimeRule, UsualSpan, When
from models.values.calendar import Limit

_TRACKER = "Sendoso Help Center, Send Tracker statuses"
_EGIFTS = "Sendoso Help Center, eGift FAQs"
_ADDRESSES = "Sendoso Help Center, address confirmation"

OFFER = UsualSpan(
    key="egift",
    what="the offer of an eGift, from when it was made",
    limit=Limit(90, "d"),
    source=_EGIFTS,
)
# Recipients have two to seven business days, as the sender chose: the longest cancels none too early.
ADDRESS = UsualSpan(
    key="address",
    what="the confirmation of an address, from when it was asked for",
    limit=Limit(7, "bd"),
    from_status=True,
    source=_ADDRESSES,
)
RULES = (
    TimeRule(
        name="egift_unopened",
        provider="sendoso",
        types=("egift",),
        statuses=("sent",),
        when=When.END,
        span=OFFER,
        to="refunded",
        credits=True,
        matches="an eGift still Sent when its offer ends",
        does="Refunded, and its cost goes back to its funding source",
        reason="Nobody had opened it when its offer ended.",
        source=_TRACKER,
    ),
    TimeRule(
        name="egift_unused",
        provider="sendoso",
        types=("egift",),
        statuses=("opened", "clicked"),
        when=When.END,
        span=OFFER,
        to="expired",
        matches="an eGift Opened or Clicked when its offer ends",
        does="Expired; no credit is promised",
        reason="It was opened, and no gift was picked before its offer ended.",
        source=_EGIFTS,
    ),
    TimeRule(
        name="egift_bounced",
        provider="sendoso",
        types=("egift",),
        statuses=("bounced",),
        when=When.AT_ONCE,
        to="refunded",
        credits=True,
        matches="an eGift whose mail bounced",
        does="Refunded, and its cost goes back to its funding source",
        reason="Its mail bounced, and what bounces is credited.",
        source=_TRACKER,
    ),
    TimeRule(
        name="address_unconfirmed",
        provider="sendoso",
        types=("physical",),
        statuses=("confirming_address",),
        when=When.END,
        span=ADDRESS,
        to="confirmation_canceled",
        matches="a send still Confirming Address when the time for that is over",
        does="Confirmation Canceled",
        reason="Nobody had confirmed the address when the time for that was over.",
        source=_ADDRESSES,
    ),
    TimeRule(
        name="egift_reminder",
        provider="sendoso",
        types=("egift",),
        statuses=("sent", "opened", "clicked"),
        when=When.END,
        before=timedelta(days=2),
        span=OFFER,
        matches="an eGift Sent, Opened or Clicked two days before its offer ends",
        does="a reminder: it is due when its offer ends",
        reason="Its offer ends in two days.",
        source=_EGIFTS,
    ),
)
