"""What a Sendoso send costs or gives back, by its type and status."""

from collections.abc import Mapping

from models.providers.money_sentences import fill
from models.records import SendRecord
from models.values.local_time import LocalTime

Rules = Mapping[str, tuple[str, ...]]

_HELD = ("Nothing has gone out: {cost} is charged only once the send is released.",)
_RELEASED = ("Expect {cost} back in {source}.",)
_CREDITED = ("{cost} was credited to {source}.",)
_EXPECTED = ("{cost} should be credited to {source}: Sendoso has not said yet that it was.",)
_ESTIMATE = ("{cost} is an estimate. Packing and shipping are settled when the parcel leaves.",)
_AMAZON = (*_ESTIMATE, "Sends via Amazon hold 15.00 USD for shipping until the real cost is known.")
_NO_CREDIT = "After {ends} the offer is gone, and no credit is promised for a gift that was opened."

_BOTH: Rules = {
    "pending_approval": _HELD,
    "pending_sendoso_approval": _HELD,
    "out_of_stock": _HELD,
    "insufficient_funds": (*_HELD, "If it is approved anyway, {source} goes below zero."),
    "canceled": _RELEASED,
    "refunded": _CREDITED,
}
_EGIFT: Rules = {
    "initiated": ("An eGift is charged when it is sent: {cost} from {source}.",),
    "sent": ("If nobody opens it by {ends}, {cost} goes back to {source} that day.",),
    "opened": (_NO_CREDIT,),
    "clicked": (_NO_CREDIT,),
    "redeemed": ("{cost} stays charged: the code was issued.",),
    "expired": ("{cost} comes back only if the mail was never opened.",),
    "bounced": ("The mail bounced, so {cost} goes back to {source}.",),
}
_EGIFT_ENDED: Rules = {
    "sent": ("It was unopened when it ended on {ends}: look for {cost} credited to {source}.",),
    "opened": ("It ended on {ends} after it was opened; no credit is promised for that.",),
    "clicked": ("It ended on {ends} after it was opened; no credit is promised for that.",),
}
_PARCEL: Rules = {
    "initiated": ("A parcel is charged at once, or after the address is confirmed: {cost}.",),
    "confirming_address": ("{cost} may be charged only after the recipient confirms the address.",),
    "confirmation_canceled": ("Nothing was shipped. If {cost} was charged, it should come back.",),
    "order_received": _ESTIMATE,
    "fulfilling": _ESTIMATE,
    "fulfillment_issue": _ESTIMATE,
    "out_of_stock": _ESTIMATE,
    "amazon_fulfilling": _AMAZON,
    "amazon_shipped": _AMAZON,
    "shipped": ("{cost} may still change by the adjustment that follows shipping.",),
    "delivered": ("{cost} is what it cost in the end.",),
    "undeliverable": (
        "A parcel that comes back is restocked for 2.95 USD, within 3 business days.",
        "Whether any of {cost} is credited is for Support to say.",
    ),
    "failed": ("Nothing promises {cost} back: ask Support.",),
}
_NONE: tuple[str, ...] = ()


def charges(send: SendRecord, local: LocalTime) -> tuple[str, ...]:
    """Return sentences on what *send* costs or gives back; none where no rule is published."""
    if send.credit_due_at is not None:
        return fill(_EXPECTED, send, local)
    if send.type != "egift":
        return fill(_PARCEL.get(send.status, _BOTH.get(send.status, _NONE)), send, local)
    ended = send.expires_at is not None and send.expires_at <= local.now
    rules = _EGIFT_ENDED if ended and send.status in _EGIFT_ENDED else _EGIFT
    return fill(rules.get(send.status, _BOTH.get(send.status, _NONE)), send, local)
