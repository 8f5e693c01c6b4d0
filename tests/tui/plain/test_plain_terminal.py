"""`senddesk --plain` end to end: on a terminal, with lines from a file, with nobody who listens."""

import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.app_driver import NOW
from tests.support.command_line import Result
from tests.support.limit import LIMIT
from tests.support.terminal import ROOT, Terminal, clean_environment, scan
from tui.cli import run
from tui.plain.wrapping import cells

Worked = Callable[..., Result]
SENDDESK = [sys.executable, "-m", "tui"]


@pytest.fixture
def env(demo_copy: Path, tmp_path: Path) -> dict[str, str]:
    """An environment with a copy of the demo."""
    return {
        "SENDDESK_DATABASE": str(demo_copy),
        "SENDDESK_AGENT": "ana",
        "SENDDESK_NOW": NOW.isoformat(),
        "TZ": "UTC",
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
    }


def plain(env: dict[str, str], *words: str, size: tuple[int, int] = (80, 24)) -> Terminal:
    return Terminal.python("-m", "tui", "--plain", *words, size=size, env=env)


@pytest.fixture
def worked(
    env: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Worked:
    """Run `senddesk` in this process, with lines that come from no terminal."""
    for name, value in env.items():
        monkeypatch.setenv(name, value)

    def work(lines: str, *words: str, **own: str) -> Result:
        for name, value in own.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines.encode()), "utf-8"))
        code = run(words)
        told = capsys.readouterr()
        return Result(code, told.out, told.err)

    return work


def answered(terminal: Terminal, line: str, prompt: bytes) -> str:
    """Type *line*, wait for the next *prompt*, and return what was said in between."""
    start = len(terminal.raw)
    terminal.send(line)
    # What is typed is written back first.
    terminal.read_until(lambda t: prompt in bytes(t.raw[start + len(line) :]))
    return bytes(terminal.raw[start:]).decode().replace("\r\n", "\n")


@pytest.mark.parametrize(("width", "term"), [(40, "dumb"), (120, "xterm-256color")])
def test_a_day_line_by_line(env: dict[str, str], width: int, term: str) -> None:
    with plain(env | {"TERM": term}, size=(width, 24)) as terminal:
        terminal.read_until(b"Triage> ")
        said = bytes(terminal.raw).decode().replace("\r\n", "\n")
        assert " ".join(said.split()).startswith(
            "Send Desk, as ana. Times in UTC. Type help for the words. Triage: 45 sends need an agent. "
            "1. S-104972, Oskar Demir, Order Received, 11 days over, owner nobody."
        )
        assert len(said.splitlines()) <= 24

        answered(terminal, "note 1 called her\r", b"Triage> ")
        assert "Noted on S-104972. Undo takes it back." in terminal.text.replace("\n", " ")
        answered(terminal, "undo\r", b"Triage> ")
        answered(terminal, "next\r", b"Triage> ")
        answered(terminal, "done 1,3\r", b"Yes or no: ")
        answered(terminal, "yes\r", b"Triage> ")
        assert "2 sends: done." in terminal.text
        terminal.send("quit\r")
        assert terminal.wait() == 0
        lines = bytes(terminal.raw).decode().replace("\r\n", "\n").split("\n")
        typed = [line for line in lines if "> " in line or line.endswith("yes")]
        assert max(cells(line) for line in lines if line not in typed) < width
        assert b"\x1b" not in terminal.raw
        assert scan(terminal.raw) == []


def test_ctrl_c_leaves_a_question_and_ctrl_d_ends(env: dict[str, str]) -> None:
    with plain(env) as terminal:
        terminal.read_until(b"Triage> ")
        answered(terminal, "set 1 shipped\r", b"leaves it): ")
        # Python's line editing misses a signal that comes before it waits for a key.
        terminal.send("half of a rea")
        terminal.read_until(b"half of a rea")
        terminal.settle()
        said = answered(terminal, "\x03", b"Triage> ")
        assert "Left as it was." in said
        terminal.settle()
        said = answered(terminal, "\x03", b"Triage> ")
        assert "Type quit, or press Ctrl+D, to end." in said
        terminal.send("\x04")
        assert terminal.wait() == 0
        assert b"Traceback" not in terminal.raw


