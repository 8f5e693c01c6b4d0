"""How an agent leaves, and what the desk says to keys that it does not know."""

from pathlib import Path

from tests.support.app_driver import desk_open
from tui.dialogs.confirm import ConfirmDialog
from tui.dialogs.note import NoteDialog


async def test_ctrl_c_says_how_to_leave_in_plain_words(demo_copy: Path) -> None:
    async with desk_open(demo_copy) as d:
        await d.press("ctrl+c")
        assert d.said == ["q leaves Send Desk; Ctrl+C copies selected text."]


async def test_ctrl_c_names_the_agents_own_key(demo_copy: Path) -> None:
    async with desk_open(demo_copy, keys={"desk.quit": "f10"}) as d:
        await d.press("ctrl+c")
        assert d.said == ["F10 leaves Send Desk; Ctrl+C copies selected text."]


async def test_ctrl_c_in_a_dialog_and_in_the_filter_line(demo_copy: Path) -> None:
    async with desk_open(demo_copy) as d:
        await d.press("c", "ctrl+c")
        assert d.said == ["Esc closes this. Ctrl+Q leaves Send Desk; Ctrl+C copies selected text."]
        await d.press("escape", "slash", "ctrl+c")
        assert d.said[1:] == ["Ctrl+Q leaves Send Desk; Ctrl+C copies selected text."]


async def test_ctrl_q_asks_where_a_dialog_holds_text(demo_copy: Path) -> None:
    async with desk_open(demo_copy) as d:
        await d.press("c")
        await d.type("half a note")
        await d.press("ctrl+q")
        assert isinstance(d.top, ConfirmDialog)
        await d.press("n")
        assert isinstance(d.top, NoteDialog)
        assert "half a note" in d.text
        await d.press("ctrl+q", "y")
        assert d.app.return_code == 0


async def test_ctrl_q_twice_leaves(demo_copy: Path) -> None:
    async with desk_open(demo_copy) as d:
        await d.press("c")
        await d.type("half a note")
        await d.press("ctrl+q", "ctrl+q")
        assert d.app.return_code == 0


async def test_ctrl_q_leaves_an_empty_dialog_at_once(demo_copy: Path) -> None:
    async with desk_open(demo_copy) as d:
        await d.press("c", "ctrl+q")
        assert d.app.return_code == 0


async def test_another_alphabet_is_told_once(demo_copy: Path) -> None:
    async with desk_open(demo_copy) as d:
        for key in "йЖψأ가":
            await d.press(key)
        assert d.said == ["“й” is not a key of the desk: switch the keyboard to Latin letters."]


async def test_another_alphabet_is_text_where_text_is_typed(demo_copy: Path) -> None:
    async with desk_open(demo_copy) as d:
        await d.press("slash")
        await d.type("Жук")
        await d.press("enter")
        assert d.said == []


async def test_a_key_of_another_alphabet_may_be_the_agents_own(demo_copy: Path) -> None:
    async with desk_open(demo_copy, keys={"desk.help": "й"}) as d:
        await d.press("й")
        assert d.said == []
        assert not d.at_desk
