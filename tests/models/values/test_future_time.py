"""Moments in the future, as agents type them and as dialogs offer them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from models.values.calendar import Calendar
from models.values.future_time import next_monday, next_workday, parse_future_time, tomorrow
from models.values.local_time import LocalTime

FRIDAY = datetime(2025, 11, 21, 9, 41, tzinfo=UTC)
HERE = LocalTime(FRIDAY)
NEW_YORK = LocalTime(FRIDAY, ZoneInfo("America/New_York"))


def in_zone(zone: str, now: str) -> LocalTime:
    return LocalTime(datetime.fromisoformat(now), ZoneInfo(zone))


def read(typed: str, local: LocalTime) -> str:
    return f"{parse_future_time(typed, local, Calendar()):%Y-%m-%dT%H:%M}"


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("30m", "2025-11-21T10:11"),
        ("4h", "2025-11-21T13:41"),
        ("2bd", "2025-11-25T09:41"),
        ("1 w", "2025-11-28T09:41"),
        ("tomorrow", "2025-11-22T09:00"),
        ("tomorrow 14:30", "2025-11-22T14:30"),
        ("mon", "2025-11-24T09:00"),
        ("fri", "2025-11-28T09:00"),
        ("next friday 8:00", "2025-11-28T08:00"),
        ("15:30", "2025-11-21T15:30"),
        ("08:00", "2025-11-22T08:00"),
        ("today 18:00", "2025-11-21T18:00"),
        ("2026-01-31 14:00", "2026-01-31T14:00"),
        ("2026-01-31", "2026-01-31T09:00"),
        ("2026-01-31T7:30", "2026-01-31T07:30"),
        ("2026-01-31 17", "2026-01-31T17:00"),
        ("2026-01-31 14:00 UTC", "2026-01-31T14:00"),
        ("31 Jan 2026", "2026-01-31T09:00"),
        ("20260131", "2026-01-31T09:00"),
    ],
)
def test_a_moment_in_the_future_can_be_typed(typed: str, moment: str) -> None:
    assert read(typed, HERE) == moment


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("tomorrow", "2025-11-22T14:00"),
        ("5:00", "2025-11-21T10:00"),
        ("4:00", "2025-11-22T09:00"),
        ("2026-07-01 14:00", "2026-07-01T18:00"),
        ("2026-07-01 14:00Z", "2026-07-01T14:00"),
    ],
)
def test_days_and_times_are_those_of_the_agent(typed: str, moment: str) -> None:
    assert read(typed, NEW_YORK) == moment


def test_the_day_is_the_one_of_the_agent() -> None:
    still_thursday = in_zone("America/New_York", "2025-11-21T03:00Z")
    assert tomorrow(still_thursday) == datetime(2025, 11, 21, 14, tzinfo=UTC)
    assert read("fri", still_thursday) == "2025-11-21T14:00"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "soon",
        "25:00",
        "12:99",
        "2020-01-01",
        "today 8:00",
        "0h",
        "9999w",
        "\x1b[2J",
        "next month",
        "sunny",
        "monkey 9:00",
    ],
)
def test_any_other_text_is_refused_with_a_sentence(typed: str) -> None:
    with pytest.raises(ValueError, match=r"write|past"):
        parse_future_time(typed, HERE, Calendar())


def test_the_offered_moments_are_at_nine() -> None:
    assert tomorrow(HERE).isoformat() == "2025-11-22T09:00:00+00:00"
    assert next_monday(HERE).isoformat() == "2025-11-24T09:00:00+00:00"
    on_monday = LocalTime(FRIDAY + timedelta(days=3))
    assert next_monday(on_monday).isoformat() == "2025-12-01T09:00:00+00:00"


def test_the_next_workday_is_no_weekend_and_no_holiday() -> None:
    assert next_workday(HERE, Calendar()).isoformat() == "2025-11-24T09:00:00+00:00"
    holiday = Calendar(holidays=frozenset({FRIDAY.date() + timedelta(days=3)}))
    assert next_workday(HERE, holiday).isoformat() == "2025-11-25T09:00:00+00:00"
    thursday = LocalTime(FRIDAY - timedelta(days=1), NEW_YORK.zone)
    assert next_workday(thursday, Calendar()).isoformat() == "2025-11-21T14:00:00+00:00"


@pytest.mark.parametrize(
    ("zone", "now", "typed", "moment"),
    [
        # Nine is nine, whatever the clocks do in the night before.
        ("Europe/Berlin", "2026-03-28T10:00Z", "tomorrow", "2026-03-29T07:00"),
        ("Europe/Berlin", "2026-10-24T10:00Z", "tomorrow", "2026-10-25T08:00"),
        ("America/New_York", "2026-03-07T10:00Z", "sun", "2026-03-08T13:00"),
        ("Australia/Sydney", "2026-10-03T02:00Z", "tomorrow", "2026-10-03T22:00"),
        ("Australia/Sydney", "2026-04-04T02:00Z", "tomorrow", "2026-04-04T23:00"),
        ("America/Santiago", "2026-09-05T12:00Z", "tomorrow", "2026-09-06T12:00"),
        # Hours are hours.
        ("Europe/Berlin", "2026-03-28T22:00Z", "4h", "2026-03-29T02:00"),
        # A time that clocks skip is as long after the change as it lies in the missing hour.
        ("Europe/Berlin", "2026-03-28T10:00Z", "tomorrow 2:30", "2026-03-29T01:30"),
        ("America/Santiago", "2026-09-05T12:00Z", "tomorrow 0:30", "2026-09-06T04:30"),
        # Of a time that they show twice, the first that is not past is meant.
        ("Europe/Berlin", "2026-10-24T10:00Z", "tomorrow 2:30", "2026-10-25T00:30"),
        ("Europe/Berlin", "2026-10-25T00:40Z", "2:50", "2026-10-25T00:50"),
        ("Europe/Berlin", "2026-10-25T00:40Z", "2:30", "2026-10-25T01:30"),
        ("Europe/Berlin", "2026-10-25T01:10Z", "today 2:30", "2026-10-25T01:30"),
        ("Europe/Berlin", "2026-10-25T01:40Z", "2:30", "2026-10-26T01:30"),
        ("Australia/Lord_Howe", "2026-04-04T14:50Z", "1:45", "2026-04-04T15:15"),
        # With its date it is the same moment.
        ("Europe/Berlin", "2026-03-28T10:00Z", "2026-03-29 02:30", "2026-03-29T01:30"),
        ("Europe/Berlin", "2026-10-24T10:00Z", "2026-10-25T02:30", "2026-10-25T00:30"),
        ("Europe/Berlin", "2026-10-24T10:00Z", "2026-10-25", "2026-10-25T08:00"),
    ],
)
def test_days_on_which_clocks_are_changed(zone: str, now: str, typed: str, moment: str) -> None:
    assert read(typed, in_zone(zone, now)) == moment
