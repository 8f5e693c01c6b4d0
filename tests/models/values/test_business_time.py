"""Business hours as agents write them."""

from datetime import time

import pytest

from models.values.business_time import BusinessTime


@pytest.mark.parametrize(
    ("hours", "days", "stored", "words"),
    [
        ("9-17", "mon-fri", ("09:00", "17:00", "mon,tue,wed,thu,fri"), "09:00 to 17:00, Mon to Fri"),
        ("8:30 - 17:30", "Sunday-thu", ("08:30", "17:30", "mon,tue,wed,thu,sun"), "Mon, Tue, Wed, Thu, Sun"),
        ("0:00–24:00", "mon, tues", ("00:00", "24:00", "mon,tue"), "00:00 to 24:00, Mon, Tue"),
        ("9-17", "fri-mon", ("09:00", "17:00", "mon,fri,sat,sun"), "Mon, Fri, Sat, Sun"),
    ],
)  # fmt: skip
def test_what_agents_write_is_read(
    hours: str, days: str, stored: tuple[str, ...], words: str
) -> None:
    found = BusinessTime.read(hours, days, "Europe/Berlin")
    assert found == (*stored, "Europe/Berlin")
    assert words in found.words
    assert found.words.endswith(", Europe/Berlin")


def test_midnight_at_the_end_of_the_day_is_no_time_of_day() -> None:
    calendar = BusinessTime.read("6-24", "sat", "UTC").calendar()
    assert (calendar.opens, calendar.closes, calendar.weekdays) == (time(6), None, frozenset({5}))
    assert calendar.is_set


@pytest.mark.parametrize(
    ("hours", "days", "zone", "said"),
    [
        ("9", "mon-fri", "UTC", "is not a span of hours: write 9:00-17:30"),
        ("17-9", "mon-fri", "UTC", "closes later than it opens"),
        ("9-9", "mon-fri", "UTC", "closes later than it opens"),
        ("9-25", "mon-fri", "UTC", "closes later than it opens"),
        ("9:70-17", "mon-fri", "UTC", "closes later than it opens"),
        ("9-17", "", "UTC", "are not days of the week: write mon-fri"),
        ("9-17", "monkey", "UTC", "are not days of the week"),
        ("9-17", "mo", "UTC", "are not days of the week"),
        ("9-17", "mon-fri", "Mars/Phobos", "is not a time zone: write Europe/Berlin"),
        ("9-17", "mon-fri", "local", "write the zone by its name"),
    ],
)
def test_what_is_none_is_refused_with_what_to_write(
    hours: str, days: str, zone: str, said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        BusinessTime.read(hours, days, zone)