@pytest.mark.parametrize("word", ["help", "log all", "report today", "credits all", "packet 1"])
def test_long_texts_stop_at_each_page(env: dict[str, str], word: str) -> None:
    with plain(env, "--page-lines", "6", size=(80, 50)) as terminal:
        terminal.read_until(b"Triage> ")
        said = answered(terminal, f"{word}\r", b"q to leave: ")
        assert len(said.splitlines()) == 7
        said = answered(terminal, "\r", b"q to leave: ")
        assert said.splitlines()[1] != ""
        said = answered(terminal, "q\r", b"Triage> ")
        assert said.splitlines() == ["q", "Triage> "]
        terminal.send("quit\r")
        assert terminal.wait() == 0


def test_nobody_is_asked_to_go_on_where_the_lines_come_from_a_file(worked: Worked) -> None:
    said = worked("log all\nreport today\n", "--plain", "--page-lines", "6").out
    assert "Enter for more" not in said
    assert len(said.splitlines()) > 100


def test_the_arrow_recalls_the_last_filters_in_the_filter_question(env: dict[str, str]) -> None:
    pytest.importorskip("readline")
    with plain(env, "status:shipped") as terminal:
        terminal.read_until(b"Filter> ")
        answered(terminal, "filter status:delivered\r", b"Filter> ")
        answered(terminal, "filter status:failed\r", b"Filter> ")
        answered(terminal, "filter\r", b"keeps it): ")
        said = answered(terminal, "\x1b[A\x1b[A\r", b"Filter> ")
        assert "Filter status:delivered: " in said
        # Behind the question, the arrow recalls the words that were typed, and no filter.
        answered(terminal, "\x1b[A\r", b"keeps it): ")
        terminal.send("\x04")
        assert terminal.wait() == 0


def test_tab_completes_words_and_filters(env: dict[str, str]) -> None:
    pytest.importorskip("readline")
    with plain(env) as terminal:
        terminal.read_until(b"Triage> ")
        said = answered(terminal, "unas\t\r", b"Unassigned> ")
        assert "Unassigned: " in said
        said = answered(terminal, "filter status:suspic\t\r", b"Filter> ")
        assert "Filter status:suspicious_email: " in said
        terminal.send("\x04")
        assert terminal.wait() == 0


def test_it_opens_by_itself(env: dict[str, str]) -> None:
    with Terminal.python("-m", "tui", env=env | {"SENDDESK_PLAIN": "1"}) as terminal:
        terminal.read_until(b"Triage> ")
        terminal.send("\x04")
        assert terminal.wait() == 0
        assert b"\x1b" not in terminal.raw


