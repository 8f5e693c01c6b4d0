"""What the history of a send adds up to in money: the entries of the ledger. Pure.

Each entry is made by one event, and stands until the next one of its send. So the newest entry of a send
says how its credit stands; it is withdrawn where a later fact has shown that none is to come.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Self

from models.records import Credit, CreditState, Event, EventKind, SendRecord
from models.rules.refunds import expected_credit, is_refunded, says_refunded
from models.rules.state import PASSIVE, SOURCE_KEPT, SendState, details, fold


class Money(NamedTuple):
    """What a send costs at one point of its history, and who pays for it."""

    minor: int | None
    """In minor units of the currency; None if nobody knows."""
    currency: str
    funding_source: str

    @classmethod
    def of(cls, send: SendRecord) -> Self:
        """Return the money of *send* as it is."""
        return cls(send.cost_minor, send.currency, send.funding_source[:SOURCE_KEPT])

    @classmethod
    def of_fields(cls, fields: Mapping[str, Any]) -> Self:
        """Return the money of a send whose columns have these values, by name."""
        return cls(fields["cost_minor"], fields["currency"], fields["funding_source"][:SOURCE_KEPT])

    def after(self, change: Event) -> "Money":
        """Return it as it is after a *change* of details."""
        return self._with(change, 1)

    def before(self, change: Event) -> "Money":
        """Return it as it was before a *change* of details."""
        return self._with(change, 0)

    def _with(self, change: Event, place: int) -> "Money":
        said = details(change)
        cost = said["cost_minor"][place] if "cost_minor" in said else None
        source = said["funding_source"][place] if "funding_source" in said else self.funding_source
        return Money(
            self.minor if cost is None else int(cost) if cost else None,
            said["currency"][place] if "currency" in said else self.currency,
            source[:SOURCE_KEPT],
        )


def may_have_credit(provider: str, events: Iterable[Event]) -> bool:
    """Whether one of *events* can make an entry: without one there is none in the ledger."""
    return any(_may_credit(provider, event) for event in events)


def all_entries(send: SendRecord, history: Sequence[Event]) -> list[Credit]:
    """Return every entry that the history of *send* adds up to, in the order made.

    Args:
        send: The send as it is now.
        history: All its events, in the order recorded.
    """
    if not may_have_credit(send.provider, history):
        return []
    # What it cost at first is told by what has changed since.
    money = Money.of(send)
    for event in reversed(history):
        if event.kind is EventKind.DETAILS:
            money = money.before(event)
    return list(new_entries(send.provider, (), history, None, money, send.created_at))


def new_entries(
    provider: str,
    known: Sequence[Event],
    new: Iterable[Event],
    newest: Credit | None,
    money: Money,
    created_at: datetime | None,
) -> Iterator[Credit]:
    """Yield the entries that *new* events make.

    Args:
        provider: The key of the provider.
        known: The events before them that the fold needs, in the order recorded.
        new: The new events, numbered.
        newest: The newest entry that the events before have made; None if there is none.
        money: What the send cost before the new events.
        created_at: When the provider says that the send was created, in UTC.
    """
    events = list(known)
    may = newest is not None or may_have_credit(provider, known)
    for event in new:
        if event.kind is EventKind.DETAILS:
            money = money.after(event)
        if event.kind in PASSIVE:
            continue
        events.append(event)
        may = may or _may_credit(provider, event)
        if not may:
            continue
        for entry in _made(provider, fold(provider, events, created_at), event, newest, money):
            yield entry
            newest = entry


def _may_credit(provider: str, event: Event) -> bool:
    if event.kind is EventKind.FACT:
        return says_refunded(provider, event.to_status, event.raw)
    if event.kind is EventKind.TIME_RULE:
        return '"credit"' in event.detail
    return event.kind is EventKind.REFUND


def _made(
    provider: str, state: SendState, event: Event, newest: Credit | None, money: Money
) -> Iterator[Credit]:
    """Yield the entries that *event* makes, after which the send is in *state*."""
    standing = None if newest is None or newest.state is CreditState.WITHDRAWN else newest
    if is_refunded(provider, state):
        yield from _confirmed(provider, state, event, standing, money)
        return
    expected = _expected(provider, state, event)
    if standing and expected and standing._replace(seq=event.seq) == expected:
        return
    if standing:
        yield _withdrawn(standing, event)
    if expected:
        yield expected


def _expected(provider: str, state: SendState, event: Event) -> Credit | None:
    """Return the entry that the rule makes which holds in *state*, if one holds that credits."""
    owed = expected_credit(provider, state)
    if owed is None:
        return None
    return Credit(
        seq=event.seq,
        state=CreditState.EXPECTED,
        rule=owed.rule,
        amount_minor=owed.minor,
        currency=owed.currency,
        funding_source=owed.funding_source,
        at=owed.at,
    )


def _confirmed(
    provider: str, state: SendState, event: Event, standing: Credit | None, money: Money
) -> Iterator[Credit]:
    amount = state.refunded_minor
    if standing is None:
        at_stake = money
    else:
        at_stake = Money(standing.amount_minor, standing.currency, standing.funding_source)
    if amount is None:
        amount = at_stake.minor
    if standing and (standing.state, standing.amount_minor) == (CreditState.CONFIRMED, amount):
        return
    # A word like “Bounced and Credited” may come later than the status that it means.
    is_said_here = event.kind is EventKind.FACT and says_refunded(
        provider, event.to_status, event.raw
    )
    yield Credit(
        seq=event.seq,
        state=CreditState.CONFIRMED,
        rule=standing.rule if standing else "",
        amount_minor=amount,
        currency=at_stake.currency,
        funding_source=at_stake.funding_source,
        at=state.refunded_at
        or (event.at if is_said_here else None)
        or state.provider_at
        or event.recorded_at,
    )


def _withdrawn(standing: Credit, event: Event) -> Credit:
    return standing._replace(
        seq=event.seq, state=CreditState.WITHDRAWN, at=event.at or event.recorded_at
    )
