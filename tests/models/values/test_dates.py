"""Dates read as what they are, or not at all."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.values.dates import TimeReader, parse_time

DAY = datetime(2026, 2, 27, tzinfo=UTC)
MINUTE = DAY.replace(hour=20, minute=21)
SECOND = MINUTE.replace(second=49)
FORMS = {
    "2026-02-27T20:21:49Z": SECOND,
    "2026-02-27t20:21:49z": SECOND,
    "2026-02-27 20:21:49Z": SECOND,
    "2026-02-27 20:21:49 UTC": SECOND,
    "2026-02-27 20:21:49 GMT": SECOND,
    "2026-02-27T20:21:49UTC": SECOND,
    "2026-02-27T20:21:49+00:00": SECOND,
    "2026-02-27 20:21:49 +0000": SECOND,
    "2026-02-27 20:21:49+00": SECOND,
    "2026-02-27T12:21:49-08:00": SECOND,
    "2026-02-27 12:21:49 -0800": SECOND,
    "2026-02-28T01:51:49+05:30": SECOND,
    "2026-02-28T02:06:49+0545": SECOND,
    "2026-02-28T10:21:49+14:00": SECOND,
    "2026-02-27T20:21:49": SECOND,
    "2026-02-27 20:21:49": SECOND,
    "20260227T202149Z": SECOND,
    "2026-02-27T20:21:49.000Z": SECOND,
    "2026-02-27T20:21:49.123456789Z": SECOND.replace(microsecond=123456),
    "2026-02-27T20:21:49.5+00:00": SECOND.replace(microsecond=500000),
    "2026-02-27 20:21:49.25 UTC": SECOND.replace(microsecond=250000),
    "2026-02-27T20:21:49,5Z": SECOND.replace(microsecond=500000),
    "2026-02-27T20:21Z": MINUTE,
    "2026-02-27 20:21": MINUTE,
    "2026-02-27": DAY,
    "20260227": DAY,
    "  2026-02-27  ": DAY,
    "2026/02/27": DAY,
    "2026/02/27 20:21:49": SECOND,
    "27.02.2026": DAY,
    "27.02.2026 20:21": MINUTE,
    "1772223709": SECOND,
    "1772223709.5": SECOND.replace(microsecond=500000),
    "1772223709000": SECOND,
    "1772223709250": SECOND.replace(microsecond=250000),
    "Fri, 27 Feb 2026 20:21:49 +0000": SECOND,
    "Fri, 27 Feb 2026 20:21:49 GMT": SECOND,
    "Fri, 27 Feb 2026 12:21:49 -0800": SECOND,
    "Fri, 27 Feb 2026 12:21:49 PST": SECOND,
    "27 Feb 2026 20:21:49 -0000": SECOND,
    "02/27/2026": DAY,
    "2/27/2026": DAY,
    "02/27/2026 08:21 PM": MINUTE,
    "02/27/2026 8:21:49 pm": SECOND,
    "02/27/2026, 8:21 p.m.": MINUTE,
    "02/27/2026 20:21": MINUTE,
    "02/02/2026": datetime(2026, 2, 2, tzinfo=UTC),
    "27/02/2026": DAY,
    "27 Feb 2026": DAY,
    "27 February 2026 20:21": MINUTE,
    "27-Feb-2026": DAY,
    "Feb 27, 2026": DAY,
    "February 27, 2026 8:21 PM": MINUTE,
    "Feb 27, 2026, 8:21:49\u202fPM UTC": SECOND,
    "Friday, February 27, 2026 at 8:21 PM": MINUTE,
    "Feb 27 2026": DAY,
    "Feb 27, 2026 12:00 AM": DAY,
}
REFUSED = [
    *("yesterday", "n/a", "-", "0", "12345", "46080.85", "99999999999999", "2026", "2026-02"),
    *(
        "2026-02-30",
        "2026-13-01",
        "2026-02-27T24:30",
        "2026-02-27 20:61",
        "2026-02-27T20:21:49+25:00",
    ),
    *("02/30/2026", "13/13/2026", "2/27/26", "02/27/2026 13:05 PM", "27 Feb 26", "Feb 31, 2026"),
    *("0026-02-27", "1969-12-31", "9999-12-31", "0001-01-01T00:00:00+14:00", "123456789"),
    *(
        "Fri, 27 Feb 2026 20:21:49 IST",
        "Feb 27, 2026 8:21 PM PST",
        "２０２６-02-27",
        "2026-02-27" * 9,
    ),
]


@pytest.mark.parametrize(("text", "moment"), FORMS.items(), ids=FORMS)
def test_reads_a_known_form(text: str, moment: datetime) -> None:
    found = parse_time(text)
    assert found == moment
    assert found.tzinfo is UTC


def test_knows_at_least_the_forms_that_were_promised() -> None:
    assert len(FORMS) >= 54


@pytest.mark.parametrize("text", REFUSED)
def test_refuses_what_is_no_date_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a date|is not between"):
        parse_time(text)


@pytest.mark.parametrize("text", ["03/04/2026", "3-4-2026", "12/11/2026 08:00"])
def test_refuses_a_date_with_two_readings(text: str) -> None:
    with pytest.raises(ValueError, match="in two ways: write the year first"):
        parse_time(text)


@pytest.mark.parametrize("text", ["", "  ", "\t\n"])
def test_blank_says_nothing(text: str) -> None:
    assert parse_time(text) is None


@pytest.mark.parametrize(
    ("zone", "hours"),
    [
        ("America/New_York", 5),
        ("Asia/Kathmandu", -5.75),
        ("Pacific/Apia", -13),
        ("Europe/Paris", -1),
    ],
)
def test_a_time_without_a_zone_is_in_the_zone_that_is_given(zone: str, hours: float) -> None:
    found = parse_time("2026-02-27 20:21:49", default_zone=ZoneInfo(zone))
    assert found == SECOND + timedelta(hours=hours)


@pytest.mark.parametrize("text", ["2026-03-08 02:30", "2026-11-01 01:30"])
def test_a_local_time_that_clocks_skip_or_repeat_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="change of clocks"):
        parse_time(text, default_zone=ZoneInfo("America/New_York"))


@given(
    st.datetimes(datetime(1990, 1, 2), datetime(2199, 12, 30)),  # noqa: DTZ001
    st.integers(-14 * 60, 14 * 60),
)
def test_reads_back_every_iso_time(local: datetime, minutes: int) -> None:
    moment = local.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    assert parse_time(moment.isoformat()) == moment


@given(st.text(max_size=80) | st.from_regex(r"[0-9/:. TZ+-]{6,30}", fullmatch=True))
def test_any_text_is_a_time_or_refused(text: str) -> None:
    try:
        found = parse_time(text)
    except ValueError:
        assert text.split()
    else:
        assert (found is None) == (not text.split())
        assert found is None or 1990 <= found.year <= 2199


def test_a_reader_of_times_counts_those_that_name_no_zone() -> None:
    times = TimeReader(ZoneInfo("Asia/Tokyo"))
    assert times.read("2026-11-26 16:30") == datetime(2026, 11, 26, 7, 30, tzinfo=UTC)
    assert times.read("2026-11-26T16:30Z") == datetime(2026, 11, 26, 16, 30, tzinfo=UTC)
    assert times.read(" ") is None
    with pytest.raises(ValueError, match="is not a date"):
        times.read("soon")
    assert times.without_zone == 1
