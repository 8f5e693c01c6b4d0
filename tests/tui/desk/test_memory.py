"""How an agent leaves the desk is how it opens again."""

from pathlib import Path

import pytest

from tests.support.app_driver import colleague, desk_open
from tui.dialogs.theme import ThemeDialog
from tui.memory import NOT_READ
from tui.style.themes import DARK, LIGHT


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """The file in which the desk remembers."""
    return tmp_path / "state" / "desk.json"


async def test_view_and_orders_come_back(demo_copy: Path, state: Path) -> None:
    async with desk_open(demo_copy, state=state) as d:
        await d.pilot.click("SendList", offset=(17, 0))
        await d.settle()
        assert d.query == "is:triage sort:status"
        await d.press("2", "escape", "1")
        assert d.query == "is:triage sort:status"
        await d.press("4")
    async with desk_open(demo_copy, state=state) as d:
        assert d.view.name == "Escalated"
        assert "4 Escalated" in d.text
        await d.press("1")
        assert d.query == "is:triage sort:status"
        await d.press("escape", "F")
        assert d.query == "is:triage sort:status"
        # The order that the view has by itself is remembered as none.
        await d.pilot.click("SendList", offset=(4, 0))
        await d.settle()
        assert d.query == "is:triage sort:due"
    async with desk_open(demo_copy, state=state) as d:
        assert (d.view.name, d.query) == ("Triage", "is:triage sort:due")
    async with desk_open(demo_copy, state=state, agent="jo") as d:
        assert d.view.name == "Triage"


async def test_a_filter_at_the_start_wins_over_the_last_view(demo_copy: Path, state: Path) -> None:
    async with desk_open(demo_copy, state=state) as d:
        await d.press("4")
    async with desk_open(demo_copy, state=state, query="is:over") as d:
        assert d.query == "is:over sort:-created" or d.query == "is:over"
    async with desk_open(demo_copy, state=state) as d:
        assert d.view.name == "Escalated"


async def test_a_view_of_the_team_that_is_gone_is_no_trouble(demo_copy: Path, state: Path) -> None:
    async with desk_open(demo_copy, state=state) as d:
        await d.press("W")
        await d.type("Stuck")
        await d.press("enter")
        assert d.view.name == "Stuck"
    async with desk_open(demo_copy, state=state) as d:
        assert d.view.name == "Stuck"
    other = colleague(demo_copy)
    other.remove_view("Stuck")
    other.database.close()
    async with desk_open(demo_copy, state=state) as d:
        assert (d.view.name, d.said) == ("Triage", [])


async def test_columns_and_panes_come_back(demo_copy: Path, state: Path) -> None:
    async with desk_open(demo_copy, state=state) as d:
        await d.press("C", *"jjj", "space", "enter")
        assert "Company" not in d.text.splitlines()[3]
        await d.press("P", "greater_than_sign")
        width = d.pane.outer_size.width
        assert d.pane.region.x > 0
    async with desk_open(demo_copy, state=state) as d:
        assert "Company" not in d.text.splitlines()[3]
        assert d.pane.region.x > 0
        assert d.pane.outer_size.width == width
        await d.press("p")
    async with desk_open(demo_copy, state=state) as d:
        assert not d.pane.display
        await d.press("p")
        assert d.pane.display
    async with desk_open(demo_copy, (140, 40), state=state) as d:
        assert d.pane.outer_size.width != width


async def test_a_theme_is_tried_out_and_chosen_by_its_name(demo_copy: Path, state: Path) -> None:
    async with desk_open(demo_copy, state=state) as d:
        await d.press("colon")
        await d.type("theme")
        await d.press("enter")
        assert isinstance(d.top, ThemeDialog)
        await d.press("j")
        assert d.app.theme == LIGHT
        await d.press("escape")
        assert d.app.theme == DARK
        await d.press("colon")
        await d.type("theme: light")
        await d.press("enter")
        assert d.app.theme == LIGHT
    assert '"theme": "send-desk-light"' in state.read_text()


async def test_the_settings_file_wins_over_a_theme_that_was_chosen(
    demo_copy: Path, state: Path
) -> None:
    async with desk_open(demo_copy, state=state, has_own_theme=True) as d:
        await d.press("colon")
        await d.type("theme: light")
        await d.press("enter")
        assert "The settings file names another theme" in d.said[0]


async def test_a_broken_file_is_told_calmly_and_the_desk_begins_as_new(
    demo_copy: Path, state: Path
) -> None:
    state.parent.mkdir()
    state.write_text("{")
    async with desk_open(demo_copy, state=state) as d:
        assert d.said == [NOT_READ]
        assert d.view.name == "Triage"


@pytest.mark.parametrize(
    ("theme", "size"), [("send-desk-ansi-dark", (80, 24)), ("send-desk-ansi-light", (200, 60))]
)
async def test_the_desk_works_in_the_terminals_own_colours(
    demo_copy: Path, theme: str, size: tuple[int, int]
) -> None:
    async with desk_open(demo_copy, size, theme=theme) as d:
        await d.press("j", "slash")
        await d.type("status:")
        await d.press("escape", "escape", "s", "escape", "c", "escape", "question_mark", "escape")
        assert "is:triage" in d.text
