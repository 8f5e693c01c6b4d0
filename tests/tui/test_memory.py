"""The file of how agents left the desk: what it keeps, and what it survives."""

import os
import stat
from pathlib import Path

import pytest

from tui.memory import NOT_READ, Memory


def left(path: Path, agent: str = "ana") -> Memory:
    """Return the memory of an agent who has arranged everything, written."""
    memory = Memory.read(path, agent)
    memory.columns = ("due", "status", "recipient", "id")
    memory.sorts = {"Mine": "-created"}
    memory.hides_case, memory.place = True, "beside"
    memory.side, memory.cells, memory.terminal = "width", 52, (120, 40)
    memory.theme, memory.view = "send-desk-light", "All"
    memory.keep()
    return memory


def test_everything_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "state" / "desk.json"
    before = left(path)
    after = Memory.read(path, "ana")
    assert after.said() == before.said()
    assert after.problem == ""
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_agents_do_not_change_each_others(tmp_path: Path) -> None:
    path = tmp_path / "desk.json"
    left(path)
    jo = Memory.read(path, "jo")
    assert jo.view == ""
    jo.view = "Mine"
    jo.keep()
    assert (Memory.read(path, "ana").view, Memory.read(path, "jo").view) == ("All", "Mine")


def test_nothing_is_written_where_nothing_has_changed(tmp_path: Path) -> None:
    path = tmp_path / "desk.json"
    Memory.read(path, "ana").keep()
    assert not path.exists()


@pytest.mark.parametrize(
    "content", [b"{", b"[1]", b"\xff\xfe", b"[" * 100_000, b"7", b'{"ana": [' + b"9" * 5000 + b"]}"]
)
def test_a_broken_file_is_told_in_one_sentence_and_replaced(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "desk.json"
    path.write_bytes(content)
    memory = Memory.read(path, "ana")
    assert memory.problem == NOT_READ
    memory.view = "All"
    memory.keep()
    assert Memory.read(path, "ana").view == "All"


@pytest.mark.parametrize(
    "content",
    [
        b"{}", b'{"ana": 3}', b'{"ana": {"columns": 5, "sorts": [], "size": [1, 2, 3, 4]}}',
        b'{"ana": {"size": ["width", -3, 80, 24], "theme": 7, "view": "a\\nb", "place": "up"}}',
        b'{"ana": {"columns": [null, ""], "sorts": {"Mine": 4}, "hides_case": "yes"}}',
    ],
)  # fmt: skip
def test_what_makes_no_sense_counts_as_nothing(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "desk.json"
    path.write_bytes(content)
    memory = Memory.read(path, "ana")
    assert (memory.said(), memory.problem) == ({}, "")


@pytest.mark.parametrize("kind", ["folder", "link", "pipe"])
def test_what_is_no_file_of_ours_is_neither_read_nor_waited_for(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "desk.json"
    if kind == "folder":
        path.mkdir()
    elif kind == "link":
        left(tmp_path / "other.json")
        path.symlink_to(tmp_path / "other.json")
    else:
        os.mkfifo(path)
    memory = Memory.read(path, "ana")
    assert memory.view == ""
    memory.view = "All"
    memory.keep()
