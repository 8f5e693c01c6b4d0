"""Credits that are open: money that a rule expects back and no platform has confirmed."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from models.ledger.stored import IS_NEWEST
from models.records import CreditState
from models.report.document import Amount, Column, Figure, Section, Table, Value
from models.report.sources import Sources
from models.store.tables import Credit, Send, col
from models.values.text import display_text

_NO_SOURCE: Final = "no funding source"
_NAME_SHOWN: Final = 60
_OPEN: Final = (
    sa.select(
        col(Credit.funding_source), col(Credit.currency), col(Credit.amount_minor),
        col(Credit.at), col(Send.credit_due_at),
    )
    .join_from(Send, Credit, col(Credit.send_id) == col(Send.id))
    .where(
        # The index has only sends with an open credit.
        col(Send.credit_due_at).is_not(None),
        col(Credit.state) == CreditState.EXPECTED.value,
        IS_NEWEST,
    )
    # Without an order the planner goes through the whole ledger instead.
    .order_by(col(Send.credit_due_at))
)  # fmt: skip


def credits_section(sources: Sources) -> Section:
    """Return the section on open credits."""
    span = sources.span
    with sources.reader.database.read() as connection:
        rows = connection.execute(_OPEN).all()
        confirmed, confirmed_before = (
            connection.execute(_confirmed(*moments)).scalar_one()
            for moments in ((span.since, span.now), (span.since_before, span.since))
        )
    grouped: dict[tuple[str, str], list[Any]] = {}
    for row in rows:
        grouped.setdefault((row.funding_source, row.currency), []).append(row)
    overdue = sum(row.credit_due_at < span.now for row in rows)
    return Section(
        "credits",
        "Credits open",
        "Credits that are expected and that no platform has confirmed; before: how many were when the "
        "span began, and confirmed in the days before.",
        (
            Figure("open", "Credits open", len(rows), len(sources.credits_before)),
            Figure("overdue", "overdue", overdue, sum(each.due_at < span.since for each in sources.credits_before)),
            Figure("longest", "longest open", _longest(rows, span.now), None, False),
            Figure("confirmed", "Sends credited", confirmed, confirmed_before),
        ),
        (),
        (
            Table(
                "by_funding", "By funding source",
                (
                    Column("funding_source", "Funding source"), Column("currency", "Currency"),
                    Column("open", "Open"), Column("overdue", "Overdue"), Column("longest", "Longest"),
                    Column("unknown", "Without amount", is_minor=True),
                    Column("amount", "Amount"), Column("amount_overdue", "Of it overdue"),
                ),
                tuple(_row(key, grouped[key], span.now) for key in sorted(grouped)),
            ),
        ),
    )  # fmt: skip


def _row(key: tuple[str, str], rows: Sequence[Any], now: datetime) -> tuple[Value, ...]:
    source, currency = key
    overdue = [row for row in rows if row.credit_due_at < now]
    return (
        display_text(source, _NAME_SHOWN) or _NO_SOURCE,
        display_text(currency, _NAME_SHOWN) or "unknown",
        len(rows),
        len(overdue),
        _longest(rows, now),
        sum(row.amount_minor is None for row in rows),
        _sum(rows, currency),
        _sum(overdue, currency),
    )


def _sum(rows: Sequence[Any], currency: str) -> Amount | None:
    known = [row.amount_minor for row in rows if row.amount_minor is not None]
    return Amount(sum(known), currency) if known else None


def _longest(rows: Sequence[Any], now: datetime) -> timedelta | None:
    return max((now - row.at for row in rows), default=None)


def _confirmed(since: datetime, until: datetime) -> sa.Select[Any]:
    """Return the query for how many sends were credited from *since* to *until*."""
    return sa.select(sa.func.count(col(Credit.send_id).distinct())).where(
        col(Credit.state) == CreditState.CONFIRMED.value,
        col(Credit.at) >= since,
        col(Credit.at) < until,
    )
