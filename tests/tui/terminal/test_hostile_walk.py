"""Hostile sends in list, case and dialogs, and a monkey at the keys: the terminal gets text, nothing else."""

import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from models.database import open_database
from models.desk import Desk
from models.history.audit import verify
from tests.support import hostile_desk
from tests.support.app_driver import NOW
from tests.support.terminal import Terminal, restored, scan

QUERY = "sort:id"
DIALOGS = "sDeAcfYz"
"""Those that quote the send."""
_MONKEY_KEYS = [
    *"jkgGhlbBpPmwC/f=!FWSsDeEaAczduUyYoMvVxrRLt.1234560[]<> ",
    *("escape", "enter", "tab", "shift+tab", "up", "down", "left", "right", "pagedown", "pageup"),
    *("home", "end", "backspace", "ctrl+d"),
]
"""Everything but the ways out of the desk and the palette, which offers them."""


@pytest.fixture(scope="module")
def hostile_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("hostile") / "sends.db"
    hostile_desk.make(path)
    return path


def refs(path: Path) -> list[str]:
    """Return the short names in the order of the list."""
    database = open_database(path, read_only=True)
    desk = Desk(database, "ana", lambda: NOW)
    names = [send.ref for send in desk.window(desk.listing(desk.parse(QUERY)), 0, 1000)]
    database.close()
    return names


@contextmanager
def shown(
    path: Path, size: tuple[int, int], *layers: str, copies: bool = False
) -> Iterator[Terminal]:
    """Show the desk on a terminal; leave it, and hold it to what it wrote.

    Args:
        path: The desk's file.
        size: Columns and rows.
        layers: What `raw_desk` leaves out.
        copies: Whether keys may have asked for the terminal's clipboard.
    """
    surroundings = {"SSH_CONNECTION": "here", "XDG_STATE_HOME": str(path.parent), "TZ": "UTC"}
    argv = ("-m", "tests.support.raw_desk", path, QUERY, *layers)
    with Terminal.python(*argv, size=size, env=surroundings) as terminal:
        terminal.read_until(refs(path)[0])
        terminal.read_until("live")
        yield terminal
        for _ in range(4):
            leave(terminal)
        terminal.send("q")
        assert terminal.wait() == 0
        assert restored(terminal.raw)
        expected = {"OSC 52"} if copies else set()
        assert [each for each in scan(terminal.raw) if each.kind not in expected] == []


def leave(terminal: Terminal) -> None:
    """Press Esc, and wait until it can no longer be the beginning of another key."""
    terminal.press("escape")
    terminal.settle(0.15)


def test_cases_beside_the_list_show_only_text(hostile_file: Path) -> None:
    names = [ref for ref in refs(hostile_file) if ref.startswith("S-7")]
    with shown(hostile_file, (120, 40)) as terminal:
        named = False
        for tab, most in (("Summary", 99), ("History", 99), ("Guidance", 8)):
            for ref in names[:most]:
                terminal.read_until(
                    lambda t, ref=ref: any(line.startswith(f"  {ref} ") for line in t.lines[20:])
                )
                named = named or "‹RLO›" in terminal.text
                terminal.send("j")
            assert tab in terminal.text
            terminal.send("]g")
        assert named, "bidi controls are shown by their names"


@pytest.mark.parametrize("layers", [(), ("raw",)], ids=["both layers", "choke point alone"])
def test_lists_whole_cases_and_dialogs_show_only_text(
    hostile_file: Path, tmp_path: Path, layers: tuple[str, ...]
) -> None:
    path = Path(shutil.copy(hostile_file, tmp_path / "sends.db"))
    with shown(path, (80, 24), *layers) as terminal:
        for key in ("pagedown", "pagedown", "pagedown", "pagedown", *"wlllhhhwg"):
            terminal.press(key)
            terminal.settle(0.03)
        for key in DIALOGS:
            terminal.press("down", "down", "enter")
            terminal.settle(0.05)
            terminal.send(f"]{key}")
            terminal.settle(0.1)
            leave(terminal)
            leave(terminal)


@pytest.mark.parametrize("size", [(80, 24), (140, 38)], ids=str)
def test_a_monkey_breaks_nothing(hostile_file: Path, tmp_path: Path, size: tuple[int, int]) -> None:
    path = Path(shutil.copy(hostile_file, tmp_path / "sends.db"))
    dice = random.Random(20)
    with shown(path, size, copies=True) as terminal:
        for _ in range(15):
            terminal.press(*dice.choices(_MONKEY_KEYS, k=10))
            terminal.settle(0.05)
        terminal.settle()
    database = open_database(path, read_only=True)
    assert verify(database).problems == ()
    database.close()
