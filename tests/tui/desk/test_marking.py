"""Marking more sends than the list marks says so."""

from pathlib import Path

from tests.support.app_driver import desk_open, make_demo
from tui.widgets.sends.send_list import MOST_MARKED_AT_ONCE


async def test_a_range_that_is_too_long_says_so_and_names_the_command(tmp_path: Path) -> None:
    path = tmp_path / "sends.db"
    make_demo(path, MOST_MARKED_AT_ONCE + 10)
    async with desk_open(path) as d:
        await d.press("0", "g", "v", "G", "v")

        assert d.said == [
            "5,010 sends are too many to mark: narrow the filter, or use senddesk set --query."
        ]
        assert not d.send_list.marked()

        await d.press("V")
        assert d.said[1:] == d.said[:1]


async def test_a_verb_is_for_the_range_that_was_begun(demo_copy: Path) -> None:
    async with desk_open(demo_copy) as d:
        refs = [line.split()[-2] for line in d.lines[:4]]
        await d.type("vjjjc")
        assert "4 sends" in d.text
        await d.type("all four\r")
        await d.type("y")
        for ref in refs:
            assert d.desk.case(d.desk.find(ref).id).history[0].reason == "all four"


async def test_a_verb_on_a_range_that_is_too_long_is_not_for_the_cursor(tmp_path: Path) -> None:
    path = tmp_path / "sends.db"
    make_demo(path, MOST_MARKED_AT_ONCE + 10)
    async with desk_open(path) as d:
        await d.press("0", "g", "v", "G", "c")
        assert d.at_desk
        assert "too many to mark" in d.said[0]
