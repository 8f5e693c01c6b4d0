"""Time passes on the open desk: what comes due shows by itself, and nothing moves under the cursor."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.app_driver import NOW, SIZES, colleague, desk_open
from tests.support.desk_cases import HandClock


async def test_a_snooze_that_ends_brings_its_send_back(demo_copy: Path) -> None:
    clock = HandClock(NOW)
    async with desk_open(demo_copy, clock=clock) as d:
        first = d.send
        d.desk.snooze(first, NOW + timedelta(minutes=30))
        await d.press("r", "j", "j")
        here, top, count = d.send, d.lines[0], d.count
        assert d.header.news == ""

        clock.advance(minutes=31)
        await d.until(lambda: d.count == count + 1)
        await d.settle()

        assert d.send.id == here.id
        assert "1 back from snooze ↑" in d.text.splitlines()[0]
        assert top in d.lines
        assert d.header.waiting is not None
        assert d.header.waiting.value == count + 1

        await d.press("home")
        assert d.send.id == first.id
        assert d.lines[0].startswith("▌+")
        await d.press("enter")
        assert "until 20 Nov" not in d.text
        await d.press("escape")
        assert d.header.news == "1 back from snooze"
        await d.press("j")
        assert d.header.news == ""
        assert d.lines[0].startswith("   ")


@pytest.mark.parametrize("size", SIZES[:2], ids=str)
async def test_a_limit_that_passes_is_told(demo_copy: Path, size: tuple[int, int]) -> None:
    clock = HandClock(NOW)
    async with desk_open(demo_copy, size, clock=clock) as d:
        here = d.send
        coming = d.desk.next_due()
        assert coming
        assert coming.triage_at
        clock.now = coming.triage_at + timedelta(seconds=1)
        await d.until(lambda: "past its limit" in d.text.splitlines()[0])
        assert d.send.id == here.id
        await d.press("r")
        assert d.header.news == ""


async def test_a_paused_list_stays_and_tells_later(demo_copy: Path) -> None:
    clock = HandClock(NOW)
    async with desk_open(demo_copy, clock=clock) as d:
        d.desk.snooze(d.send, NOW + timedelta(minutes=30))
        await d.press("r", "R")
        count = d.count
        clock.advance(minutes=31)
        await d.look_for_changes()
        assert (d.count, d.header.news) == (count, "")
        await d.press("R")
        await d.until(lambda: d.count == count + 1)
        assert "1 back from snooze" in d.header.news


async def test_a_snooze_of_a_colleague_ends_here_too(demo_copy: Path) -> None:
    clock = HandClock(NOW)
    other = colleague(demo_copy)
    async with desk_open(demo_copy, clock=clock) as d:
        count = d.count
        last = (await d.rows())[-1]
        other.snooze(other.find(last.ref), NOW + timedelta(minutes=5))
        await d.until(lambda: d.count == count - 1)
        clock.advance(minutes=6)
        await d.until(lambda: d.count == count)
        await d.settle()
        assert d.header.news == "1 back from snooze ↓"
    other.database.close()


async def test_a_view_without_the_arrivals_points_nowhere(demo_copy: Path) -> None:
    clock = HandClock(NOW)
    async with desk_open(demo_copy, clock=clock) as d:
        d.desk.snooze(d.send, NOW + timedelta(minutes=30))
        await d.press("r", "slash")
        await d.type("status:delivered")
        await d.press("enter")
        clock.advance(minutes=31)
        await d.until(lambda: d.header.news)
        await d.settle()
        assert d.header.news == "1 back from snooze"


async def test_an_empty_triage_fills_by_itself(demo_copy: Path) -> None:
    clock = HandClock(NOW)
    async with desk_open(demo_copy, clock=clock) as d:
        for send in await d.rows():
            d.desk.snooze(send, NOW + timedelta(minutes=30))
        await d.press("r")
        assert d.count == 0
        clock.advance(minutes=31)
        await d.until(lambda: d.count)
        await d.settle()
        assert d.header.news == f"{d.count} back from snooze ↓"
        assert "Triage is empty" not in d.text
