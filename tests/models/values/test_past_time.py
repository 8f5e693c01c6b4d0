"""Moments in the past, as agents type them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from models.values.calendar import Calendar
from models.values.local_time import LocalTime
from models.values.past_time import parse_past_time

FRIDAY = datetime(2025, 11, 21, 9, 41, tzinfo=UTC)
HERE = LocalTime(FRIDAY)
NEW_YORK = LocalTime(FRIDAY, ZoneInfo("America/New_York"))


def read(typed: str, local: LocalTime = HERE) -> tuple[str, str]:
    span = parse_past_time(typed, local, Calendar())
    return f"{span.start:%Y-%m-%dT%H:%M}", f"{span.end:%Y-%m-%dT%H:%M}"


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("now", "2025-11-21T09:41"),
        ("30m", "2025-11-21T09:11"),
        ("-2h", "2025-11-21T07:41"),
        ("7d", "2025-11-14T09:41"),
        ("2 w ago", "2025-11-07T09:41"),
        ("3bd", "2025-11-18T09:41"),
        ("8:00", "2025-11-21T08:00"),
        ("17:00", "2025-11-20T17:00"),
        ("Tue 17:00", "2025-11-18T17:00"),
        ("tuesday, 9:05", "2025-11-18T09:05"),
        ("fri 9:00", "2025-11-21T09:00"),
        ("fri 17:00", "2025-11-14T17:00"),
        ("last fri 9:00", "2025-11-14T09:00"),
        ("yesterday 18:30", "2025-11-20T18:30"),
        ("2025-11-01 14:00", "2025-11-01T14:00"),
        ("2025-11-01T14:00", "2025-11-01T14:00"),
        ("2025-11-01T14:00:00+02:00", "2025-11-01T12:00"),
        ("2025-11-01 14:00 UTC", "2025-11-01T14:00"),
        ("2025-11-01 17", "2025-11-01T17:00"),
        ("2025-11-01 00", "2025-11-01T00:00"),
        ("20251101T1730Z", "2025-11-01T17:30"),
        ("1762005600", "2025-11-01T14:00"),
        ("1 Nov 2025 2:00 PM", "2025-11-01T14:00"),
        ("thurs 9:00", "2025-11-20T09:00"),
    ],
)
def test_a_moment_is_read(typed: str, moment: str) -> None:
    assert read(typed) == (moment, moment)


@pytest.mark.parametrize(
    ("typed", "start", "end"),
    [
        ("today", "2025-11-21T00:00", "2025-11-22T00:00"),
        ("Yesterday", "2025-11-20T00:00", "2025-11-21T00:00"),
        ("fri", "2025-11-21T00:00", "2025-11-22T00:00"),
        ("sat", "2025-11-15T00:00", "2025-11-16T00:00"),
        ("2025-11-01", "2025-11-01T00:00", "2025-11-02T00:00"),
        ("20251101", "2025-11-01T00:00", "2025-11-02T00:00"),
        ("1 Nov 2025", "2025-11-01T00:00", "2025-11-02T00:00"),
        ("last Wednesday", "2025-11-19T00:00", "2025-11-20T00:00"),
    ],
)
def test_a_day_is_all_of_it(typed: str, start: str, end: str) -> None:
    assert read(typed) == (start, end)


def test_days_and_times_of_day_are_those_of_the_agent() -> None:
    assert read("17:00", NEW_YORK)[0] == "2025-11-20T22:00"
    assert read("today", NEW_YORK) == ("2025-11-21T05:00", "2025-11-22T05:00")


@pytest.mark.parametrize(
    "typed",
    [
        "", "soon", "25:00", "-", "2025-13-01", "tue17", "5x", "month", "last month", "monkey",
        "satan 10:00", "sunny", "weds", "last", "2025-11-01 5",
    ],
)  # fmt: skip
def test_what_names_no_moment_is_refused_with_what_to_write(typed: str) -> None:
    with pytest.raises(ValueError, match="yesterday, Tue 17:00"):
        read(typed)


@pytest.mark.parametrize("typed", ["2025-11-22", "2025-11-21 10:00", "today 17:00"])
def test_what_is_still_to_come_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="still to come"):
        read(typed)
