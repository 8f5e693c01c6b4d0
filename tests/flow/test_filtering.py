"""Typing and ticking filters: the list follows, and the last good one stays."""

from pathlib import Path

from tests.app_driver import desk_open


async def test_typing_a_filter_narrows_and_esc_puts_the_one_before_back(demo_copy: Path) -> None:
    async with desk_open(demo_copy) as d:
        await d.press("slash")
        await d.type("status:failed")
        assert d.query == "is:triage status:failed sort:due"
        failed = d.count
        assert 0 < failed < 45

        await d.type(",stauts")
        assert "“stauts” is not a status" in d.text
        assert "^" in d.text
        assert d.count == failed
        await d.press("enter")
        assert d.screen.line.editing

        await d.press("escape")
        assert not d.screen.line.editing
        assert (d.query, d.count) == ("is:triage sort:due", 45)


async def test_completion_finishes_words(demo_copy: Path) -> None:
    async with desk_open(demo_copy) as d:
        await d.press("0", "slash")
        await d.type("stat")
        assert "status:" in d.text
        await d.press("tab")
        await d.type("undel")
        assert "undeliverable" in d.text
        await d.press("down", "enter", "enter")
        assert d.query == "status:undeliverable sort:-created"
        assert d.send.status == "undeliverable"
        await d.press("slash")
        await d.type("owner:j")
        await d.press("tab")
        assert d.screen.line.editing
        await d.press("enter")
        assert "owner:jo" in d.query


async def test_ticks_in_the_picker_count_and_can_be_taken_off(demo_copy: Path) -> None:
    async with desk_open(demo_copy) as d:
        await d.press("f", "j", "space", "j", "space")
        both = d.count
        await d.press("space")
        assert 0 < d.count < both
        await d.press("enter", "f", "c")
        assert d.count == 45
        await d.press("j", "space", "escape")
        assert d.count < 45
