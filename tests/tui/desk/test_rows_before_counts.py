"""Rows are on the screen before anyone knows how many there are."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from models.database import open_database
from models.desk import Desk
from tests.support.app_driver import Driver, desk_open
from tests.support.desk_cases import parcel, take
from tests.support.slow_reads import Counting, nobody_reads, slow_desk
from tui.widgets.sends.row_cache import WINDOW

TOTAL = WINDOW + 60
COUNTED = "sender:molasses sort:id"
"""A filter that no index knows: to count it takes as long as to look at every send."""


@pytest.fixture
def path(file_address: str) -> Path:
    database = open_database(file_address)
    sends = (parcel(number, sender_name="Molasses", company="Syrup") for number in range(TOTAL))
    take(Desk(database, "jo"), *sends, parcel("other"))
    database.close()
    return Path(file_address)


@pytest.fixture
async def counting(path: Path) -> AsyncIterator[tuple[Driver, Counting]]:
    """A desk that shows the first rows of a list that is still being counted."""
    async with desk_open(path, query="id:0") as d:
        counting = Counting(d.desk.database.engine, "molasses")
        d.show(COUNTED)
        await d.until(counting.begun.is_set)
        yield d, counting
        counting.may_end.set()


async def test_rows_come_before_their_count(counting: tuple[Driver, Counting]) -> None:
    d, count = counting
    assert (d.query, d.send_list.busy) == (COUNTED, False)
    await d.until(lambda: "S-1 " in d.lines[1])
    assert f"{WINDOW}+" in d.text

    d.send_key("end")
    await d.until(lambda: d.send_list.cursor_index == WINDOW - 1)
    assert d.send.ref == f"S-{WINDOW - 1}"

    count.may_end.set()
    await d.until(lambda: d.count == TOTAL)
    await d.settle()
    assert f"{TOTAL} of {TOTAL + 1}" in d.text
    assert (d.send.ref, d.send_list.cursor_index) == (f"S-{WINDOW - 1}", WINDOW - 1)
    await d.press("end")
    assert d.send.ref == f"S-{TOTAL - 1}"


async def test_a_count_that_comes_late_changes_no_other_list(
    counting: tuple[Driver, Counting],
) -> None:
    d, count = counting
    d.show("id:1,2")
    await d.until(lambda: d.query == "id:1,2")
    count.may_end.set()
    await nobody_reads(d)
    await d.settle()
    assert (d.query, d.count) == ("id:1,2", 2)


async def test_what_needs_the_whole_number_waits_for_it(counting: tuple[Driver, Counting]) -> None:
    d, count = counting
    d.send_key("V")
    count.may_end.set()
    await d.until(lambda: f"Mark {TOTAL} sends?" in d.text)


async def test_the_count_goes_on_when_another_list_is_called_off(path: Path) -> None:
    async with slow_desk(str(path)) as (d, endless):
        counting = Counting(d.desk.database.engine, "%mol%")
        d.show("sender:mol")
        await d.until(counting.begun.is_set)
        d.show("recipient:molasses")
        await d.until(endless.begun.is_set)
        await d.until(lambda: d.send_list.busy)
        d.send_key("escape")
        await d.until(lambda: d.said)
        counting.may_end.set()
        await d.until(lambda: d.count == TOTAL)
        assert d.query == "sender:mol"


async def test_the_cursor_finds_its_send_further_down(path: Path) -> None:
    async with desk_open(path, query=COUNTED) as d:
        await d.press("j", "j")
        here = d.send
        d.show("sender:molasses sort:-id", keep=True)
        await d.until(lambda: d.query.endswith("-id"))
        await d.settle()
        assert (d.send.id, d.send_list.cursor_index, d.count) == (here.id, TOTAL - 3, TOTAL)
