"""`:at Tue 17:00` and back: the desk as it was, marked, and only to read."""

from datetime import timedelta
from pathlib import Path

import pytest

from models.database import open_database
from models.reading.counts import Count
from tests.support.app_driver import SIZES, Driver, desk_open
from tests.support.desk_cases import HandClock, fact, parcel, take_into
from tests.support.sample_cases import NOW, ago


@pytest.fixture
def path(file_address: str) -> Path:
    """A desk with two late parcels."""
    database = open_database(file_address)
    late = fact("Order Received", ago(days=9))
    take_into(database, [parcel(1, late), parcel(2, late)], NOW - timedelta(hours=5))
    database.close()
    return Path(file_address)


async def go(d: Driver, command: str) -> None:
    await d.press("colon")
    await d.type(command)
    await d.press("enter")


async def test_it_goes_to_a_moment_and_esc_comes_back(path: Path) -> None:
    async with desk_open(path, clock=HandClock(NOW)) as d:
        ref = d.send.ref
        await d.press("a")
        d.clock.advance(hours=2)
        assert d.case.send.owner == "ana"

        await go(d, "at 3h")
        top = d.text.splitlines()[0]
        assert "as it was" in top
        assert "read-only · Esc or :now comes back" in top
        assert d.count == 2
        assert d.send.ref == ref
        assert d.case.send.owner == ""
        assert d.header.waiting == Count(2)

        await d.press("a", "u", "s")
        assert d.at_desk
        assert d.said[1:] == [d.desk.read_only] * 3

        for key, title in (
            ("I", "Report"),
            ("dollar_sign", "Credits"),
            ("H", "Limits of the statuses"),
        ):
            await d.press(key)
            assert f"{title} as it was {d.header.as_of}" in d.text
            await d.press("escape")

        await d.press("escape")
        assert "as it was" not in d.text.splitlines()[0]
        assert d.case.send.owner == "ana"
        assert not d.header.read_only
        await d.press("c")
        assert not d.at_desk


@pytest.mark.parametrize("size", [(40, 10), *SIZES])
async def test_the_mark_stays_at_every_size(path: Path, size: tuple[int, int]) -> None:
    async with desk_open(path, size, clock=HandClock(NOW)) as d:
        await go(d, "at 1h")
        assert "as it was" in d.text.splitlines()[0]
        await go(d, "now")
        assert "as it was" not in d.text


async def test_a_moment_is_asked_for(path: Path) -> None:
    async with desk_open(path, clock=HandClock(NOW)) as d:
        await go(d, "as it was")
        await d.type("tomorrow")
        await d.press("enter")
        assert "write 2h, 7d" in d.text
        await d.press(*["backspace"] * 8)
        await d.type("4h")
        assert "as it was" in d.text
        await d.press("enter")
        assert "as it was" in d.text.splitlines()[0]


async def test_what_cannot_be_shown_is_said_and_changes_nothing(path: Path) -> None:
    async with desk_open(path, clock=HandClock(NOW)) as d:
        await go(d, "at 2030-01-01")
        await go(d, "at 40d")
        await go(d, "now")
        assert "still to come" in d.said[0]
        assert "nothing is known of" in d.said[1]
        assert d.said[2:] == ["This is the desk as it is now."]
        assert "as it was" not in d.text.splitlines()[0]


async def test_time_brings_no_news_from_the_past_or_back(path: Path) -> None:
    async with desk_open(path, clock=HandClock(NOW)) as d:
        await go(d, "at 1h")
        d.clock.advance(days=3)
        await d.look_for_changes()
        await go(d, "now")
        await d.look_for_changes()
        assert d.header.news == ""


async def test_esc_comes_back_whatever_filter_is_set_and_leaves_it(path: Path) -> None:
    async with desk_open(path, clock=HandClock(NOW)) as d:
        await d.type("/status:order_received\r")
        narrowed = d.query
        await go(d, "at 1h")
        await d.press("escape")
        assert "as it was" not in d.text.splitlines()[0]
        assert d.query == narrowed
        await d.press("escape")
        assert d.query != narrowed


async def test_a_case_that_another_moment_does_not_have_is_closed_and_named(path: Path) -> None:
    database = open_database(str(path))
    take_into(database, [parcel(3, fact("Order Received", ago(days=20)))], NOW)
    database.close()
    clock = HandClock(NOW)
    clock.advance(minutes=1)
    async with desk_open(path, clock=clock) as d:
        assert d.send.ref == "S-3"
        await d.press("enter")
        await go(d, "at 1h")
        assert d.said == [f"S-3 is not in this list of {d.header.as_of}."]
        assert d.send.ref != "S-3"
        assert d.list_shown
        await d.press("enter")
        await go(d, "at 2h")
        assert not d.list_shown
        assert len(d.said) == 1
