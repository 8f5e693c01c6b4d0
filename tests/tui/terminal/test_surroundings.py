"""The desk on odd terminals: without colours, of another size, lent to a shell, gone."""

import os
import re
import signal
import sqlite3
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.app_driver import NOW
from tests.support.terminal import Terminal
from tui.cli import run
from tui.terminal.environment import forget_stale_size

_SHELL = ["/bin/bash", "--norc", "--noprofile", "-i"]
_DESK = f"{sys.executable} -m tui"
_COLOURS = re.compile(rb"[34]8;2;(\d+);(\d+);(\d+)")
_FEW_COLOURS = re.compile(rb"\x1b\[[0-9;]*m")


@pytest.fixture
def env(demo_copy: Path) -> dict[str, str]:
    config = demo_copy.with_name("config.toml")
    config.touch()
    return {
        "SENDDESK_DATABASE": str(demo_copy),
        "SENDDESK_AGENT": "ana",
        "SENDDESK_NOW": NOW.isoformat(),
        "SENDDESK_CONFIG": str(config),
        "TZ": "UTC",
        "PS1": "$ ",
    }


def desk(env: dict[str, str], size: tuple[int, int] = (100, 30)) -> Terminal:
    return Terminal.python("-m", "tui", size=size, env=env)


def colours(raw: bytearray) -> set[tuple[bytes, ...]]:
    return set(_COLOURS.findall(bytes(raw)))


@pytest.mark.parametrize(
    "own", [{"FORCE_COLOR": "0"}, {"NO_COLOR": "1", "FORCE_COLOR": "1"}], ids=str
)
def test_without_colours_the_desk_is_grey(env: dict[str, str], own: dict[str, str]) -> None:
    with desk(env | own) as terminal:
        terminal.read_until("45 of 1,200")
        assert colours(terminal.raw)
        assert all(len(set(each)) == 1 for each in colours(terminal.raw))
        terminal.press("j", "?")
        terminal.read_until("Keys and filters")
        terminal.press("ctrl+q", "ctrl+q")
        assert terminal.wait() == 0


@pytest.mark.parametrize(
    "own",
    [{"NO_COLOR": "", "CLICOLOR": "1", "COLORTERM": "24bit"}, {"FORCE_COLOR": "1"}],
    ids=str,
)
def test_what_asks_for_colours_gets_them(env: dict[str, str], own: dict[str, str]) -> None:
    with desk(env | own) as terminal:
        terminal.read_until("45 of 1,200")
        assert any(len(set(each)) > 1 for each in colours(terminal.raw))
        terminal.press("q")
        assert terminal.wait() == 0


@pytest.mark.parametrize("term", ["", "unknown", "vt100", "screen-256color"])
def test_the_desk_starts_on_any_terminal(env: dict[str, str], term: str) -> None:
    with desk(env | {"TERM": term, "COLORTERM": "odd"}) as terminal:
        terminal.read_until("45 of 1,200")
        assert not colours(terminal.raw)
        assert _FEW_COLOURS.search(terminal.raw)
        terminal.press("q")
        assert terminal.wait() == 0


def test_a_terminal_that_cannot_place_text_gets_the_desk_line_by_line(env: dict[str, str]) -> None:
    with desk(env | {"TERM": "dumb"}) as terminal:
        terminal.read_until(b"Triage> ")
        terminal.send("quit\r")
        assert terminal.wait() == 0
        assert b"\x1b" not in terminal.raw


def test_the_screen_is_not_forced_on_such_a_terminal(env: dict[str, str]) -> None:
    with Terminal.python("-m", "tui", "--no-plain", env=env | {"TERM": "dumb"}) as terminal:
        assert terminal.wait() == 1
        assert "TERM=dumb" in terminal.text.replace("\n", "")


@pytest.mark.parametrize(
    "own", [{"TERM": "linux"}, {"LC_ALL": "C"}, {"PYTHONIOENCODING": "ascii:strict"}], ids=str
)
def test_a_plain_terminal_gets_ascii_by_itself(env: dict[str, str], own: dict[str, str]) -> None:
    with desk(env | own) as terminal:
        terminal.read_until("45 of 1,200")
        terminal.settle()
        assert not set("│─▌◑▲…") & set(terminal.text)
        terminal.press("q")
        assert terminal.wait() == 0


def test_an_encoding_that_no_terminal_knows_is_not_drawn_in(env: dict[str, str]) -> None:
    with desk(env | {"PYTHONIOENCODING": "utf-16"}) as terminal:
        terminal.read_until("45 of 1,200")
        assert b"\0" not in terminal.raw
        terminal.press("q")
        assert terminal.wait() == 0


def test_case_21_columns_the_terminal_is_believed(env: dict[str, str]) -> None:
    stale = {"COLUMNS": "120", "LINES": "34"}
    with desk(env | stale, size=(60, 15)) as terminal:
        terminal.read_until("45 of 1,200")
        terminal.settle()
        assert terminal.lines[2].endswith("45 of 1,200")
        assert "filter" in terminal.lines[14]
        terminal.resize(130, 40)
        terminal.settle()
        assert "help" in terminal.lines[39]
        terminal.press("q")
        assert terminal.wait() == 0


