"""The file of recent filters: what it keeps, and what it survives."""

import json
import os
import stat
from pathlib import Path
from unicodedata import category

import pytest

from tests.support.hostile import HOSTILE
from tui.filter_history import MOST, FilterHistory


def kept(path: Path, *texts: str, agent: str = "ana") -> FilterHistory:
    """Return the history of an agent after *texts* were used, written."""
    history = FilterHistory(path, agent)
    for text in texts:
        history.add(text)
    history.keep()
    return history


def test_the_newest_comes_first_and_each_once(tmp_path: Path) -> None:
    path = tmp_path / "state" / "filters.json"
    kept(path, "is:over", "status:sent", "is:over")
    assert FilterHistory(path, "ana").recent == ("is:over", "status:sent")


def test_it_keeps_the_last_twenty(tmp_path: Path) -> None:
    path = tmp_path / "filters.json"
    kept(path, *(f"age>{days}d" for days in range(MOST + 5)))
    recent = FilterHistory(path, "ana").recent
    assert (len(recent), recent[0], recent[-1]) == (MOST, f"age>{MOST + 4}d", "age>5d")


def test_agents_do_not_see_each_others(tmp_path: Path) -> None:
    path = tmp_path / "filters.json"
    kept(path, "is:over")
    kept(path, "is:mine", agent="jo")
    assert FilterHistory(path, "ana").recent == ("is:over",)
    assert FilterHistory(path, "jo").recent == ("is:mine",)


def test_only_the_agent_can_read_it(tmp_path: Path) -> None:
    path = tmp_path / "state" / "filters.json"
    kept(path, "email:ana@example.com")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [each.name for each in path.parent.iterdir()] == ["filters.json"]


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"[1]", b'{"ana": {}}', b'{"ana": [1, null, ""]}', b"\xff\xfe", b"[" * 100_000,
        b"\xef\xbb\xbf", '{"ana": ["Zo\xeb"]}'.encode("cp1252"), b'{"ana": [' + b"9" * 5000 + b"]}",
    ],
)  # fmt: skip
def test_a_file_that_makes_no_sense_counts_as_empty(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "filters.json"
    path.write_bytes(content)
    assert FilterHistory(path, "ana").recent == ()
    kept(path, "is:over")
    assert FilterHistory(path, "ana").recent == ("is:over",)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_file_that_an_editor_has_stored_with_a_mark_is_read(
    tmp_path: Path, encoding: str
) -> None:
    path = tmp_path / "filters.json"
    path.write_text('{"ana": ["Zo\xeb is:over"], "jo": ["is:mine"]}', encoding)
    assert kept(path, "is:over").recent == ("is:over", "Zo\xeb is:over")
    assert FilterHistory(path, "jo").recent == ("is:mine",)


def test_nothing_is_left_beside_a_folder_of_that_name(tmp_path: Path) -> None:
    path = tmp_path / "filters.json"
    path.mkdir()
    assert kept(path, "is:over").recent == ("is:over",)
    assert list(tmp_path.iterdir()) == [path]


def test_what_nobody_can_have_typed_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "filters.json"
    planted = ["is:over", "\x1b]52;c;aGk=\x07", "a\nb", "\u202eabc", "x" * 1001, *HOSTILE.values()]
    path.write_text(json.dumps({"ana": planted}))
    for text in FilterHistory(path, "ana").recent:
        assert not {category(sign) for sign in text} & {"Cc", "Cs", "Zl", "Zp"}
        assert len(text) <= 1000
    assert FilterHistory(path, "ana").recent[0] == "is:over"


def test_a_planted_link_or_pipe_is_neither_followed_nor_waited_for(tmp_path: Path) -> None:
    secret = tmp_path / "secret.json"
    secret.write_text(json.dumps({"ana": ["theirs"]}))
    path = tmp_path / "filters.json"
    path.symlink_to(secret)
    assert FilterHistory(path, "ana").recent == ()
    kept(path, "is:over")
    assert json.loads(secret.read_text()) == {"ana": ["theirs"]}
    assert not path.is_symlink()
    path.unlink()
    os.mkfifo(path)
    assert FilterHistory(path, "ana").recent == ()


def test_without_a_folder_to_write_it_remembers_until_the_end(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file in the way")
    path = tmp_path / "state" / "filters.json"
    assert kept(path, "is:over").recent == ("is:over",)
    assert FilterHistory(path, "ana").recent == ()
