"""What of a send of Sendoso can be stopped, and by whom: its API cancels nothing."""

from collections.abc import Mapping
from types import MappingProxyType

from models.providers.abilities import Ability, AbilityName

_EGIFT = "Sendoso cancels no eGift that is out: it ends on its end date. Ask Sendoso Support if it has to stop."
_TRACKER = "The sender cancels it in the Send Tracker, as long as the address is not confirmed."
_AT_WORK = "Ask Sendoso Support at once to stop it; once it is being processed that may fail."
_LEFT = "It has left and cannot be canceled; if the recipient refuses it, it goes back to the warehouse."
_ISSUES = "An Admin or Manager cancels it under Issues in the Send Tracker."
_ENDED = "It has ended: nothing is left to cancel."

ABILITIES: Mapping[AbilityName, Ability] = MappingProxyType(
    {
        "cancel": Ability(
            instead={
                **dict.fromkeys(("sent", "opened", "clicked"), _EGIFT),
                "confirming_address": _TRACKER,
                **dict.fromkeys(
                    ("order_received", "fulfilling", "fulfillment_issue", "amazon_fulfilling"),
                    _AT_WORK,
                ),
                "amazon_shipped": _AT_WORK,
                "shipped": _LEFT,
                **dict.fromkeys(
                    (
                        *("pending_approval", "pending_sendoso_approval", "insufficient_funds"),
                        *("suspicious_email", "invalid_email_format", "out_of_stock", "blocked"),
                        "email_blacklist",
                    ),
                    _ISSUES,
                ),
                **dict.fromkeys(
                    (
                        *("redeemed", "expired", "bounced", "delivered", "confirmation_canceled"),
                        *("canceled", "refunded"),
                    ),
                    _ENDED,
                ),
            },
            otherwise="Ask Sendoso Support whether it can be canceled.",
        ),
        "extend": Ability(
            otherwise="Sendoso gives a send no later end: once it has ended, the sender sends it again."
        ),
    }
)
