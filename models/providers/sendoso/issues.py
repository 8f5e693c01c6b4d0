"""The statuses in which Sendoso holds a send back until a person decides."""

from functools import partial

from models.providers.status import Stage, Status, Threshold
from models.values.calendar import AT_ONCE

_TRACKER = "Sendoso Help Center, Send Tracker statuses"
_ISSUES = "Sendoso Help Center, sends with issues"
_EVENTS = "Sendoso developer docs, webhook events"
_SUPPORT = "Sendoso Support"
_MANAGER = "the sender's Admin or Manager"
_SENDER = "the sender"

_issue = partial(
    Status, provider="sendoso", types=("egift", "physical"), stage=Stage.PROBLEM, source=_EVENTS
)

ISSUES = (
    _issue(
        slug="pending_approval",
        label="Pending Approval",
        soft_problem=True,
        rank=11,
        next=("initiated", "sent", "confirming_address", "order_received", "canceled"),
        meaning="The sender's own company has to approve it first.",
        advice="Point the sender to their approver. Nobody at Sendoso can do this for them.",
        request="Please approve it, or cancel it.",
        short_word="approval",
        contact="the sender's approver",
    ),
    _issue(
        slug="pending_sendoso_approval",
        label="Pending Sendoso Approval",
        soft_problem=True,
        rank=12,
        next=("initiated", "sent", "confirming_address", "order_received", "canceled"),
        meaning="Sendoso's staff has to approve it first.",
        advice="The sender cannot speed this up. If it is urgent, ask Support to look at it.",
        short_word="approval",
        contact=_SUPPORT,
    ),
    _issue(
        slug="insufficient_funds",
        label="Insufficient Funds",
        soft_problem=True,
        rank=13,
        next=("initiated", "sent", "confirming_address", "order_received", "canceled"),
        threshold=Threshold(AT_ONCE, _ISSUES),
        meaning="The funding source could not cover the cost, so nothing went out.",
        advice="An Admin or Manager tops up, approves it into a negative balance, or cancels it in the Issues tab.",
        request="Please top up the funding source, approve it into a negative balance, or cancel it in the Issues tab.",
        short_word="funds",
        contact=_MANAGER,
        source=_ISSUES,
    ),
    _issue(
        slug="invalid_email_format",
        label="Invalid Email Format",
        soft_problem=True,
        rank=14,
        next=("canceled", "refunded"),
        threshold=Threshold(AT_ONCE, _TRACKER),
        meaning="The recipient's address is not a mail address.",
        advice="Ask the sender for the right address, cancel this one and send again.",
        request="Please tell us the recipient's right address, so that it can be canceled and sent again.",
        short_word="email",
        contact=_SENDER,
        source=_TRACKER,
    ),
    _issue(
        slug="suspicious_email",
        label="Suspicious Email",
        soft_problem=True,
        rank=15,
        next=("initiated", "sent", "confirming_address", "order_received", "canceled"),
        threshold=Threshold(AT_ONCE, _ISSUES),
        meaning="The recipient's address is barred or looked doubtful to the filter; a plus sign in it is enough.",
        advice="If the sender vouches for the recipient, an Admin or Manager approves it in the Issues tab; otherwise they cancel.",
        request="Please approve it in the Issues tab if the recipient is known to you, or cancel it.",
        short_word="email",
        contact=_MANAGER,
        source=_ISSUES,
    ),
    _issue(
        slug="out_of_stock",
        label="Out of Stock",
        soft_problem=True,
        rank=38,
        next=("order_received", "fulfilling", "canceled"),
        threshold=Threshold(AT_ONCE, _EVENTS),
        meaning="The chosen item is not in the warehouse.",
        advice="Ask the sender whether to wait for new stock, swap the item or cancel, and tell Support.",
        short_word="stock",
        request="Please tell us when the item is back, and which item could replace it.",
        contact=_SUPPORT,
    ),
    _issue(
        slug="blocked",
        label="Blocked",
        rank=47,
        next=("redeemed", "canceled", "refunded"),
        threshold=Threshold(AT_ONCE, _EVENTS),
        meaning="Sendoso stopped an attempt to redeem it.",
        advice="Treat it as a possible fraud: confirm the recipient with the sender before you ask Support to lift the block.",
        short_word="blocked",
        request="Please tell us why redeeming was blocked, and what would lift the block.",
        contact=_SUPPORT,
    ),
    _issue(
        slug="email_blacklist",
        label="Email Blacklist",
        rank=48,
        next=("redeemed", "canceled", "refunded"),
        threshold=Threshold(AT_ONCE, _EVENTS),
        meaning="The address used for redeeming is on Sendoso's block list.",
        advice="Ask the recipient for another address, then ask Support to move the gift to it.",
        short_word="email",
        request="Please tell us whether the gift can be moved to another address.",
        contact=_SUPPORT,
    ),
)
"""The issues by rank; a send of either type can run into them."""
