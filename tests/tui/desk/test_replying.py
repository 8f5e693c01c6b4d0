"""Texts for sender and recipient at the desk: shown first, copied then, never another send's."""

from pathlib import Path

import pytest

from tests.support.app_driver import Driver, colleague, desk_open
from tests.support.demo_sends import STUCK
from tui.dialogs.reply import ReplyDialog


@pytest.fixture(autouse=True)
def _over_ssh(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let copies go to the terminal, whose clipboard tests can read."""
    monkeypatch.setenv("SSH_CONNECTION", "10.0.0.1 50000 10.0.0.2 22")


@pytest.mark.parametrize("size", [(40, 10), (80, 24)], ids=str)
async def test_the_text_is_read_before_it_is_copied(demo_copy: Path, size: tuple[int, int]) -> None:
    async with desk_open(demo_copy, size) as d:
        await d.press("i")
        assert isinstance(d.top, ReplyDialog)
        assert "write to the sender" in d.text
        assert "y copy" in d.text
        assert d.send.sender_name in d.text
        assert d.app.clipboard == ""
        await d.press("y")
        assert d.at_desk
        assert d.app.clipboard.startswith(f"Hello {d.send.sender_name},\n\nWe are sorry: your gift")
        assert d.said[-1].startswith("Text to the sender: Sent to the terminal's clipboard")


async def test_s_and_r_turn_between_the_two(demo_copy: Path) -> None:
    async with desk_open(demo_copy, (80, 24)) as d:
        await d.press("i", "r")
        assert f"Hello {d.send.recipient_name}," in d.text
        await d.press("s")
        assert f"Hello {d.send.sender_name}," in d.text
        await d.press("r", "enter")
        assert d.app.clipboard.startswith(f"Hello {d.send.recipient_name},")
        await d.press("i", "escape")
        assert d.at_desk


async def test_what_is_copied_can_be_chosen_in_the_list_of_copies(demo_copy: Path) -> None:
    async with desk_open(demo_copy) as d:
        await d.press("Y")
        assert "text to sender" in d.text
        await d.press("r")
        assert isinstance(d.top, ReplyDialog)
        assert "write to the recipient" in d.text
        await d.press("escape", "Y", "s")
        assert "write to the sender" in d.text


async def test_where_there_is_nothing_to_write_the_reason_stands_in_its_place(
    demo_copy: Path,
) -> None:
    async with desk_open(demo_copy, query="status:insufficient_funds", size=(76, 24)) as d:
        await d.press("i", "r")
        assert "a text would spoil the surprise" in words_of(d)
        await d.press("y")
        assert isinstance(d.top, ReplyDialog)
        assert "There is nothing to copy." in d.text
        assert d.app.clipboard == ""
        await d.press("s")
        assert "There is nothing to copy." not in d.text
        assert "could not cover" in words_of(d)


async def test_a_broken_text_of_ones_own_is_told_beside_the_desks(
    demo_copy: Path, tmp_path: Path
) -> None:
    own = tmp_path / "replies" / "sendoso" / "order-received-late-to-sender.txt"
    own.parent.mkdir(parents=True)
    own.write_text("Hello $sendr", "utf-8")
    async with desk_open(demo_copy, (76, 24), replies=tmp_path / "replies") as d:
        await d.press("i")
        # The path is longer than a line.
        assert "$sendrisnotaplaceholder;didyoumean$sender?" in words_of(d).replace(" ", "")
        assert "We are sorry: your gift" in words_of(d)
        await d.press("escape")
        own.write_text("Dear $sender, it is late. $agent", "utf-8")
        await d.press("i")
        assert f"Dear {d.send.sender_name}, it is late. ana" in words_of(d)
        assert "$sendr" not in d.text


def words_of(d: Driver) -> str:
    """Return what is on the screen without frames and line ends."""
    return " ".join("".join(" " if each in "│▌▎▏┃" else each for each in d.text).split())


async def test_the_text_is_about_the_send_as_it_is_now(demo_copy: Path) -> None:
    other = colleague(demo_copy)
    async with desk_open(demo_copy, (76, 24), query="S-104972") as d:
        other.override(other.find(STUCK), "shipped", "seen on its way")
        await d.press("i")
        assert "is on its way" in words_of(d)
    other.database.close()


async def test_a_read_only_desk_writes_texts(demo_copy: Path) -> None:
    async with desk_open(demo_copy, read_only=True) as d:
        await d.press("i", "y")
        assert d.app.clipboard.startswith("Hello ")


async def test_without_a_send_there_is_a_sentence(demo_copy: Path) -> None:
    async with desk_open(demo_copy, query="company:nobody-of-this-name") as d:
        await d.press("i")
        assert d.at_desk
        assert d.said[-1] == "There is no send under the cursor."
