"""When a send needs a person, and what that person is told."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.providers import PROVIDERS, catalogue
from models.providers.status import Status
from models.records import Advice, SendRecord, Snooze
from models.rules.advice import advise
from models.rules.due import (
    FOLLOW_UP,
    TEAM,
    WARNING,
    Due,
    Policy,
    Thresholds,
    due,
    in_triage,
    urgency,
)
from models.rules.state import SendState
from models.values.calendar import AT_ONCE, Calendar, Limit

NOW = datetime(2026, 11, 18, 14, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
EVERY = [status for provider in PROVIDERS for status in provider.statuses]
every_status = pytest.mark.parametrize("status", EVERY, ids=lambda status: status.key)
ALARMS = ("now", "over")


def send(status: str = "order_received", provider: str = "sendoso", **fields: object) -> SendRecord:
    """A send of today, due as its status and the other *fields* make it."""
    found = catalogue.status(provider, status)
    known = {
        "id": 1,
        "ref": "S-104233",
        "provider": provider,
        "external_id": "104233",
        "type": "order" if provider == "goody" else "physical",
        "provider_status": status,
        "provider_raw": status,
        "status": status,
        "stage": found.stage.value,
        "since": NOW,
        "revision": 1,
    }
    made = SendRecord(**(known | fields))  # type: ignore[arg-type]
    return with_due(made)


def with_due(
    made: SendRecord, thresholds: Thresholds | None = None, done_at: datetime | None = None
) -> SendRecord:
    when = due_of(made, Policy(thresholds or Thresholds()), done_at)
    return made._replace(at_once=when.at_once, due_at=when.due_at, triage_at=when.triage_at)


def due_of(made: SendRecord, policy: Policy, done_at: datetime | None = None) -> Due:
    state = SendState(
        contested_at=(made.provider_at or made.since) if made.contested else None,
        follow_up_at=made.follow_up_at,
        snooze=Snooze(made.snooze),
        snoozed_until=made.snoozed_until,
        snoozed_at=done_at,
    )
    status = catalogue.status(made.provider, made.status)
    return due(state, status, made.since, policy)


def told(made: SendRecord, thresholds: Thresholds | None = None) -> Advice:
    return advise(made, NOW, Policy(thresholds or Thresholds()))


# Limits


@every_status
def test_the_catalogues_limits_hold_until_the_team_says_otherwise(status: Status) -> None:
    assert Thresholds().of(status.provider, status.slug) == status.threshold
    key = (status.provider, status.slug)
    own = Thresholds({key: Limit(4, "bd")}).of(*key)
    assert own is not None
    assert (own.limit, own.source) == (Limit(4, "bd"), TEAM)
    assert Thresholds({key: None}).of(*key) is None


@pytest.mark.parametrize("own", [Limit(30), None])
def test_an_unmapped_word_needs_a_person_whatever_the_team_sets(own: Limit | None) -> None:
    for slug in ("unmapped", "in_transit"):
        found = Thresholds({("sendoso", slug): own}).of("sendoso", slug)
        assert found is not None
        assert found.limit.at_once


# When a send is due


@pytest.mark.parametrize(("status", "days"), [("order_received", 7), ("fulfillment_issue", 3)])
def test_a_limit_is_over_a_microsecond_after_it_not_at_it(status: str, days: int) -> None:
    at_limit = send(status, since=NOW - days * DAY)
    assert at_limit.due_at == NOW
    assert not at_limit.at_once
    assert urgency(at_limit, NOW) == "soon"
    assert not in_triage(at_limit, NOW)
    assert urgency(at_limit, NOW + TICK) == "over"
    assert in_triage(at_limit, NOW + TICK)


@every_status
def test_what_is_due_at_once_is_in_triage_from_its_very_moment(status: Status) -> None:
    made = send(status.slug, status.provider)
    at_once = status.threshold is not None and status.threshold.limit.at_once
    assert made.at_once is at_once
    assert (urgency(made, NOW) == "now") is at_once
    assert in_triage(made, NOW) is at_once


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        (WARNING + TICK, "ok"),
        (WARNING, "soon"),
        (TICK, "soon"),
        (timedelta(), "soon"),
        (-TICK, "over"),
    ],
)
def test_a_limit_comes_near_two_days_before(left: timedelta, expected: str) -> None:
    assert urgency(send(since=NOW + left - 7 * DAY), NOW) == expected


def test_the_warning_time_can_be_another() -> None:
    made = send(since=NOW - 7 * DAY + 5 * HOUR)
    assert urgency(made, NOW, warning=4 * HOUR) == "ok"
    assert urgency(made, NOW, warning=5 * HOUR) == "soon"


def test_a_team_limit_in_business_days_uses_the_calendar() -> None:
    thresholds = Thresholds({("sendoso", "sent"): Limit(3, "bd")})
    calendar = Calendar(holidays=frozenset({date(2026, 11, 19)}))
    when = due_of(send("sent"), Policy(thresholds, calendar))
    assert when == Due(False, NOW + 6 * DAY, NOW + 6 * DAY)


def test_a_final_status_is_never_due() -> None:
    thresholds = Thresholds({("sendoso", "delivered"): AT_ONCE})
    assert due_of(send("delivered"), Policy(thresholds)) == Due()
    assert urgency(send("delivered"), NOW) == "none"


def test_a_contested_send_is_due_from_the_contradiction_on() -> None:
    made = send("delivered", contested=True, provider_at=NOW - HOUR)
    assert due_of(made, Policy()) == Due(True, NOW - HOUR, NOW - HOUR)


# Escalated


def test_an_escalated_send_is_back_after_its_follow_up() -> None:
    made = send(since=NOW - 9 * DAY, escalated_at=NOW - DAY, follow_up_at=NOW)
    assert made.due_at == NOW - 2 * DAY
    assert urgency(made, NOW) == "over"
    assert not in_triage(made, NOW)
    assert in_triage(made, NOW + TICK)


def test_a_follow_up_before_the_limit_does_not_bring_it_forward() -> None:
    made = send(follow_up_at=NOW + DAY)
    assert made.triage_at == made.due_at == NOW + 7 * DAY


@pytest.mark.parametrize("status", ["sent", "delivered"])
def test_a_follow_up_is_the_limit_of_a_status_without_one(status: str) -> None:
    made = send(status, follow_up_at=NOW + DAY)
    assert made.triage_at == made.due_at == NOW + DAY
    assert urgency(made, NOW) == "soon"
    assert urgency(made, NOW + DAY + TICK) == "over"


# Resting


def test_a_snooze_until_a_time_ends_then() -> None:
    made = send("failed", snooze=Snooze.UNTIL_TIME, snoozed_until=NOW + HOUR, since=NOW - DAY)
    assert urgency(made, NOW) == "now"
    assert not in_triage(made, NOW + HOUR - TICK)
    assert in_triage(made, NOW + HOUR)


def test_a_snooze_that_ends_before_the_limit_changes_nothing() -> None:
    made = send(snooze=Snooze.UNTIL_TIME, snoozed_until=NOW + HOUR)
    assert made.triage_at == made.due_at


def test_snooze_and_follow_up_both_have_to_pass() -> None:
    made = send(
        "failed",
        follow_up_at=NOW + 2 * HOUR,
        snooze=Snooze.UNTIL_TIME,
        snoozed_until=NOW + HOUR,
    )
    assert made.triage_at == NOW + 2 * HOUR


def test_a_snooze_until_a_change_has_no_end() -> None:
    made = send("failed", snooze=Snooze.UNTIL_CHANGE)
    assert made.due_at == NOW
    assert made.triage_at is None
    assert not in_triage(made, datetime.max.replace(tzinfo=UTC))


def test_a_snooze_reminds_of_a_send_without_a_limit() -> None:
    made = send("sent", snooze=Snooze.UNTIL_TIME, snoozed_until=NOW + HOUR)
    assert (made.due_at, made.triage_at) == (NOW + HOUR, NOW + HOUR)
    assert not in_triage(made, NOW + HOUR)
    assert in_triage(made, NOW + HOUR + TICK)


@pytest.mark.parametrize(
    ("status", "since", "back"),
    [
        ("order_received", NOW - 8 * DAY, False),
        ("order_received", NOW - 7 * DAY - TICK, False),
        ("order_received", NOW - 7 * DAY, True),
        ("order_received", NOW - DAY, True),
        ("failed", NOW - DAY, False),
        ("failed", NOW, False),
        ("sent", NOW, False),
    ],
)
def test_done_lasts_until_a_limit_that_is_still_ahead(
    status: str, since: datetime, back: bool
) -> None:
    made = send(status, since=since, snooze=Snooze.DONE)
    when = due_of(made, Policy(), done_at=NOW)
    assert when.triage_at == (when.due_at if back else None)


def test_done_lasts_until_a_follow_up_that_is_still_ahead() -> None:
    made = send("failed", since=NOW - DAY, follow_up_at=NOW + DAY, snooze=Snooze.DONE)
    assert due_of(made, Policy(), done_at=NOW).triage_at == NOW + DAY


spans = st.timedeltas(-20 * DAY, 20 * DAY)


@given(
    status=st.sampled_from(EVERY),
    age=spans,
    follow_up=st.none() | spans,
    snoozed=st.none() | spans,
    snooze=st.sampled_from(Snooze),
    contested=st.booleans(),
)
def test_triage_holds_only_what_is_due_and_never_before_it_is(
    status: Status,
    age: timedelta,
    follow_up: timedelta | None,
    snoozed: timedelta | None,
    snooze: Snooze,
    contested: bool,
) -> None:
    made = send(
        status.slug,
        status.provider,
        since=NOW - age,
        follow_up_at=None if follow_up is None else NOW + follow_up,
        snoozed_until=None if snoozed is None else NOW + snoozed,
        snooze=snooze,
        contested=contested,
    )
    if made.at_once:
        assert made.due_at is not None
    if made.triage_at is not None:
        assert made.due_at is not None
        assert made.triage_at >= made.due_at
    if in_triage(made, NOW):
        assert urgency(made, NOW) in ALARMS
    elif urgency(made, NOW) in ALARMS and age >= timedelta():
        assert snooze or (follow_up is not None and follow_up >= timedelta())


# Advice


@every_status
@pytest.mark.parametrize("age", [timedelta(), 2 * DAY, 400 * DAY])
@pytest.mark.parametrize("contested", [False, True])
def test_every_send_gets_advice(status: Status, age: timedelta, contested: bool) -> None:
    by = "ana" if contested else ""
    made = send(status.slug, status.provider, since=NOW - age, contested=contested, override_by=by)
    advice = told(made)
    assert advice.urgency == urgency(made, NOW)
    for text in (advice.title, advice.body, advice.why):
        assert text[0].isupper() or text[0] == "“"
        assert "{" not in text
        assert "  " not in text
        assert "None" not in text
    assert advice.body.endswith(".")
    assert advice.why.endswith(".")
    assert not advice.title.endswith(".")
    if not contested:
        assert status.advice in advice.body


def test_over_the_limit_says_by_how_much_whom_to_ask_and_what_to_quote() -> None:
    advice = told(send(since=NOW - 18 * DAY))
    assert advice.urgency == "over"
    assert advice.title == "Escalate to Sendoso Support"
    assert advice.contact == "Sendoso Support"
    assert "Order Received for 18 days: 11 days past the limit of 7 days." in advice.body
    assert "Quote order number 104233." in advice.body
    assert "look again 2026-11-20 14:00 UTC" in advice.body
    assert "7 days" in advice.why
    assert "Sendoso Help Center" in advice.why


def test_the_tracking_number_comes_before_the_order_number() -> None:
    advice = told(send("undeliverable", tracking_number="1Z999\x1b[31m"))
    assert "Quote tracking number 1Z999␛[31m." in advice.body
    assert "104233" not in advice.body


def test_at_once_names_the_one_who_can_act() -> None:
    assert told(send("failed")).title == "Contact Sendoso Support"
    funds = told(send("insufficient_funds"))
    assert funds.title == "Contact the sender's Admin or Manager"
    assert "Quote" not in funds.body
    assert "at once" in funds.why


@pytest.mark.parametrize(
    ("age", "urgent", "title", "left"),
    [
        (DAY, "ok", "Wait for Sendoso", "6 days"),
        (6 * DAY + HOUR, "soon", "Watch it: 23 hours left", "23 hours"),
    ],
)
def test_a_running_limit_says_what_is_left(
    age: timedelta, urgent: str, title: str, left: str
) -> None:
    advice = told(send(since=NOW - age))
    assert (advice.urgency, advice.title) == (urgent, title)
    assert f"the limit of 7 days is over in {left}" in advice.body


@pytest.mark.parametrize(
    ("provider", "status", "title"),
    [
        ("sendoso", "sent", "Wait for the recipient"),
        ("sendoso", "fulfilling", "Wait for Sendoso"),
        ("goody", "paid", "Wait for Goody"),
        ("goody", "shipped", "Wait for the carrier"),
        ("sendoso", "pending_approval", "Keep an eye on it"),
        ("sendoso", "delivered", "Nothing left to do"),
        ("goody", "failed", "Nothing left to do"),
    ],
)
def test_without_a_limit_the_stage_says_for_whom_to_wait(
    provider: str, status: str, title: str
) -> None:
    advice = told(send(status, provider))
    assert (advice.urgency, advice.title) == ("none", title)
    assert advice.body == catalogue.status(provider, status).advice


def test_a_team_limit_is_named_as_such() -> None:
    thresholds = Thresholds({("sendoso", "sent"): Limit(5)})
    made = with_due(send("sent", since=NOW - 6 * DAY), thresholds)
    advice = told(made, thresholds)
    assert advice.title == "Contact the sender"
    assert "1 day past the limit of 5 days" in advice.body
    assert TEAM in advice.why


def test_a_contested_override_is_kept_or_released() -> None:
    advice = told(
        send(
            "delivered",
            provider_status="undeliverable",
            provider_at=NOW - HOUR,
            override_by="ana",
            contested=True,
        )
    )
    assert advice.urgency == "now"
    assert advice.title == "Keep or release the override"
    assert "Sendoso says Undeliverable since 2026-11-18 13:00 UTC" in advice.body
    assert "the override by ana says Delivered" in advice.body


def test_an_unmapped_word_is_shown_safely_with_the_nearest_status() -> None:
    advice = told(send("unmapped", provider_raw="Deliverd\u202e[red]"))
    assert advice.urgency == "now"
    assert advice.title == "Find out what “Deliverd‹RLO›[red]” means"
    assert "The nearest status is Delivered." in advice.body
    assert advice.contact == "Sendoso Support"


def test_an_unmapped_word_like_no_other_gets_no_guess() -> None:
    assert "nearest" not in told(send("unmapped", provider_raw="???")).body


def test_a_contested_override_names_an_unknown_word_in_quotes() -> None:
    advice = told(send("sent", provider_status="unmapped", provider_raw="Lost", contested=True))
    assert "Sendoso says “Lost”;" in advice.body


@pytest.mark.parametrize(
    ("fields", "title", "said"),
    [
        (
            {"follow_up_at": NOW + DAY, "escalation_ref": "ZD-7"},
            "Wait for Sendoso Support",
            "Escalated 2026-11-17 14:00 UTC as ZD-7; look again 2026-11-19 14:00 UTC.",
        ),
        (
            {"follow_up_at": NOW - HOUR},
            "Ask Sendoso Support again",
            "Escalated 2026-11-17 14:00 UTC; the follow-up was due 1 hour ago.",
        ),
        ({}, "Wait for Sendoso Support", "Escalated 2026-11-17 14:00 UTC."),
    ],
)
def test_an_escalation_is_waited_for_then_asked_after(
    fields: dict[str, Any], title: str, said: str
) -> None:
    made = send("failed", since=NOW - 2 * DAY, escalated_at=NOW - DAY, **fields)
    advice = told(made)
    assert advice.title == title
    assert advice.body.startswith(said)
    assert catalogue.status("sendoso", "failed").advice in advice.body
    assert "If you escalate now" not in advice.body


@pytest.mark.parametrize("ahead", [DAY, -DAY])
def test_an_escalation_of_what_has_ended_is_closed(ahead: timedelta) -> None:
    made = send("delivered", escalated_at=NOW - 2 * DAY, follow_up_at=NOW + ahead)
    assert told(made).title == "Close the escalation"


@pytest.mark.parametrize(
    ("fields", "title", "said"),
    [
        (
            {"snooze": Snooze.UNTIL_TIME, "snoozed_until": NOW + DAY},
            "Resting",
            "Snoozed until 2026-11-19 14:00 UTC.",
        ),
        ({"snooze": Snooze.UNTIL_CHANGE}, "Resting", "Snoozed until Sendoso changes it."),
        ({"snooze": Snooze.DONE}, "Done for now", "Back when Sendoso changes it"),
    ],
)
def test_what_rests_says_until_when(fields: dict[str, Any], title: str, said: str) -> None:
    made = with_due(send(since=NOW - 8 * DAY, **fields), done_at=NOW)
    advice = told(made)
    assert advice.title == title
    assert advice.body.startswith(said)
    assert advice.urgency == "over"


@pytest.mark.parametrize("snooze", [Snooze.UNTIL_TIME, Snooze.DONE])
def test_a_rest_that_is_over_is_not_mentioned(snooze: Snooze) -> None:
    made = send(since=NOW - 8 * DAY, snooze=snooze, snoozed_until=NOW - HOUR)
    made = with_due(made, done_at=NOW - 3 * DAY)
    assert in_triage(made, NOW)
    assert told(made).title == "Escalate to Sendoso Support"


def test_the_usual_follow_up_is_two_business_days() -> None:
    assert Limit(2, "bd") == FOLLOW_UP


@every_status
def test_with_its_limit_switched_off_nothing_presses(status: Status) -> None:
    thresholds = Thresholds({(status.provider, status.slug): None})
    made = with_due(send(status.slug, status.provider, since=NOW - 400 * DAY), thresholds)
    advice = told(made, thresholds)
    assert (made.at_once, made.due_at, made.triage_at) == (False, None, None)
    assert advice.urgency == "none"
    assert advice.body == status.advice
