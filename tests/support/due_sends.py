"""Sends without a database, due as their status and their fields make them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from models.providers import PROVIDERS, catalogue
from models.records import SendRecord, Snooze
from models.rules.due import Due, Policy, Thresholds, due
from models.rules.state import SendState
from tests.support.sample_cases import bare_send

NOW = datetime(2026, 11, 18, 14, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
EVERY = [status for provider in PROVIDERS for status in provider.statuses]
every_status = pytest.mark.parametrize("status", EVERY, ids=lambda status: status.key)


def send(status: str = "order_received", provider: str = "sendoso", **fields: Any) -> SendRecord:
    """Return a send that entered its status now, due as the status and *fields* make it."""
    found = catalogue.status(provider, status)
    made = bare_send(
        provider=provider,
        type="order" if provider == "goody" else "physical",
        provider_status=status,
        provider_raw=status,
        status=status,
        stage=found.stage.value,
        since=NOW,
    )
    return with_due(made._replace(**fields))


def with_due(
    made: SendRecord, thresholds: Thresholds | None = None, done_at: datetime | None = None
) -> SendRecord:
    """Return *made* with the due times that `due` gives it; *done_at* is when an agent said done."""
    when = due_of(made, Policy(thresholds or Thresholds()), done_at)
    return made._replace(at_once=when.at_once, due_at=when.due_at, triage_at=when.triage_at)


def due_of(made: SendRecord, policy: Policy, done_at: datetime | None = None) -> Due:
    """Return what `due` says of *made*; a contested one was contradicted when its provider spoke."""
    state = SendState(
        contested_at=(made.provider_at or made.since) if made.contested else None,
        follow_up_at=made.follow_up_at,
        snooze=Snooze(made.snooze),
        snoozed_until=made.snoozed_until,
        snoozed_at=done_at,
    )
    status = catalogue.status(made.provider, made.status)
    return due(state, status, made.since, policy)
