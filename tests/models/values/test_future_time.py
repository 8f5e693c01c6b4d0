"""Moments in the future, as agents type them and as dialogs offer them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from models.values.calendar import Calendar
from models.values.future_time import (
    local_words,
    next_monday,
    next_workday,
    parse_future_time,
    tomorrow,
)

FRIDAY = datetime(2025, 11, 21, 9, 41, tzinfo=UTC)
NEW_YORK = Calendar(ZoneInfo("America/New_York"))


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
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
    ],
)
def test_a_moment_in_the_future_can_be_typed(typed: str, moment: str) -> None:
    assert parse_future_time(typed, FRIDAY, Calendar()).isoformat() == f"{moment}:00+00:00"


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
def test_days_and_times_are_those_of_the_calendar(typed: str, moment: str) -> None:
    assert parse_future_time(typed, FRIDAY, NEW_YORK).isoformat() == f"{moment}:00+00:00"


def test_the_day_is_the_one_of_the_calendar() -> None:
    still_thursday = datetime(2025, 11, 21, 3, tzinfo=UTC)
    assert tomorrow(still_thursday, NEW_YORK) == datetime(2025, 11, 21, 14, tzinfo=UTC)
    assert parse_future_time("fri", still_thursday, NEW_YORK) == tomorrow(still_thursday, NEW_YORK)


@pytest.mark.parametrize(
    "typed", ["", "soon", "25:00", "12:99", "2020-01-01", "today 8:00", "0h", "9999w", "\x1b[2J"]
)
def test_any_other_text_is_refused_with_a_sentence(typed: str) -> None:
    with pytest.raises(ValueError, match=r"write|past"):
        parse_future_time(typed, FRIDAY, Calendar())


def test_the_offered_moments_are_at_nine() -> None:
    assert tomorrow(FRIDAY, Calendar()).isoformat() == "2025-11-22T09:00:00+00:00"
    assert next_monday(FRIDAY, Calendar()).isoformat() == "2025-11-24T09:00:00+00:00"
    on_monday = FRIDAY + timedelta(days=3)
    assert next_monday(on_monday, Calendar()).isoformat() == "2025-12-01T09:00:00+00:00"


def test_a_moment_is_shown_in_the_zone_of_the_calendar() -> None:
    assert local_words(FRIDAY, NEW_YORK) == "Fri 21 Nov 04:41"


def test_the_next_workday_is_no_weekend_and_no_holiday() -> None:
    assert next_workday(FRIDAY, Calendar()).isoformat() == "2025-11-24T09:00:00+00:00"
    holiday = Calendar(holidays=frozenset({FRIDAY.date() + timedelta(days=3)}))
    assert next_workday(FRIDAY, holiday).isoformat() == "2025-11-25T09:00:00+00:00"
    assert next_workday(FRIDAY - timedelta(days=1), NEW_YORK).isoformat() == (
        "2025-11-21T14:00:00+00:00"
    )
