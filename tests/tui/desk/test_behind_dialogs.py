"""What goes on behind an open dialog, or behind the desk: what changes is painted, and nothing else is."""

from pathlib import Path

import pytest
from textual.app import App

from tests.support.app_driver import colleague, desk_open


@pytest.mark.parametrize("keys", ["", "s"], ids=["the desk", "a dialog"])
async def test_nothing_is_painted_while_nothing_changes(
    demo_copy: Path, monkeypatch: pytest.MonkeyPatch, keys: str
) -> None:
    async with desk_open(demo_copy, (80, 24)) as d:
        await d.press(*keys)
        painted = []
        paint = App._display
        monkeypatch.setattr(App, "_display", lambda *it: (painted.append(it), paint(*it))[1])
        for _ in range(5):
            await d.look_for_changes()
        assert painted == []


async def test_what_others_write_is_painted_behind_a_dialog(demo_copy: Path) -> None:
    other = colleague(demo_copy)
    async with desk_open(demo_copy, (120, 40)) as d:
        here = (await d.rows())[0]

        def owner() -> str:
            """Return what the first line of the list ends with before the name of the send."""
            line = next(each for each in d.text.splitlines() if here.ref in each and "▲" in each)
            return line.partition(here.ref)[0].split()[-1]

        assert owner() == "–"
        await d.press("?")
        other.take(here)
        await d.look_for_changes()
        await d.until(lambda: owner() == "jo")
        await d.press("escape")
        assert d.at_desk
        assert owner() == "jo"
    other.database.close()