def test_the_settings_file_opens_it(worked: Worked, tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("plain = true\n", "utf-8")
    done = worked("quit\n", SENDDESK_CONFIG=str(path), SENDDESK_PLAIN="")
    assert (done.code, done.out.startswith("Send Desk, as ana.")) == (0, True)


def test_it_does_not_open_where_nobody_wants_it(env: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("plain = true\n", "utf-8")
    own = {"SENDDESK_PLAIN": "0", "SENDDESK_CONFIG": str(path)}
    with Terminal.python("-m", "tui", size=(120, 40), env=env | own) as terminal:
        terminal.read_until("45 of 1,200")
        terminal.press("q")
        assert terminal.wait() == 0


def test_the_screen_can_be_asked_for_on_any_terminal(env: dict[str, str]) -> None:
    own = {"SENDDESK_PLAIN": "1"}
    with Terminal.python("-m", "tui", "--no-plain", size=(120, 40), env=env | own) as terminal:
        terminal.read_until("45 of 1,200")
        terminal.press("q")
        assert terminal.wait() == 0


def test_a_file_of_lines_is_a_script(env: dict[str, str]) -> None:
    done = subprocess.run(
        [*SENDDESK, "--plain"],
        cwd=ROOT, env=clean_environment() | env, input="set 1 shipped told by phone\nundo\n",
        capture_output=True, text=True, encoding="utf-8",
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert "Triage> set 1 shipped told by phone\n" in done.stdout
    assert "S-104972 is Shipped. Undo takes it back.\n" in done.stdout


@pytest.mark.parametrize("lines", ["take 999\n", "set 1 nonsense\n", "foo\n", "set 1 shipped\n"])
def test_a_script_of_which_something_is_refused_ends_with_1(worked: Worked, lines: str) -> None:
    assert worked(lines, "--plain").code == 1


def test_the_demo_opens_line_by_line_too(
    worked: Worked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SENDDESK_DATABASE")
    done = worked(
        "quit\n", "demo", "--sends", "50", "--plain", XDG_DATA_HOME=str(tmp_path / "data")
    )
    assert done.code == 0
    assert "need an agent." in done.out


def test_without_anything_to_read_it_begins_and_ends(worked: Worked) -> None:
    done = worked("", "--plain")
    assert done.code == 0
    assert done.out.startswith("Send Desk, as ana.")


def test_bytes_that_are_no_text_are_no_fault(env: dict[str, str]) -> None:
    done = subprocess.run(
        [*SENDDESK, "--plain"],
        cwd=ROOT, env=clean_environment() | env, input=b"note 1 \xff\xfe\x00 so\n", capture_output=True,
    )  # fmt: skip
    assert done.returncode == 0
    assert b"Noted on S-104972." in done.stdout


def test_a_terminal_without_utf_8_gets_ascii(env: dict[str, str]) -> None:
    with plain(env | {"LANG": "", "LC_ALL": "C"}) as terminal:
        terminal.read_until(b"Triage> ")
        answered(terminal, "take nothing\r", b"Triage> ")
        said = answered(terminal, "foo\r", b"Triage> ")
        assert 'There is no word "foo".' in said
        terminal.send("\x04")
        assert terminal.wait() == 0


def test_a_pipe_that_nobody_reads_ends_it_in_silence(env: dict[str, str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    process = subprocess.Popen(
        [*SENDDESK, "--plain"],
        cwd=ROOT, env=clean_environment() | env, stdin=subprocess.DEVNULL, stdout=writing,
        stderr=subprocess.PIPE,
    )  # fmt: skip
    os.close(writing)
    _, said = process.communicate(timeout=LIMIT)
    assert process.returncode == 141
    assert said == b""


def test_a_closed_terminal_ends_it(env: dict[str, str]) -> None:
    terminal = plain(env)
    terminal.read_until(b"Triage> ")
    assert terminal.hang_up() != 0


def test_a_closed_input_is_refused(env: dict[str, str]) -> None:
    done = subprocess.run(
        ["/bin/sh", "-c", 'exec "$@" <&-', "sh", *SENDDESK, "--plain"],
        cwd=ROOT, env=clean_environment() | env, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 1
    assert "nothing to read from" in done.stderr


def test_a_database_that_cannot_be_opened_is_one_sentence(worked: Worked) -> None:
    done = worked("", "--plain", SENDDESK_DATABASE="postgresql://nobody@127.0.0.1:1/none")
    assert (done.code, done.out) == (1, "")
    assert len(done.err.splitlines()) == 1


def test_at_a_terminal_it_asks_whether_to_try_again(env: dict[str, str]) -> None:
    away = env | {"SENDDESK_DATABASE": "postgresql://nobody@127.0.0.1:1/none"}
    with plain(away) as terminal:
        terminal.read_until(b"Enter tries again, quit ends: ")
        answered(terminal, "\r", b"quit ends: ")
        terminal.send("quit\r")
        assert terminal.wait() == 1
        assert b"Traceback" not in terminal.raw


def test_nothing_of_the_screen_is_loaded(env: dict[str, str]) -> None:
    program = """
import sys
from tui.cli import run
code = run(["--plain"])
print(sorted({"textual", "rich"} & set(sys.modules)), file=sys.stderr)
sys.exit(code)
"""
    lines = "open 1\nhistory\npacket\nset 3 shipped packed\ndone 4,6\nyes\nundo\nlog\nhelp\ntriage\nend\n"
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT, env=clean_environment() | env, input=lines, capture_output=True, text=True,
        encoding="utf-8",
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "[]\n")


def test_help_names_the_options(worked: Worked) -> None:
    said = worked("", "--help").out
    assert "--plain / --no-plain" in said
    assert "--page-lines" in said
