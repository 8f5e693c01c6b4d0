"""Limits count true time: days of 24 hours, business days by the local calendar."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.values.calendar import AT_ONCE, Calendar, Limit, parse_limit, span_words
from models.values.clock import utc_now

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
        ("16bh", Limit(16, "bh")),
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
    with pytest.raises(ValueError, match="write 7d, 3bd, 36h, 16bh, now or off"):
        parse_limit(text)


@given(amount=st.integers(0, 9999), unit=st.sampled_from(["h", "d", "bd", "bh"]))
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
        (Limit(1, "bh"), "1 business hour"),
        (Limit(0, "bd"), "at once"),
    ],
)
def test_limits_in_words(limit: Limit, words: str) -> None:
    assert limit.words == words


@in_every_zone
@pytest.mark.parametrize("unit", ["h", "d", "bd", "bh"])
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


OFFICES = {
    "Berlin": Calendar(
        ZoneInfo("Europe/Berlin"),
        frozenset({date(2026, 12, 25), date(2026, 12, 26), date(2027, 1, 1), date(2026, 4, 3)}),
        opens=time(9),
        closes=time(17, 30),
    ),
    "Sydney": Calendar(ZoneInfo("Australia/Sydney"), opens=time(8), closes=time(18)),
    "Cairo": Calendar(
        ZoneInfo("Africa/Cairo"), weekdays=frozenset({6, 0, 1, 2, 3}), opens=time(10)
    ),
    "Santiago": Calendar(ZoneInfo("America/Santiago"), weekdays=frozenset(range(7))),
    "New York": Calendar(
        ZoneInfo("America/New_York"), weekdays=frozenset(range(7)), opens=time(1), closes=time(4)
    ),
    "around the clock": Calendar(),
}
"""Desks with hours of their own; in some, clocks are changed while they are open."""
in_every_office = pytest.mark.parametrize("calendar", OFFICES.values(), ids=OFFICES)


@pytest.mark.parametrize(
    ("since", "limit", "end"),
    [
        # Within hours a business day ends at the hour at which it began.
        ((2026, 12, 1, 11, 15), "1bd", (2026, 12, 2, 11, 15)),
        ((2026, 12, 4, 16, 0), "2bd", (2026, 12, 8, 16, 0)),
        # What begins before opening, after closing or on a day off counts from the next opening.
        ((2026, 12, 1, 6, 0), "1bd", (2026, 12, 2, 9, 0)),
        ((2026, 12, 1, 17, 30), "1bd", (2026, 12, 3, 9, 0)),
        ((2026, 12, 4, 23, 0), "2bd", (2026, 12, 9, 9, 0)),
        ((2026, 12, 5, 12, 0), "2bd", (2026, 12, 9, 9, 0)),
        # Christmas is a Friday: two days later it is Tuesday.
        ((2026, 12, 24, 10, 0), "2bd", (2026, 12, 29, 10, 0)),
        ((2026, 12, 25, 10, 0), "1bd", (2026, 12, 29, 9, 0)),
        # Eight and a half hours make a day.
        ((2026, 12, 1, 10, 0), "4bh", (2026, 12, 1, 14, 0)),
        ((2026, 12, 1, 10, 0), "8bh", (2026, 12, 2, 9, 30)),
        ((2026, 12, 1, 16, 30), "1bh", (2026, 12, 1, 17, 30)),
        ((2026, 12, 4, 17, 0), "1bh", (2026, 12, 7, 9, 30)),
        ((2026, 12, 5, 12, 0), "17bh", (2026, 12, 8, 17, 30)),
        ((2026, 12, 24, 17, 0), "1bh", (2026, 12, 28, 9, 30)),
        # Over a weekend on which clocks are changed, in both directions.
        ((2026, 3, 27, 10, 0), "2bd", (2026, 3, 31, 10, 0)),
        ((2026, 3, 27, 17, 0), "1bh", (2026, 3, 30, 9, 30)),
        ((2026, 10, 23, 10, 0), "2bd", (2026, 10, 27, 10, 0)),
        ((2026, 10, 23, 17, 0), "1bh", (2026, 10, 26, 9, 30)),
    ],
)
def test_business_time_in_berlin(since: tuple[int, ...], limit: str, end: tuple[int, ...]) -> None:
    zone = "Europe/Berlin"
    wanted = parse_limit(limit)
    assert wanted is not None
    assert OFFICES["Berlin"].after(local(zone, *since), wanted) == local(zone, *end)


@pytest.mark.parametrize(
    ("office", "since", "hours", "end"),
    [
        # In Santiago clocks skip from midnight to one, and in New York from two to three.
        ("Santiago", "2026-09-05T22:00-04:00", 4, "2026-09-06T03:00-03:00"),
        ("New York", "2026-03-08T01:00-05:00", 2, "2026-03-08T04:00-04:00"),
        # An hour that is shown twice counts twice.
        ("Santiago", "2026-04-04T22:00-03:00", 4, "2026-04-05T01:00-04:00"),
        ("New York", "2026-11-01T01:00-04:00", 4, "2026-11-01T04:00-05:00"),
        # In Sydney summer time begins in October.
        ("Sydney", "2026-10-02T17:00+10:00", 2, "2026-10-05T09:00+11:00"),
        ("Sydney", "2026-04-03T17:00+11:00", 2, "2026-04-06T09:00+10:00"),
        # Sunday is a working day in Cairo, and Friday is none.
        ("Cairo", "2026-12-03T23:00+02:00", 2, "2026-12-06T11:00+02:00"),
    ],
)
def test_business_hours_are_hours_that_pass(office: str, since: str, hours: int, end: str) -> None:
    found = OFFICES[office].after(datetime.fromisoformat(since), Limit(hours, "bh"))
    assert found == datetime.fromisoformat(end)


@in_every_office
@given(since=moments, amount=st.integers(1, 60), unit=st.sampled_from(["bd", "bh"]))
def test_a_limit_of_business_ends_while_the_desk_is_open(
    calendar: Calendar, since: datetime, amount: int, unit: str
) -> None:
    end = calendar.after(since, Limit(amount, unit))  # type: ignore[arg-type]
    assert end > since
    just_before = (end - timedelta(microseconds=1)).astimezone(calendar.zone)
    here = end.astimezone(calendar.zone)
    at = just_before if unit == "bh" else here
    assert calendar.is_business_day(at.date())
    # A time that clocks skip moves on by up to an hour.
    assert at.time() >= calendar.opens
    assert calendar.closes is None or at.time() < calendar.closes or unit == "bd"


@in_every_office
@given(
    since=moments,
    moment=moments,
    ahead=st.timedeltas(timedelta(days=-20), timedelta(days=90)),
    amount=st.integers(1, 40),
    unit=st.sampled_from(["bd", "bh"]),
)
def test_before_is_the_inverse_of_after(
    calendar: Calendar,
    since: datetime,
    moment: datetime,
    ahead: timedelta,
    amount: int,
    unit: str,
) -> None:
    limit = Limit(amount, unit)  # type: ignore[arg-type]
    # Near the end of a limit, at it, and anywhere.
    end = calendar.after(since, limit)
    for asked in (end, end + timedelta(microseconds=1), since + ahead, moment):
        if _is_changed_near(calendar, asked) or _is_changed_near(calendar, since):
            continue
        assert (calendar.after(since, limit) < asked) == (since < calendar.before(asked, limit))


def _is_changed_near(calendar: Calendar, moment: datetime) -> bool:
    """Whether clocks are changed within a day, where a time of day is not a moment, or two."""
    day = timedelta(days=1)
    offsets = {(moment + step * day).astimezone(calendar.zone).utcoffset() for step in (-1, 0, 1)}
    return len(offsets) > 1


def test_what_nobody_set_is_nine_to_five_where_the_agent_is() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    night = local("Europe/Berlin", 2026, 12, 1, 22)
    assert Calendar().or_usual(berlin).after(night, Limit(1, "bd")) == local(
        "Europe/Berlin", 2026, 12, 3, 9
    )
    own = Calendar(is_set=True)
    assert own.or_usual(berlin) is own
