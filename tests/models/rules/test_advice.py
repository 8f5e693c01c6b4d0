"""What an agent is told about a send, and why."""

from datetime import timedelta
from typing import Any

import pytest

from models.providers import catalogue
from models.providers.status import Status
from models.records import Advice, SendRecord, Snooze
from models.rules.advice import advise
from models.rules.due import FOLLOW_UP, TEAM, Policy, Thresholds, in_triage, urgency
from models.values.calendar import Limit
from models.values.local_time import LocalTime
from tests.support.due_sends import DAY, HOUR, NOW, every_status, send, with_due


def told(made: SendRecord, thresholds: Thresholds | None = None) -> Advice:
    return advise(made, LocalTime(NOW), Policy(thresholds or Thresholds()))


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
    assert "look again Fri 20 Nov 14:00" in advice.body
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
    assert "Sendoso says Undeliverable since Wed 18 Nov 13:00" in advice.body
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
            "Escalated Tue 17 Nov 14:00 as ZD-7; look again Thu 19 Nov 14:00.",
        ),
        (
            {"follow_up_at": NOW - HOUR},
            "Ask Sendoso Support again",
            "Escalated Tue 17 Nov 14:00; the follow-up was due 1 hour ago.",
        ),
        ({}, "Wait for Sendoso Support", "Escalated Tue 17 Nov 14:00."),
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
            "Snoozed",
            "Comes back into triage Thu 19 Nov 14:00.",
        ),
        (
            {"snooze": Snooze.UNTIL_CHANGE},
            "Snoozed",
            "Comes back into triage when Sendoso changes it.",
        ),
        ({"snooze": Snooze.DONE}, "Done for now", "Comes back into triage when Sendoso changes it"),
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
