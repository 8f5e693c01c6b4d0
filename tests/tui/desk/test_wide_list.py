"""Every column of the list, however narrow the terminal is."""

from pathlib import Path

from tests.support.app_driver import desk_open


async def test_w_shows_what_has_no_room_on_a_line_more(demo_copy: Path) -> None:
    async with desk_open(demo_copy, size=(80, 24)) as d:
        here, before = d.send, d.lines
        assert "Campaign" not in d.text
        await d.press("w")
        assert here.ref in d.lines[0]
        assert here.campaign in d.lines[1]
        assert here.company in d.lines[1]
        await d.press("j")
        assert d.send.ref in d.lines[2]
        await d.press("w", "k")
        assert d.lines == before


async def test_esc_takes_the_line_away_again(demo_copy: Path) -> None:
    async with desk_open(demo_copy, size=(120, 40)) as d:
        before = d.lines
        await d.press("w")
        assert not d.pane.display
        await d.press("escape")
        assert d.pane.display
        assert d.lines == before


async def test_every_send_is_sorted_by_a_column_that_shows(demo_copy: Path) -> None:
    async with desk_open(demo_copy, size=(80, 24)) as d:
        await d.press("0")
        titles = d.send_list.render_line(0).text
        assert "Created ↓" in titles
        await d.press("S", "a")
        assert "Created" not in d.send_list.render_line(0).text
