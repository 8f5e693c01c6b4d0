"""What a Goody order costs or gives back, by its status."""

from collections.abc import Mapping

from models.providers.money_sentences import fill
from models.records import SendRecord
from models.values.local_time import LocalTime
from models.values.money import money_words

_OPEN = (
    "If it is paid from the account balance, {cost} is held until the gift is accepted; "
    "canceling frees it.",
    "If it is paid by card, nothing is charged before it is accepted.",
)
_PAID = ("{cost} is paid. A refund would come as a separate notice; the order keeps its status.",)
_FREED = (
    "A hold of {cost} on the account balance is free again.",
    "Balance is not paid out, and lapses after a year without activity.",
)
_RULES: Mapping[str, tuple[str, ...]] = {
    "created": _OPEN,
    "notified": _OPEN,
    "opened": _OPEN,
    "expired": ("If {cost} was held on the account balance, canceling the order frees it.",),
    "accepted": (
        "{cost} leaves the account balance, or goes on the card with the week's accepted gifts.",
        "If the recipient swapped the gift, the difference goes to the account balance.",
    ),
    "pending_payment": ("{cost} is not paid yet.",),
    "paid": _PAID,
    "ordered": _PAID,
    "shipped": _PAID,
    "shipment_failed": _PAID,
    "delivered": _PAID,
    "failed": _FREED,
    "canceled": _FREED,
}
_NONE: tuple[str, ...] = ()


def charges(send: SendRecord, local: LocalTime) -> tuple[str, ...]:
    """Return sentences on what *send* costs or gives back; the same at any time."""
    if send.refunded_at is not None:
        minor = send.cost_minor if send.refunded_minor is None else send.refunded_minor
        amount = "It" if minor is None else money_words(minor, send.currency)
        return (f"{amount} was refunded on {local.day_words(send.refunded_at)}.",)
    return fill(_RULES.get(send.status, _NONE), send, local)