def test_case_21_columns_tables_and_help_take_the_width_of_the_terminal(
    env: dict[str, str],
) -> None:
    for words in (["list"], ["--help"]):
        with Terminal.python(
            "-m", "tui", *words, size=(60, 200), env=env | {"COLUMNS": "200", "LINES": "9"}
        ) as terminal:
            assert terminal.wait() == 0
        lines = re.sub(rb"\x1b\[[0-9;]*m", b"", bytes(terminal.raw)).decode().split("\r\n")
        assert max(map(len, lines)) <= 60
        assert len(lines) > 5


@pytest.mark.parametrize("width", ["20", "1", "0", "00"])
def test_case_21_columns_a_pipe_gets_whole_cells_even_in_colour(
    env: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    width: str,
) -> None:
    for name, value in (env | {"COLUMNS": width, "FORCE_COLOR": "1"}).items():
        monkeypatch.setenv(name, value)
    forget_stale_size(sys.stdout)
    assert run(["list", "--limit", "50"]) == 0
    told = capsys.readouterr().out
    assert "…" not in told
    assert len(told.splitlines()) == 51


def deaf_to_hangups(env: dict[str, str]) -> Terminal:
    return Terminal.start(["/bin/sh", "-c", f"trap '' HUP; exec {_DESK}"], (100, 30), env)


@pytest.mark.parametrize("keys", ["", "ca note begun", ":"], ids=repr)
def test_case_19_hangup_the_desk_ends_with_its_terminal(env: dict[str, str], keys: str) -> None:
    with deaf_to_hangups(env) as terminal:
        terminal.read_until("45 of 1,200")
        terminal.send(keys)
        terminal.settle()
        assert terminal.hang_up() == 128 + signal.SIGHUP


def test_case_19_hangup_a_write_that_runs_is_finished(
    env: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    with deaf_to_hangups(env) as terminal:
        terminal.read_until("45 of 1,200")
        ref = re.search(r"[SG]-\w+", next(line for line in terminal.lines if "▌" in line))
        assert ref
        terminal.send("c")
        terminal.read_until("Note")
        terminal.settle()
        with (
            closing(sqlite3.connect(env["SENDDESK_DATABASE"])) as other,
            ThreadPoolExecutor() as pool,
        ):
            other.execute("BEGIN IMMEDIATE")
            terminal.send("told by phone")
            terminal.read_until("told by phone")
            terminal.send("\r")
            terminal.read_until(lambda it: "told by phone" not in it.text)
            ended = pool.submit(terminal.hang_up)
            other.rollback()
            assert ended.result() == 128 + signal.SIGHUP
    assert run(["show", ref[0], "--database", env["SENDDESK_DATABASE"]]) == 0
    assert "told by phone" in capsys.readouterr().out


def test_case_19_hangup_while_the_desk_starts(env: dict[str, str]) -> None:
    with deaf_to_hangups(env) as terminal:
        terminal.read_until(b"\x1b[?1049h")
        assert terminal.hang_up() == 128 + signal.SIGHUP


def test_ctrl_z_goes_to_the_shell_and_fg_paints_again(env: dict[str, str]) -> None:
    with Terminal.start(_SHELL, (100, 30), env) as terminal:
        terminal.read_until("$")
        terminal.send(f"{_DESK}\r")
        terminal.read_until("45 of 1,200")
        terminal.settle()
        begun = len(terminal.raw)
        terminal.send("\x1a")
        terminal.read_until(lambda it: b"Stopped" in it.raw[begun:])
        given_back = bytes(terminal.raw[begun:])
        for mode in (b"1000l", b"1003l", b"1006l", b"1049l", b"1004l", b"2004l", b"25h"):
            assert b"\x1b[?" + mode in given_back
        terminal.send("echo in the $((1 + 1))nd place\r")
        terminal.read_until("in the 2nd place")

        begun = len(terminal.raw)
        terminal.send("fg\r")
        terminal.read_until(lambda it: b"45 of 1,200" in it.raw[begun:])
        terminal.settle()
        assert b"\x1b[?1049h" in terminal.raw[begun:]
        assert b"no shell" not in terminal.raw[begun:]
        assert "2nd place" not in terminal.text

        # In the background it stops at once instead of drawing over the shell.
        terminal.send("\x1a")
        terminal.settle()
        begun = len(terminal.raw)
        terminal.send("bg\r")
        terminal.settle()
        assert b"1049h" not in terminal.raw[begun:]
        terminal.send("fg\r")
        terminal.read_until(lambda it: b"45 of 1,200" in it.raw[begun:])
        terminal.settle()
        terminal.press("?")
        terminal.read_until("Keys and filters")
        terminal.press("ctrl+q", "ctrl+q")
        terminal.read_until(lambda it: it.raw.rstrip().endswith(b"$"))
        terminal.send("exit\r")
        assert terminal.wait() == 0


def test_stops_and_letters_that_are_not_utf8_end_nothing(env: dict[str, str]) -> None:
    with desk(env) as terminal:
        terminal.read_until("45 of 1,200")
        terminal.send("\x1a")
        terminal.read_until("There is no shell")
        terminal.press("j")
        terminal.settle()

        # A stop without a warning is painted over.
        begun = len(terminal.raw)
        os.kill(terminal.pid, signal.SIGSTOP)
        os.kill(terminal.pid, signal.SIGCONT)
        terminal.read_until(lambda it: b"45 of 1,200" in it.raw[begun:])

        terminal.send("/")
        terminal.settle()
        terminal.send("Jos\xe9".encode("latin-1") + b" x")
        terminal.read_until("Jos� x")
        terminal.press("ctrl+q")
        assert terminal.wait() == 0
