"""How moments read to people, in their time zone, on the days on which clocks are changed too."""

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import pytest

from models.values.local_time import LocalTime, offset_words

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)


def words(zone: str, moment: str) -> str:
    return LocalTime(NOW, ZoneInfo(zone)).words(datetime.fromisoformat(moment))


@pytest.mark.parametrize(
    ("zone", "moment", "said"),
    [
        ("UTC", "2026-12-02T09:00Z", "Wed 02 Dec 09:00"),
        ("Europe/Berlin", "2026-12-02T08:00Z", "Wed 02 Dec 09:00"),
        ("Europe/Berlin", "2026-07-02T08:00Z", "Thu 02 Jul 10:00"),
        ("America/New_York", "2026-12-02T03:30Z", "Tue 01 Dec 22:30"),
        ("Asia/Kolkata", "2026-12-02T20:00Z", "Thu 03 Dec 01:30"),
        # In the south, the year begins in summer.
        ("Australia/Sydney", "2026-12-02T13:00Z", "Thu 03 Dec 00:00"),
        ("Australia/Sydney", "2026-07-02T14:00Z", "Fri 03 Jul 00:00"),
        ("America/Santiago", "2026-12-02T12:00Z", "Wed 02 Dec 09:00"),
        # Where the new year has begun, its year is another one.
        ("Asia/Tokyo", "2026-12-31T16:00Z", "Fri 01 Jan 2027 01:00"),
        ("UTC", "2025-12-31T23:59Z", "Wed 31 Dec 2025 23:59"),
    ],
)
def test_a_moment_has_one_form_in_every_zone(zone: str, moment: str, said: str) -> None:
    assert words(zone, moment) == said


@pytest.mark.parametrize(
    ("zone", "moments"),
    [
        (
            "Europe/Berlin",
            {
                "2026-03-29T00:59Z": "Sun 29 Mar 01:59",
                "2026-03-29T01:00Z": "Sun 29 Mar 03:00",
                "2026-10-25T00:30Z": "Sun 25 Oct 02:30 UTC+2",
                "2026-10-25T01:30Z": "Sun 25 Oct 02:30 UTC+1",
                "2026-10-25T02:00Z": "Sun 25 Oct 03:00",
            },
        ),
        (
            "Australia/Lord_Howe",
            {
                "2026-04-04T14:45Z": "Sun 05 Apr 01:45 UTC+11",
                "2026-04-04T15:15Z": "Sun 05 Apr 01:45 UTC+10:30",
                "2026-10-03T15:29Z": "Sun 04 Oct 01:59",
                "2026-10-03T15:30Z": "Sun 04 Oct 02:30",
            },
        ),
    ],
)
def test_times_that_clocks_show_twice_are_told_apart(zone: str, moments: dict[str, str]) -> None:
    assert {moment: words(zone, moment) for moment in moments} == moments


def test_a_reader_elsewhere_is_told_the_offset() -> None:
    moment = datetime(2026, 12, 2, 8, tzinfo=UTC)
    for zone, said in {
        "Europe/Berlin": "Wed 02 Dec 09:00 UTC+1",
        "America/St_Johns": "Wed 02 Dec 04:30 UTC-3:30",
        "UTC": "Wed 02 Dec 08:00 UTC",
        "Europe/London": "Wed 02 Dec 08:00 UTC",
    }.items():
        assert LocalTime(NOW, ZoneInfo(zone)).zoned_words(moment) == said


def test_days_and_brief_words() -> None:
    local = LocalTime(NOW, ZoneInfo("Europe/Berlin"))
    assert local.day_words(datetime(2026, 12, 1, 23, 30, tzinfo=UTC)) == "Wed 02 Dec"
    assert local.date_words(datetime(2026, 12, 31, 23, 30, tzinfo=UTC)) == "01 Jan 2027"
    assert local.brief_words(datetime(2026, 12, 1, 22, 30, tzinfo=UTC)) == "23:30"
    assert local.brief_words(datetime(2026, 12, 1, 23, 30, tzinfo=UTC)) == "02 Dec"
    assert local.brief_words(NOW + timedelta(days=366)) == "Dec 2027"


@pytest.mark.parametrize(
    ("zone", "name"),
    [
        (UTC, "UTC"),
        (ZoneInfo("Europe/Berlin"), "Europe/Berlin"),
        (timezone(timedelta(hours=5, minutes=30)), "UTC+05:30"),
    ],
)
def test_the_zone_has_a_name(zone: tzinfo, name: str) -> None:
    assert LocalTime(NOW, zone).zone_name == name


def test_moments_at_the_ends_of_the_calendar_have_words_everywhere() -> None:
    first, last = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, tzinfo=UTC)
    assert LocalTime(NOW, ZoneInfo("America/New_York")).words(first) == "Mon 01 Jan 0001 00:00"
    assert LocalTime(NOW, ZoneInfo("Asia/Tokyo")).words(last) == "Fri 31 Dec 9999 23:00"


def test_offsets_in_words() -> None:
    zones = {5.5: "UTC+5:30", -3.5: "UTC-3:30", 0: "UTC", 14: "UTC+14", -11: "UTC-11"}
    for hours, said in zones.items():
        assert offset_words(NOW.astimezone(timezone(timedelta(hours=hours)))) == said
