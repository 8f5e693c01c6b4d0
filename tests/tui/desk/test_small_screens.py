"""The desk on a small screen: everything can be reached, and what has the keys is in view."""

from pathlib import Path

import pytest
from textual.widgets import OptionList

from tests.support.app_driver import desk_open

SMALL = [(40, 10), (60, 15)]


@pytest.mark.parametrize("size", SMALL)
async def test_limits_are_read_and_a_theme_and_a_status_are_chosen(
    demo_copy: Path, size: tuple[int, int]
) -> None:
    async with desk_open(demo_copy, size) as d:
        await d.press("H", *"jjjjjjjjjj")
        options = d.top.query_one(OptionList)
        assert options.highlighted is not None
        y = options.region.y + options.highlighted - options.scroll_offset.y
        assert d.top.find_widget(options).visible_region.contains(options.region.x, y)
        assert "esc" in d.text
        await d.press("escape")

        await d.press("colon")
        await d.type("theme")
        await d.press("enter", "j", "j", "enter")
        assert d.app.theme == "send-desk-dark-blue-orange"

        before = d.send
        await d.set_status("slash", *"canc", "enter", reason="asked for it")
        await d.press("y")
        assert d.at_desk
        assert d.desk.case(before.id).send.status == "canceled"
