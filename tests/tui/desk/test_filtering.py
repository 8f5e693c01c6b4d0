"""Typing and ticking filters: the list follows, and the last good one stays."""

from pathlib import Path

import pytest
from textual.widgets import Input

from tests.support.app_driver import NOW, desk_open
from tui.dialogs.save_view import ViewDialog


async def test_typing_a_filter_narrows_and_esc_puts_the_one_before_back(demo_copy: Path) -> None:
    async with desk_open(demo_copy) as d:
        await d.press("slash")
        await d.type("status:failed")
        assert d.query == "is:triage status:failed sort:due"
        failed = d.count
        assert 0 < failed < 45

        await d.type(",stauts")
        assert d.line.error is None
        assert d.count == failed
        await d.press("enter")
        assert d.line.editing
        assert "“stauts” is not a status" in d.text
        assert "^" in d.text
        assert d.count == failed

        await d.press("escape")
        assert not d.line.editing
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
        assert d.line.editing
        await d.press("enter")
        assert "owner:jo" in d.query


async def test_slow_typing_keeps_what_is_offered_where_half_a_word_fits_no_send(
    demo_copy: Path,
) -> None:
    async with desk_open(demo_copy) as d:
        await d.press("slash", *"owner")
        assert d.count == 45
        await d.press(*":j")
        assert d.count == 45
        assert "jo   4 sends" in d.text
        await d.press("tab", "enter")
        assert d.query == "is:triage owner:jo sort:due"
        assert d.count == 4


async def test_what_is_offered_is_counted_under_the_rest_of_the_line(demo_copy: Path) -> None:
    async with desk_open(demo_copy) as d:
        await d.press("slash")
        await d.paste("status:order_received owner")
        await d.press(*":j")
        assert "jo   2 sends" in d.text


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


async def test_the_arrows_go_through_recent_filters_also_after_a_restart(
    demo_copy: Path, tmp_path: Path
) -> None:
    filters = tmp_path / "filters.json"
    async with desk_open(demo_copy, filters=filters) as d:
        for text in ("status:failed", "is:over type:egift"):
            await d.press("0")
            d.edit_filter(text)
            await d.press("enter")
    async with desk_open(demo_copy, filters=filters) as d:
        await d.press("slash", "up")
        assert "is:over type:egift" in d.text
        await d.press("up", "up", "up")
        assert "status:failed" in d.text
        await d.press("enter")
        assert (d.query, d.send.status) == ("status:failed", "failed")
        await d.press("1", "slash", "up", "down", "enter")
        assert d.query == "is:triage sort:due"


async def test_an_empty_line_offers_recent_filters_first(demo_copy: Path) -> None:
    async with desk_open(demo_copy) as d:
        d.edit_filter("status:failed")
        await d.press("enter", "slash", "ctrl+u")
        rows = [line for line in d.text.splitlines() if "used lately" in line]
        assert "status:failed" in rows[0]
        await d.press("down", "enter", "enter")
        assert d.query == "status:failed"
        await d.press("slash", "ctrl+u", "up", "enter")
        assert d.query == "status:failed"


async def test_statuses_are_offered_with_their_numbers(demo_copy: Path) -> None:
    async with desk_open(demo_copy) as d:
        failed = sum(v.count for v in d.facets.status if v.value.endswith(":failed"))
        assert failed
        await d.press("slash")
        await d.type("status:fai")
        assert f"{failed} · Failed" in d.text


async def test_going_on_elsewhere_closes_the_line_and_keeps_what_the_list_shows(
    demo_copy: Path,
) -> None:
    async with desk_open(demo_copy) as d:
        await d.press("slash")
        await d.type("status:failed")
        await d.type(" owner:>")
        await d.press("shift+tab")
        assert not d.line.editing
        assert d.line.error is None
        assert d.query == "is:triage status:failed sort:due"
        assert f"/ {d.query} " in d.text

        await d.press("slash")
        await d.type("owner:jo")
        await d.pilot.click("SendList", offset=(10, 3))
        await d.settle()
        assert not d.line.editing
        assert d.query == "is:triage status:failed owner:jo sort:due"


@pytest.mark.parametrize("command", ["view 2", "sort", "back to the view"])
async def test_another_list_closes_the_line(demo_copy: Path, command: str) -> None:
    async with desk_open(demo_copy) as d:
        await d.press("slash")
        await d.type("status:failed owner:>")
        await d.press("ctrl+p")
        await d.type(command)
        await d.press("enter")
        if command == "sort":
            await d.press("r")
        assert not d.line.editing
        assert f"/ {d.query} " in d.text
        assert d.send_list.has_focus


async def test_a_view_that_is_refused_keeps_what_was_typed(demo_copy: Path) -> None:
    async with desk_open(demo_copy) as d:
        await d.press("W")
        await d.type("Mine")
        await d.press("enter")
        assert isinstance(d.top, ViewDialog)
        assert d.top.query_one("#view-name", Input).value == "Mine"
        assert "“Mine”" in d.text
        await d.press("end")
        await d.type(" too")
        await d.press("enter")
        assert d.at_desk
        assert d.view.name == "Mine too"


async def test_the_list_stays_while_a_word_may_be_the_beginning_of_a_key(demo_copy: Path) -> None:
    async with desk_open(demo_copy) as d:
        await d.press("slash")
        for letter in "sta":
            await d.press(letter)
            assert (d.count, d.line.error) == (45, None)
        # A word that is ended is searched for.
        await d.press("space")
        assert d.query == "is:triage sta sort:due"
        await d.press("backspace", *"tus:fai")
        assert d.query == "is:triage sta sort:due"
        assert d.line.error is None
        await d.press("space")
        assert "“fai” is not a status" in d.text
        await d.press("backspace")
        assert d.line.error is None
        await d.press(*"led")
        assert d.query == "is:triage status:failed sort:due"


async def test_completions_stand_under_their_word(demo_copy: Path) -> None:
    async with desk_open(demo_copy) as d:
        await d.press("slash")
        await d.type("status:")
        lines = d.text.splitlines()
        row = next(i for i, line in enumerate(lines) if line.startswith(" / is:triage"))
        under = lines[row].index("status:") + len("status:")
        assert lines[row + 1][under:].startswith("order_received")
        assert sum(line[:-1].count("▐") for line in lines[row + 1 : row + 11]) == 1

        await d.type("order_received owner:")
        lines = d.text.splitlines()
        assert lines[row + 1][lines[row].index("owner:") + 6 :].startswith("me ")


@pytest.mark.parametrize("size", [(40, 10), (60, 15)])
async def test_completions_stay_on_a_small_screen(demo_copy: Path, size: tuple[int, int]) -> None:
    async with desk_open(demo_copy, size) as d:
        await d.press("slash")
        await d.type("company:a owner:")
        row = next(i for i, line in enumerate(d.text.splitlines()) if line.startswith(" / "))
        assert "owner:" in d.text.splitlines()[row]
        await d.press("down", "down", "enter", "enter")
        assert "owner:@none" in d.query


async def test_due_offers_days_and_takes_past(demo_copy: Path) -> None:
    async with desk_open(demo_copy) as d:
        await d.press("0", "slash")
        await d.type("due:")
        assert "today       Fri 20 Nov" in d.text
        await d.type("pas")
        assert d.count == 1200
        await d.press("tab", "enter")
        assert d.query == "due:..now sort:-created"
        assert 0 < d.count < 1200
        assert d.send.due_at is not None
        assert d.send.due_at <= NOW
