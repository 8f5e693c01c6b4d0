"""The bottom line and the messages about keys say what works where the agent is."""

from pathlib import Path

from tests.support.app_driver import Driver, desk_open
from tui.verbs import VERBS


def foot(d: Driver) -> str:
    return d.text.splitlines()[-1]


async def test_the_hints_follow_the_focus(demo_copy: Path) -> None:
    async with desk_open(demo_copy, (200, 60)) as d:
        assert "s status" in foot(d)
        await d.press("slash")
        assert foot(d).split("   ")[:2] == [" enter run", "tab complete"]
        assert "status" not in foot(d)
        await d.press("escape", "shift+tab")
        assert "enter choose" in foot(d)
        await d.press("escape", "enter")
        assert "esc back" in foot(d)
        assert "q close" in foot(d)
        await d.press("q")
        assert "s status" in foot(d)


async def test_marks_are_named_again_after_the_filter_line(demo_copy: Path) -> None:
    async with desk_open(demo_copy) as d:
        await d.press("space", "slash")
        assert "clear" not in foot(d)
        await d.press("escape")
        assert "M clear 1 marked" in foot(d)


async def test_a_desk_that_is_only_read_says_so_before_anything_is_typed(demo_copy: Path) -> None:
    async with desk_open(demo_copy, (200, 60), read_only=True) as d:
        assert "read-only" in d.text.splitlines()[0]
        assert "status" not in foot(d)
        assert "e escalate" not in d.text
        assert "Y copy" in d.text
        for key in ("u", "U", "full_stop", "W", *(verb.key for verb in VERBS.values() if verb.key)):
            await d.press(key)
            assert d.at_desk
        assert set(d.said) == {"The desk was opened with --read-only: nothing is written."}
        await d.press("enter")
        assert "status" not in foot(d)
        assert "Y copy" in foot(d)


async def test_ctrl_c_says_what_the_key_closes(demo_copy: Path) -> None:
    async with desk_open(demo_copy) as d:
        await d.press("enter", "ctrl+c")
        assert d.said == [
            "q closes the case. Ctrl+Q leaves Send Desk; Ctrl+C copies selected text."
        ]
        await d.press("escape", "t", "ctrl+c")
        assert d.said[1].startswith("q closes the round. Ctrl+Q leaves")


async def test_a_key_that_was_taken_away_is_not_named(demo_copy: Path) -> None:
    async with desk_open(demo_copy, keys={"desk.escalate": "none"}) as d:
        assert "escalate" not in foot(d)
