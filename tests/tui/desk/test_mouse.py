"""What can be clicked: tabs, titles, case tabs, the filter line and the hints, at every size."""

from pathlib import Path

import pytest
from textual.widget import Widget

from tests.support.app_driver import SIZES, Driver, desk_open
from tui.dialogs.confirm import ConfirmDialog
from tui.dialogs.note import NoteDialog
from tui.widgets.case.pane import CasePane
from tui.widgets.filter.filter_line import FilterLine
from tui.widgets.key_hints import KeyHints
from tui.widgets.rail import NextStep
from tui.widgets.sends.send_list import SendList
from tui.widgets.view_tabs import ViewTabs


async def click(d: Driver, kind: type[Widget], words: str) -> None:
    """Click *words* where they stand in the widget of this *kind*."""
    region = d.top.query_one(kind).region
    for y, line in enumerate(d.text.splitlines()[region.y : region.bottom]):
        x = line.find(words, region.x)
        if x >= 0:
            await d.pilot.click(kind, offset=(x - region.x, y))
            await d.settle()
            return
    raise AssertionError(f"{words} is not in\n{d.text}")


@pytest.mark.parametrize("size", [(40, 10), (60, 15), *SIZES[:2]])
async def test_filter_line_titles_hints_and_tabs_of_a_case_are_clicked(
    demo_copy: Path, size: tuple[int, int]
) -> None:
    async with desk_open(demo_copy, size) as d:
        await click(d, FilterLine, "triage")
        assert d.line.editing
        await click(d, KeyHints, "leave")
        assert not d.line.editing
        await click(d, KeyHints, "filter")
        assert d.line.editing
        await d.press("escape", "escape")

        await click(d, SendList, "Status")
        assert d.query == "is:triage sort:status"
        await click(d, SendList, "Status")
        assert d.query == "is:triage sort:-status"
        assert "Status ↓" in d.text

        await d.press("enter")
        await click(d, CasePane, "Guidance")
        assert d.pane.tab == "Guidance"
        await click(d, CasePane, "History")
        assert d.pane.tab == "History"
        await click(d, KeyHints, "[")
        assert d.pane.tab == "Summary"
        await click(d, KeyHints, "tabs")
        assert d.pane.tab == "History"
        await click(d, KeyHints, "back")
        assert d.list_shown


@pytest.mark.parametrize("size", [(40, 10), (80, 24), (120, 40)])
async def test_views_open_by_click_and_what_is_cut_is_marked(
    demo_copy: Path, size: tuple[int, int]
) -> None:
    async with desk_open(demo_copy, size) as d:
        await click(d, ViewTabs, "2 Mine")
        assert d.view.name == "Mine"
        for digit, name in (("0", "All"), ("4", "Escalated"), ("1", "Triage")):
            await d.press(digit)
            strip = d.text.splitlines()[1]
            assert f"{digit} {name}" in strip
            assert ("‹" in strip) is ("1 Triage" not in strip)
            assert ("›" in strip) is ("0 All" not in strip)
        while "›" in d.text.splitlines()[1]:
            await click(d, ViewTabs, "›")
        await click(d, ViewTabs, "0 All")
        assert d.view.name == "All"


async def test_the_next_step_opens_the_case(demo_file: Path) -> None:
    async with desk_open(demo_file, (80, 24)) as d:
        await click(d, NextStep, "Escalate")
        assert not d.list_shown


async def test_hints_of_a_dialog_press_its_keys(demo_copy: Path) -> None:
    async with desk_open(demo_copy) as d:
        await click(d, KeyHints, "note")
        assert isinstance(d.top, NoteDialog)
        await click(d, KeyHints, "esc")
        assert d.at_desk
        await d.press("c")
        await d.type("half")
        await d.press("ctrl+q")
        assert isinstance(d.top, ConfirmDialog)
        await click(d, KeyHints, "n no")
        assert isinstance(d.top, NoteDialog)


async def test_the_agents_own_keys_are_shown_and_pressed(demo_copy: Path) -> None:
    async with desk_open(demo_copy, keys={"desk.filter": "f2", "filter.leave": "f4"}) as d:
        await click(d, KeyHints, "f2")
        assert d.line.editing
        await click(d, KeyHints, "f4 leave")
        assert not d.line.editing
