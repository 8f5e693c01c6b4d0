"""Business hours and holidays of the desk: what they change about sends, and that it is logged."""

import subprocess
import sys
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from models.desk import Desk
from models.errors import DeskError, NothingToDo
from models.history.audit import verify
from models.records import SendRecord
from models.team.business_calendar import YEARS_AHEAD
from models.team.regions import countries, days_off, parts_of, region_named
from models.values.business_time import BusinessTime
from models.values.calendar import Limit
from tests.support.desk_cases import HandClock, arrive, fact, parcel
from tests.support.terminal import ROOT

BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = BusinessTime.read("9-17:30", "mon-fri", "Europe/Berlin")
SYDNEY = BusinessTime.read("8-16", "mon-fri", "Australia/Sydney")
FRIDAY = datetime(2025, 12, 19, 20, 0, tzinfo=UTC)
"""The Friday before Christmas, after hours in Berlin."""


@pytest.fixture
def clock() -> HandClock:
    return HandClock(FRIDAY)


@pytest.fixture
def send(desk: Desk) -> SendRecord:
    """A parcel that the warehouse has since now, for three business days."""
    desk.set_limit("sendoso", "order_received", Limit(3, "bd"))
    return arrive(desk, parcel(1, fact("Order Received", FRIDAY)))


def in_berlin(moment: datetime) -> str:
    return f"{moment.astimezone(BERLIN):%Y-%m-%d %H:%M}"


def due(desk: Desk, send: SendRecord) -> str:
    found = desk.case(send.id).send.due_at
    assert found is not None
    return in_berlin(found)


def test_hours_and_holidays_move_what_is_due_and_back(desk: Desk, send: SendRecord) -> None:
    arrive(desk, parcel(2, fact("Shipped", FRIDAY)))
    assert due(desk, send) == "2025-12-24 21:00"
    assert desk.set_business_time(OFFICE) == 1
    assert due(desk, send) == "2025-12-25 09:00"
    assert desk.choose_region("de-by") == 1
    # Thursday and Friday are Christmas.
    assert due(desk, send) == "2025-12-29 09:00"
    assert desk.add_holiday(date(2025, 12, 24), "Christmas Eve") == 1
    assert due(desk, send) == "2025-12-30 09:00"
    assert verify(desk.database).problems == ()
    assert desk.remove_holidays(date(2025, 12, 24)) == 1
    assert desk.remove_holidays("DE-BY") == 1
    assert desk.set_business_time(None) == 1
    assert due(desk, send) == "2025-12-24 21:00"
    assert verify(desk.database).problems == ()


def test_business_hours_count_only_while_it_is_open(desk: Desk, send: SendRecord) -> None:
    desk.set_business_time(OFFICE)
    desk.set_limit("sendoso", "order_received", Limit(10, "bh"))
    assert due(desk, send) == "2025-12-23 10:30"
    desk.set_business_time(SYDNEY)
    # In Sydney it is Saturday morning: eight hours on Monday, two on Tuesday, until 10:00 there.
    assert due(desk, send) == "2025-12-23 00:00"
    assert verify(desk.database).problems == ()


def test_other_limits_stay(desk: Desk) -> None:
    arrive(desk, parcel(1, fact("Order Received", FRIDAY)))
    assert desk.set_business_time(OFFICE) == 0
    assert desk.choose_region("DE") == 0


def test_new_sends_and_the_agents_own_moments_follow_the_calendar(desk: Desk) -> None:
    desk.set_business_time(OFFICE)
    desk.choose_region("DE")
    desk.set_limit("sendoso", "order_received", Limit(3, "bd"))
    send = arrive(desk, parcel(1, fact("Order Received", FRIDAY)))
    assert due(desk, send) == "2025-12-29 09:00"
    escalated = desk.escalate(send).send
    assert escalated.follow_up_at is not None
    assert in_berlin(escalated.follow_up_at) == "2025-12-24 09:00"


def test_a_filter_counts_business_days_of_the_desk(desk: Desk, clock: HandClock) -> None:
    desk.set_business_time(OFFICE)
    desk.choose_region("DE")
    arrive(desk, parcel(1, fact("Order Received", FRIDAY)))

    def is_older(limit: str) -> bool:
        return bool(desk.count(desk.listing(desk.parse(f"age>{limit}"))).value)

    clock.advance(days=9, hours=12)
    # Monday 29 December, 09:00 in Berlin: three business days ended just now.
    assert not is_older("3bd")
    clock.advance(minutes=1)
    assert is_older("3bd")
    assert not is_older("26bh")
    assert is_older("25bh")


