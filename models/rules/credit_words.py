"""How the credit of a send stands, in words that are safe to show."""

from collections.abc import Sequence

from models.records import Case, Credit, CreditState, SendRecord
from models.rules.refunds import Refunded, refunded
from models.values.local_time import LocalTime
from models.values.money import money_words
from models.values.text import display_text

_LONGEST = 80


def standing(credits: Sequence[Credit]) -> Credit | None:  # noqa: A002
    """Return the credit of a send as it stands, by its entries in the ledger; None if it has none."""
    newest = credits[-1] if credits else None
    return None if newest is None or newest.state is CreditState.WITHDRAWN else newest


def at_stake(send: SendRecord, credit: Credit | None) -> SendRecord:
    """Return *send* with the money of its *credit*, which later news of its cost do not change."""
    if credit is None:
        return send
    return send._replace(
        cost_minor=credit.amount_minor,
        currency=credit.currency,
        funding_source=credit.funding_source,
    )


def paid_back(case: Case) -> Refunded | None:
    """Return what was given back of the send of *case*, by the ledger if it knows; None if nothing."""
    found, newest = refunded(case.send), standing(case.credits)
    if found and newest and newest.state is CreditState.CONFIRMED:
        return Refunded(newest.at, newest.amount_minor)
    return found


def amount(credit: Credit) -> str:
    """Return how much it is: `45.00 USD`, or `the cost` if nobody knows."""
    if credit.amount_minor is None:
        return "the cost"
    return money_words(credit.amount_minor, display_text(credit.currency, 3))


def source(credit: Credit) -> str:
    """Return where it goes."""
    return display_text(credit.funding_source, _LONGEST) or "the funding source"


def told(credit: Credit, local: LocalTime) -> str:
    """Return all of it: `45.00 USD expected in Marketing since Fri 20 Nov 09:00`."""
    much = "The cost" if credit.amount_minor is None else amount(credit)
    since = "" if credit.state is CreditState.CONFIRMED else "since "
    return f"{much} {credit.state.value} in {source(credit)} {since}{local.words(credit.at)}"
