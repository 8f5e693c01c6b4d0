"""Limits count true time: days of 24 hours, business days by the local calendar."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.values.calendar import (
    AT_ONCE,
    Calendar,
    Limit,
    parse_limit,
    span_words,
    utc_now,
)

ZONES = ["UTC", "America/Los_Angeles", "Europe/Berlin", "Pacific/Auckland"]
MONDAY = datetime(2026, 11, 16, 9, 30, tzinfo=UTC)
moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)).map(  # noqa: DTZ001 - made aware
    lambda moment: moment.replace(tzinfo=UTC)
)
in_every_zone = pytest.mark.parametrize("zone", ZONES)


def local(zone: str, *parts: int) -> datetime:
    return datetime(*parts, tzinfo=ZoneInfo(zone))  # type: ignore[misc,arg-type]


def test_now_is_aware() -> None:
    assert utc_now().tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("7d", Limit(7)),
        (" 7D ", Limit(7)),
        ("2w", Limit(14)),
        ("36h", Limit(36, "h")),
        ("3bd", Limit(3, "bd")),
        ("3BD", Limit(3, "bd")),
        ("now", AT_ONCE),
        ("0d", AT_ONCE),
        ("off", None),
        ("9999d", Limit(9999)),
    ],
)
def test_limits_are_read(text: str, limit: Limit | None) -> None:
    assert parse_limit(text) == limit


@pytest.mark.parametrize(
    "text",
    [
        "",
        "7",
        "d",
        "-1d",
        "1.5d",
        "7 d",
        "7days",
        "99999d",
        "9999w",
        "3m",
        "٣d",
        "7d 3h",
        "x" * 999,
    ],
)
def test_what_is_no_limit_is_refused_with_a_way_out(text: str) -> None:
    with pytest.raises(ValueError, match="write 7d, 3bd, 36h, now or off"):
        parse_limit(text)


@given(amount=st.integers(0, 9999), unit=st.sampled_from(["h", "d", "bd"]))
def test_every_limit_reads_back_from_its_own_text(amount: int, unit: str) -> None:
    limit = Limit(amount, unit)  # type: ignore[arg-type]
    again = parse_limit(str(limit))
    assert again == (limit if amount else AT_ONCE)


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        (Limit(1), "1 day"),
        (Limit(7), "7 days"),
        (Limit(1, "bd"), "1 business day"),
        (Limit(36, "h"), "36 hours"),
        (Limit(0, "bd"), "at once"),
    ],
)
def test_limits_in_words(limit: Limit, words: str) -> None:
    assert limit.words == words


@in_every_zone
@pytest.mark.parametrize("unit", ["h", "d", "bd"])
def test_at_once_means_the_same_moment(zone: str, unit: str) -> None:
    saturday = datetime(2026, 11, 21, 3, tzinfo=UTC)
    limit = Limit(0, unit)  # type: ignore[arg-type]
    assert Calendar(ZoneInfo(zone)).after(saturday, limit) == saturday


@in_every_zone
@given(since=moments, days=st.integers(0, 60), hours=st.integers(0, 1500))
def test_days_and_hours_are_elapsed_time_in_every_zone(
    zone: str, since: datetime, days: int, hours: int
) -> None:
    calendar = Calendar(ZoneInfo(zone))
    assert calendar.after(since, Limit(days)) - since == timedelta(days=days)
    assert calendar.after(since, Limit(hours, "h")) - since == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("zone", "since"),
    [
        ("America/Los_Angeles", (2026, 3, 5, 9)),
        ("America/Los_Angeles", (2026, 10, 29, 9)),
        ("Europe/Berlin", (2026, 3, 26, 9)),
        ("Europe/Berlin", (2026, 10, 22, 9)),
        ("Pacific/Auckland", (2026, 4, 2, 9)),
        ("Pacific/Auckland", (2026, 9, 24, 9)),
        ("UTC", (2026, 3, 26, 9)),
    ],
)
def test_business_days_keep_the_time_of_day_when_clocks_change(
    zone: str, since: tuple[int, ...]
) -> None:
    start = local(zone, *since)
    assert start.weekday() == 3
    end = Calendar(ZoneInfo(zone)).after(start, Limit(2, "bd")).astimezone(ZoneInfo(zone))
    assert (end.weekday(), end.hour, end.minute) == (0, 9, 0)
    assert end.date() - start.date() == timedelta(days=4)


def test_a_change_of_clocks_makes_the_elapsed_time_an_hour_longer_or_shorter() -> None:
    calendar = Calendar(ZoneInfo("America/Los_Angeles"))
    spring, autumn = local(ZONES[1], 2026, 3, 6, 9), local(ZONES[1], 2026, 10, 30, 9)
    assert calendar.after(spring, Limit(1, "bd")) - spring.astimezone(UTC) == timedelta(hours=71)
    assert calendar.after(autumn, Limit(1, "bd")) - autumn.astimezone(UTC) == timedelta(hours=73)


def test_a_time_of_day_that_the_change_of_clocks_skips_moves_on() -> None:
    cairo = ZoneInfo("Africa/Cairo")
    thursday = local("Africa/Cairo", 2026, 4, 23, 0, 30)
    end = Calendar(cairo).after(thursday, Limit(1, "bd"))
    assert end.astimezone(cairo) == local("Africa/Cairo", 2026, 4, 24, 1, 30)


@pytest.mark.parametrize(
    ("since", "days", "end"),
    [
        ((2026, 11, 16, 9, 30), 1, (2026, 11, 17, 9, 30)),
        ((2026, 11, 19, 9, 30), 2, (2026, 11, 23, 9, 30)),
        ((2026, 11, 20, 23, 59), 1, (2026, 11, 23, 23, 59)),
        ((2026, 11, 20, 9, 30), 5, (2026, 11, 27, 9, 30)),
        ((2026, 11, 21, 9, 30), 1, (2026, 11, 24, 0, 0)),
        ((2026, 11, 22, 23, 59), 1, (2026, 11, 24, 0, 0)),
        ((2026, 12, 31, 9, 30), 1, (2027, 1, 1, 9, 30)),
    ],
)
def test_weekends_do_not_count(since: tuple[int, ...], days: int, end: tuple[int, ...]) -> None:
    assert Calendar().after(local("UTC", *since), Limit(days, "bd")) == local("UTC", *end)


@in_every_zone
def test_the_local_date_decides_what_a_weekend_is(zone: str) -> None:
    info = ZoneInfo(zone)
    saturday = local(zone, 2026, 11, 21, 0, 0)
    friday = saturday - timedelta(minutes=1)
    calendar = Calendar(info)
    assert calendar.after(friday, Limit(1, "bd")) == local(zone, 2026, 11, 23, 23, 59)
    assert calendar.after(saturday, Limit(1, "bd")) == local(zone, 2026, 11, 24, 0, 0)


def test_holidays_do_not_count() -> None:
    thanksgiving, day_after = date(2026, 11, 26), date(2026, 11, 27)
    calendar = Calendar(holidays=frozenset({thanksgiving, day_after}))
    assert not calendar.is_business_day(thanksgiving)
    assert calendar.after(MONDAY, Limit(3, "bd")) == MONDAY + timedelta(days=3)
    assert calendar.after(MONDAY, Limit(8, "bd")) == MONDAY + timedelta(days=14)


def test_a_start_on_a_holiday_counts_from_the_next_business_day() -> None:
    calendar = Calendar(holidays=frozenset({date(2026, 11, 16)}))
    assert calendar.after(MONDAY, Limit(1, "bd")) == local("UTC", 2026, 11, 18, 0, 0)


@in_every_zone
@given(since=moments, days=st.integers(1, 40))
def test_business_days_are_late_enough_and_no_later(zone: str, since: datetime, days: int) -> None:
    calendar = Calendar(ZoneInfo(zone))
    end = calendar.after(since, Limit(days, "bd"))
    first, last = (moment.astimezone(ZoneInfo(zone)).date() for moment in (since, end))
    between = [first + timedelta(days=n) for n in range(1, (last - first).days + 1)]
    working = sum(map(calendar.is_business_day, between))
    assert calendar.is_business_day(last)
    assert working == days + (not calendar.is_business_day(first))
    assert end.tzinfo is UTC


@given(since=moments, later=moments, days=st.integers(1, 10))
def test_who_starts_later_is_never_due_earlier(since: datetime, later: datetime, days: int) -> None:
    first, second = sorted((since, later))
    calendar = Calendar()
    limit = Limit(days, "bd")
    assert calendar.after(first, limit) <= calendar.after(second, limit)


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(days=11, hours=23), "11 days"),
        (timedelta(days=1), "1 day"),
        (timedelta(hours=23, minutes=59), "23 hours"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(minutes=59, seconds=59), "59 minutes"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(seconds=59), "less than a minute"),
        (timedelta(), "less than a minute"),
        (timedelta(days=-3), "less than a minute"),
    ],
)
def test_spans_in_words(span: timedelta, words: str) -> None:
    assert span_words(span) == words