def test_an_open_desk_of_a_colleague_follows(desk: Desk) -> None:
    raj = Desk(desk.database, "raj", desk.now, ZoneInfo("Asia/Kolkata"))
    assert not raj.calendar().holidays
    desk.choose_region("DE")
    desk.set_business_time(OFFICE)
    raj.forget_settings()
    assert date(2025, 12, 25) in raj.calendar().holidays
    assert raj.calendar().zone == BERLIN


def test_a_region_takes_the_place_of_another_and_own_days_stay(desk: Desk) -> None:
    desk.add_holiday(date(2025, 12, 25), "Our party")
    desk.choose_region("DE-BY")
    names = {each.day: each.name for each in desk.holidays()}
    assert names[date(2026, 1, 6)] == "Epiphany"
    assert names[date(2025, 12, 25)] == "Our party"
    assert max(names).year == FRIDAY.year + YEARS_AHEAD
    desk.choose_region("US")
    days = {each.day: each for each in desk.holidays()}
    assert date(2026, 1, 6) not in days
    assert days[date(2025, 11, 27)].name == "Thanksgiving Day"
    assert days[date(2025, 12, 25)].region == ""
    assert {each.region for each in days.values()} == {"", "US"}


def test_every_change_is_logged_once(desk: Desk, clock: HandClock) -> None:
    desk.set_business_time(OFFICE)
    desk.set_business_time(OFFICE)
    desk.choose_region("DE")
    desk.add_holiday(date(2025, 12, 24), "Christmas Eve")
    changes = {each.subject: (each.before, each.after) for each in desk.setting_changes()}
    assert changes == {
        "business hours": ("", OFFICE.words),
        "holidays": ("", "DE"),
        "holiday 2025-12-24": ("", "Christmas Eve"),
    }
    assert {(each.actor, each.at) for each in desk.setting_changes()} == {("ana", FRIDAY)}
    clock.advance(minutes=1)
    desk.remove_holidays("DE")
    desk.remove_holidays(date(2025, 12, 24))
    newest = {each.subject: (each.before, each.after) for each in desk.setting_changes()[:2]}
    assert newest == {"holidays": ("DE", ""), "holiday 2025-12-24": ("Christmas Eve", "")}


@pytest.mark.parametrize("which", [date(2025, 12, 24), "DE"])
def test_what_is_no_holiday_cannot_be_removed(desk: Desk, which: date | str) -> None:
    with pytest.raises(NothingToDo, match="is none of the holidays"):
        desk.remove_holidays(which)


def test_hours_that_cannot_be_used_are_refused(desk: Desk) -> None:
    with pytest.raises(DeskError, match="is not a time zone"):
        desk.set_business_time(OFFICE._replace(zone="Mars/Phobos"))
    assert desk.business_time() is None
    assert desk.setting_changes() == ()


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("XX", "is not a country whose holidays are known"),
        ("", "is not a country"),
        ("\x1b[2J", "is not a country"),
        ("DE-XY", "DE has no part “XY”"),
    ],
)
def test_an_unknown_region_is_refused_with_what_is_known(desk: Desk, code: str, said: str) -> None:
    with pytest.raises(DeskError, match=said) as refused:
        desk.choose_region(code)
    assert "\x1b" not in str(refused.value)
    assert desk.holidays() == ()


def test_regions() -> None:
    assert region_named("de-bayern").code == "DE-BY"
    assert region_named("uk").code == "GB"
    assert {"DE", "US", "GB", "AU", "BR"} <= set(countries())
    assert "BY" in parts_of("DE")
    sydney = days_off(region_named("AU-NSW"), [2026])
    assert sydney[date(2026, 1, 26)] == "Australia Day"


def test_no_desk_loads_the_library_of_holidays() -> None:
    code = "import sys, models.desk, tui.app, tui.desk.screen, tui.commands.thresholds; print('holidays' in sys.modules)"
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert told.stdout == "False\n"
