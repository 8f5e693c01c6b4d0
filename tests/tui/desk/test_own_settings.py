"""The agent's own keys and colours in the running desk."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.app_driver import Driver, desk_open
from tui.dialogs.note import NoteDialog
from tui.keys import in_force
from tui.style.themes import LIGHT


async def test_own_keys_take_the_place_of_the_usual_ones(demo_copy: Path) -> None:
    keys = {"desk.note": "T", "list.down": "J,down"}
    async with desk_open(demo_copy, theme=LIGHT, keys=keys) as d:
        assert d.app.theme == LIGHT

        await d.press("J", "j", "c")
        assert d.send_list.cursor_index == 1
        assert d.at_desk

        await d.press("T")
        assert isinstance(d.top, NoteDialog)


OWN = {
    "desk.status": "T",
    "desk.undo": "ctrl+z",
    "desk.redo": "ctrl+y",
    "desk.escalate": "f5",
    "desk.filter": "f2",
    "desk.reset_filter": "f3",
    "desk.pick_values": "f6",
    "desk.copy_more": "f7",
    "desk.theme": "f8",
    "desk.refresh": "f12",
    "list.clear_marks": "K",
    "view.0": "f10",
    "dialog.back": "f4",
    "log.turn": "n",
    "case.down": "f9",
}


@pytest.fixture
async def own(demo_copy: Path) -> AsyncIterator[Driver]:
    """A desk whose agent has other keys."""
    async with desk_open(demo_copy, (140, 40), keys=in_force(OWN)) as driver:
        yield driver


async def test_the_screen_shows_the_agents_own_keys(own: Driver) -> None:
    foot = own.text.splitlines()[-1]
    assert "f2 filter" in foot
    assert "T status" in foot
    assert "ctrl+z undo" in foot
    assert "f5 escalate" in own.text
    assert "f7 copy the packet" in own.text
    assert "F10 All" in own.text
    await own.press("space")
    assert "K clear 1 marked" in own.text


async def test_help_and_palette_show_the_agents_own_keys(own: Driver) -> None:
    for opened in ("question_mark", "colon"):
        await own.press(opened)
        await own.type("set the status")
        assert re.search(r"\bT +Set the status", own.text)
        assert "f4 close" in own.text
        await own.press("f4")
        assert own.at_desk


async def test_sentences_name_the_agents_own_keys(own: Driver) -> None:
    ref = own.send.ref
    await own.press("T", "enter")
    await own.type("by phone")
    await own.press("enter")
    if not own.at_desk:
        await own.press("y")
    assert own.said[-1].startswith(f"{ref} is ")
    assert own.said[-1].endswith("Ctrl+Z undoes")
    await own.press("ctrl+z")
    assert own.said[-1].endswith("Ctrl+Y redoes")


async def test_an_empty_list_names_the_agents_own_keys(own: Driver) -> None:
    await own.press("f2")
    await own.type("company:nowhere")
    await own.press("enter")
    assert "F3  back to" in own.text
    assert "F2  change the filter" in own.text
    assert "F6  pick values" in own.text


async def test_keys_of_dialogs_panes_and_the_palette_can_be_other_ones(own: Driver) -> None:
    await own.press("L", "n")
    assert "What everyone did" in own.text
    await own.press("f4")
    assert own.at_desk
    theme = own.app.theme
    await own.press("f8", "j", "enter")
    assert own.app.theme != theme
