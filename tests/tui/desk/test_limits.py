"""The limits of the statuses on the screen: shown, tried out before they are set, and set."""

from contextlib import closing
from pathlib import Path

import pytest

from models.database import open_database
from models.team.thresholds import EffectiveThreshold, in_force
from tests.support.app_driver import Driver, desk_open
from tests.support.limit import LIMIT
from tui.dialogs.confirm import ConfirmDialog
from tui.dialogs.limits import HolidaysDialog, LimitField, LimitsDialog
from tui.dialogs.text import TextDialog
from tui.widgets.letter_menu import KeyList

RECEIVED = "sendoso:order_received"


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the list come back after a change however busy the machine is."""
    monkeypatch.setattr("tui.desk.limits._PATIENCE", LIMIT)


def stored(path: Path) -> EffectiveThreshold:
    """Return the limit of Order Received as another process reads it."""
    with closing(open_database(path)) as database:
        return next(each for each in in_force(database) if each.status.key == RECEIVED)


async def open_limits(d: Driver) -> None:
    """Open the limits, with the cursor on Order Received."""
    await d.press("H")
    assert isinstance(d.top, LimitsDialog)
    d.top.query_one(KeyList).point_at(RECEIVED)
    await d.settle()


def line(d: Driver) -> str:
    """Return the line of Order Received, without its blanks."""
    return next(" ".join(each.split()) for each in d.text.splitlines() if "Order Received" in each)


async def test_the_effect_of_a_limit_is_told_before_it_is_set(demo_copy: Path) -> None:
    async with desk_open(demo_copy, size=(120, 40)) as d:
        over = d.desk.count(d.desk.listing(d.desk.parse(f"status:{RECEIVED} is:over"))).value
        await open_limits(d)
        assert f"Order Received 7 days {over} 2d Sendoso Help Center" in line(d)
        await d.press("e")
        assert isinstance(d.top, LimitField)
        await d.until(lambda: "as many past their limit as now" in d.text)
        await d.type("5x")
        await d.until(lambda: "is not a limit" in d.text)
        await d.press("enter")
        assert isinstance(d.top, LimitField)
        assert stored(demo_copy).threshold == stored(demo_copy).status.threshold

        await d.press("backspace", "d")
        await d.until(lambda: "more past their limit" in d.text)
        effect = next(each for each in d.text.splitlines() if "Effect" in each)
        more = int(effect.split("5 days: ")[1].split()[0])
        await d.press("enter")
        await d.until(lambda: isinstance(d.top, LimitsDialog) and "5 days" in line(d))
        assert f"Order Received 5 days {over + more} 2d your team (ana), default 7 days" in line(d)
        assert d.said[-1].startswith("Order Received: 5 days · ")
        assert d.said[-1].endswith(f"sends moved, {more:,} more past their limit")
        assert stored(demo_copy).set_by == "ana"

        await d.press("r")
        assert isinstance(d.top, ConfirmDialog)
        assert f"7 days: {more} fewer past their limit" in d.text
        await d.press("y")
        await d.until(lambda: isinstance(d.top, LimitsDialog) and "7 days" in line(d))
        assert not stored(demo_copy).own
        await d.press("L")
        assert isinstance(d.top, TextDialog)
        assert "ana  limit sendoso:order_received: 7d → 5d" in d.text
        await d.press("escape", "escape")
        assert d.at_desk
        await d.until(lambda: d.count == 45)


async def test_a_warning_of_its_own_colours_the_list(demo_copy: Path) -> None:
    async with desk_open(demo_copy, query=f"status:{RECEIVED} is:soon", size=(120, 40)) as d:
        before = d.count
        await open_limits(d)
        await d.press("w")
        assert isinstance(d.top, LimitField)
        await d.type("3bd")
        await d.until(lambda: "Write hours or days" in d.text)
        await d.press("backspace", "backspace", "d", "enter")
        await d.until(lambda: isinstance(d.top, LimitsDialog) and " 3d " in line(d))
        assert d.said[-1] == "Order Received: warned 3 days before the limit"
        await d.press("escape")
        await d.until(lambda: d.count > before)
        assert all(
            d.send_list.warnings.of("sendoso", "order_received").days == 3 for _ in await d.rows()
        )


async def test_what_has_no_time_to_warn_in_says_so(demo_copy: Path) -> None:
    async with desk_open(demo_copy) as d:
        await d.press("H", "w")
        assert isinstance(d.top, LimitsDialog)
        assert d.said == ["Initiated has no time before its limit to warn in."]
        await d.press("r")
        assert d.said[-1] == "Initiated has its default limit already."


async def test_without_the_right_limits_are_shown_to_read(demo_copy: Path) -> None:
    async with desk_open(demo_copy, read_only=True) as d:
        await d.press("H")
        assert "To read only" in d.text
        assert "change the limit" not in d.text
        await d.press("e", "w", "r", "enter")
        assert isinstance(d.top, LimitsDialog)
        await d.press("L")
        assert "Nobody has changed anything yet." in d.text
        await d.press("escape", "escape")
        assert d.at_desk


async def test_business_hours_and_holidays_are_set_here_too(demo_copy: Path) -> None:
    async with desk_open(demo_copy, size=(120, 40)) as d:
        await d.press("H")
        assert "Mon to Fri around the clock, UTC" in d.text
        await d.press("b")
        assert isinstance(d.top, LimitField)
        await d.type("9-17")
        await d.until(lambda: "Write hours, days and zone" in d.text)
        await d.type(" sun-thu Europe/Berlin")
        await d.press("enter")
        await d.until(lambda: isinstance(d.top, LimitsDialog) and "Sun to Thu" not in d.text)
        assert "09:00 to 17:00, " in d.text
        assert d.desk.business_time() is not None

        await d.press("h")
        assert isinstance(d.top, HolidaysDialog)
        assert "None to come." in d.text
        await d.press("a")
        await d.type("2026-12-24 Christmas Eve")
        await d.press("enter")
        await d.until(lambda: isinstance(d.top, LimitsDialog) and "Christmas Eve" in d.text)
        await d.press("h", "c")
        await d.type("DE-BY")
        await d.until(lambda: "the public holidays of DE-BY" in d.text)
        await d.press("enter")
        await d.until(lambda: isinstance(d.top, LimitsDialog) and "DE-BY; next" in d.text)
        await d.press("h", "j", "k", "d")
        await d.until(lambda: isinstance(d.top, LimitsDialog))
        assert all(each.day.isoformat() != "2026-12-24" for each in d.desk.holidays())
        await d.press("L")
        for said in ("business hours", "holiday 2026-12-24", "holidays"):
            assert said in d.text
