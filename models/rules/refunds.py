"""Whether the money for a send was given back: a property beside its status.

`refunded` is written as SQL in `models.query.sql.flags`, and a test holds both equal.
"""

from datetime import datetime
from typing import NamedTuple

from models.providers import catalogue
from models.records import SendRecord
from models.rules.state import Owed, SendState
from models.values.money import money_words

REFUNDING = frozenset(
    status.slug
    for known in catalogue.STATUSES.values()
    for status in known.values()
    if status.refunds or status.refund_words
)
"""The slugs of the statuses by which some provider says, or can say, that it gave the money back."""


class Refunded(NamedTuple):
    """Money that was given back."""

    at: datetime | None
    """When, in UTC; None if nobody knows."""
    minor: int | None
    """How much, in minor units; None if nobody knows."""


def refunded(send: SendRecord) -> Refunded | None:
    """Return what was given back of *send*, or None.

    Its platform says so, whatever the status is, or one of its statuses means it. A credit that is still
    expected is none.
    """
    if send.refunded_at is not None:
        minor = send.cost_minor if send.refunded_minor is None else send.refunded_minor
        return Refunded(send.refunded_at, minor)
    if (
        send.status != send.provider_status
        and catalogue.status(send.provider, send.status).refunds
        # What a rule made of it is only expected while nobody has confirmed it.
        and (send.override_status is not None or send.credit_due_at is None)
    ):
        return Refunded(send.override_at or send.since, send.cost_minor)
    if catalogue.status(send.provider, send.provider_status).refunds:
        return Refunded(send.provider_at, send.cost_minor)
    return None


def says_refunded(provider: str, slug: str, word: str) -> bool:
    """Whether a provider says that it gave the money back, by a status and its own word for that."""
    # Most facts end here, and an import has millions.
    if slug not in REFUNDING:
        return False
    status = catalogue.status(provider, slug)
    return status.refunds or word in status.refund_words


def is_refunded(provider: str, state: SendState) -> bool:
    """Whether the provider has said that it gave the money back."""
    return state.refunded_at is not None or says_refunded(
        provider, state.provider_status, state.provider_raw
    )


def expected_credit(provider: str, state: SendState) -> Owed | None:
    """Return what the provider owes by a rule and has not confirmed; None if nothing."""
    return None if is_refunded(provider, state) else state.owed


def is_beside_status(send: SendRecord) -> bool:
    """Whether the money for *send* was given back though its status in force does not say so."""
    if send.refunded_at is None and send.override_status is None:
        return False
    return refunded(send) is not None and not catalogue.status(send.provider, send.status).refunds


def amount_words(send: SendRecord, refund: Refunded) -> str:
    """Return the amount of a refund as agents read it, `43.15 USD`; empty if nobody knows."""
    return "" if refund.minor is None else money_words(refund.minor, send.currency)
