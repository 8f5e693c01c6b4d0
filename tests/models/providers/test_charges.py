"""What a send costs or gives back is said with its real amounts and dates."""

from datetime import UTC, datetime, timedelta

import pytest

from models.providers import catalogue
from models.providers.status import Status
from models.records import SendRecord
from models.values.local_time import LocalTime

NOW = datetime(2026, 11, 18, 14, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)
EVERY = [
    (status, kind)
    for each in ("sendoso", "goody")
    for status in catalogue.STATUSES[each].values()
    for kind in status.types
]
SILENT = {
    "sendoso:suspicious_email",
    "sendoso:invalid_email_format",
    "sendoso:blocked",
    "sendoso:email_blacklist",
    "goody:pending_user_approval",
    *(f"goody:batch_{word}" for word in ("pending", "scheduled", "failed", "complete", "canceled")),
}
"""Nothing is published on what these cost."""


def money(status: str, kind: str = "egift", provider: str = "sendoso", **fields: object) -> str:
    known: dict[str, object] = {"cost_minor": 2500, "currency": "USD", "funding_source": "Q4 gifts"}
    send = SendRecord(
        id=1,
        ref="S-1",
        provider=provider,
        external_id="1",
        type=kind,
        provider_status=status,
        status=status,
        stage="",
        since=NOW,
        revision=1,
        **(known | fields),  # type: ignore[arg-type]
    )
    return " ".join(catalogue.provider(provider).money(send, LocalTime(NOW)))


@pytest.mark.parametrize(("status", "kind"), EVERY)
def test_every_status_has_its_sentences(status: Status, kind: str) -> None:
    said = money(status.slug, kind, status.provider)
    assert bool(said) is (status.key not in SILENT)
    assert "{" not in said
    assert said.endswith("." if said else "")
    assert not said[:1].islower()


def test_an_unopened_egift_comes_back_on_the_day_it_ends() -> None:
    said = money("sent", expires_at=NOW + timedelta(days=3))
    assert said == "If nobody opens it by Sat 21 Nov, 25.00 USD goes back to Q4 gifts that day."


@pytest.mark.parametrize(("ends", "over"), [(NOW + TICK, False), (NOW, True), (NOW - TICK, True)])
def test_at_its_end_the_credit_is_looked_for(ends: datetime, over: bool) -> None:
    assert ("look for 25.00 USD credited to Q4 gifts" in money("sent", expires_at=ends)) is over


@pytest.mark.parametrize("status", ["opened", "clicked"])
@pytest.mark.parametrize("ends", [NOW + TICK, NOW - TICK])
def test_an_opened_egift_is_promised_no_credit(status: str, ends: datetime) -> None:
    assert "no credit is promised" in money(status, expires_at=ends)


def test_unknown_amounts_sources_and_dates_are_said_in_words() -> None:
    said = money("sent", cost_minor=None, currency="", funding_source="")
    assert said == (
        "If nobody opens it by the day the offer ends, "
        "the cost goes back to the funding source that day."
    )


def test_a_sentence_that_begins_with_the_cost_begins_with_a_capital() -> None:
    assert money("redeemed", cost_minor=None).startswith("The cost stays charged")


def test_a_returned_parcel_costs_restocking() -> None:
    assert "restocked for 2.95 USD" in money("undeliverable", "physical")


def test_amounts_have_the_digits_of_their_currency() -> None:
    assert "2,500 JPY" in money("redeemed", currency="JPY")


def test_names_from_outside_are_shown_and_never_run() -> None:
    said = money("sent", funding_source="{cost.__class__}\x1b[31m%s" + "x" * 1000)
    assert "{cost.__class__}␛[31m%s" in said
    assert len(said) < 300


def test_a_word_without_a_status_has_no_rule() -> None:
    assert money("unmapped") == ""
    assert money("unmapped", "order", "goody") == ""


def test_goody_holds_the_balance_until_acceptance_and_frees_it_on_cancel() -> None:
    assert "25.00 USD is held until the gift is accepted" in money("opened", "order", "goody")
    assert "free again" in money("canceled", "order", "goody")
