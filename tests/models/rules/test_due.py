"""When a send is due, how urgent it is, and when it is in triage."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.providers.status import Status
from models.records import Snooze
from models.rules.due import (
    TEAM,
    WARNING,
    Due,
    Policy,
    Thresholds,
    in_triage,
    is_done,
    is_put_off,
    is_snoozed,
    urgency,
)
from models.values.calendar import AT_ONCE, Calendar, Limit
from tests.support.due_sends import DAY, EVERY, HOUR, NOW, TICK, due_of, every_status, send

ALARMS = ("now", "over")


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


# Snoozed


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


@pytest.mark.parametrize(
    ("fields", "later", "snoozed"),
    [
        ({}, timedelta(), False),
        ({"snooze": Snooze.UNTIL_CHANGE}, DAY * 400, True),
        ({"snooze": Snooze.UNTIL_TIME, "snoozed_until": NOW + HOUR}, HOUR - TICK, True),
        ({"snooze": Snooze.UNTIL_TIME, "snoozed_until": NOW + HOUR}, HOUR, False),
        ({"snooze": Snooze.DONE}, DAY * 7, True),
        ({"snooze": Snooze.DONE}, DAY * 7 + TICK, False),
    ],
)
def test_a_snooze_ends_by_itself(fields: dict[str, Any], later: timedelta, snoozed: bool) -> None:
    made, then = send("order_received", **fields), NOW + later
    assert is_put_off(made, then) == snoozed
    # Done is a word of its own, and no snooze.
    assert is_done(made, then) == (snoozed and made.snooze == Snooze.DONE)
    assert is_snoozed(made, then) == (snoozed and made.snooze != Snooze.DONE)
