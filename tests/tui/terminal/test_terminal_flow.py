"""The whole way on a real terminal, through the real command, and what the next command then sees."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.app_driver import NOW
from tests.support.limit import LIMIT
from tests.support.terminal import ROOT, Terminal, clean_environment, restored

_COMMANDS = re.compile(r"\x1b\[[0-9;?<>=]*[a-zA-Z]|\x1b\][^\x07]*\x07")
REF = "S-104972"


def surroundings(path: Path) -> dict[str, str]:
    config = path.with_name("config.toml")
    config.touch()
    return {
        "SENDDESK_DATABASE": str(path),
        "SENDDESK_AGENT": "ana",
        "SENDDESK_NOW": NOW.isoformat(),
        "SENDDESK_CONFIG": str(config),
        "TZ": "UTC",
    }


def senddesk(path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tui", *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=clean_environment() | surroundings(path),
        timeout=LIMIT,
        check=False,
    )


def test_filter_override_quit_and_the_command_line_sees_it(demo_copy: Path) -> None:
    with Terminal.python("-m", "tui", size=(120, 40), env=surroundings(demo_copy)) as terminal:
        terminal.read_until("45 of 1,200")
        terminal.read_until(REF)

        terminal.send("/")
        terminal.settle()
        terminal.send("status:order_received ")
        terminal.read_until("12 of 1,200")
        terminal.press("enter")
        terminal.settle()
        terminal.send("s")
        terminal.read_until("Set the status")
        terminal.send("s")
        terminal.read_until("Order Received → ◕ Shipped")
        terminal.send("The carrier has it")
        terminal.read_until("The carrier has it")
        terminal.press("enter")
        terminal.read_until(f"{REF} is Shipped · u undoes")
        terminal.read_until("11 of 1,200")
        terminal.send("q")

        assert terminal.wait() == 0
        assert restored(terminal.raw)

    shown = senddesk(demo_copy, "show", REF, "--format", "json")
    assert shown.stderr == ""
    send = json.loads(shown.stdout)
    assert (send["status"], send["overridden"], send["provider_status"]) == (
        "shipped",
        True,
        "order_received",
    )
    newest = send["history"][-1]
    assert (newest["kind"], newest["from"], newest["to"], newest["actor"], newest["reason"]) == (
        "override",
        "order_received",
        "shipped",
        "ana",
        "The carrier has it",
    )
    assert senddesk(demo_copy, "db", "verify").returncode == 0


@pytest.mark.parametrize("harm", ["text", "folder"])
def test_a_database_that_cannot_be_opened_ends_the_command(tmp_path: Path, harm: str) -> None:
    path = tmp_path / "sends.db"
    if harm == "text":
        path.write_text("no database")
    else:
        path.mkdir()
    with Terminal.python("-m", "tui", size=(200, 24), env=surroundings(path)) as terminal:
        assert terminal.wait() == 1
        assert restored(terminal.raw)
        said = _COMMANDS.sub("", terminal.raw.decode().rpartition("\x1b[?1049l")[2]).strip()
        assert "sends.db" in said
        assert "\n" not in said


@pytest.mark.parametrize("answer", ["n\r", "\r", "\x03"], ids=["no", "enter", "ctrl+c"])
def test_a_desk_whose_file_is_missing_is_not_made_unasked(tmp_path: Path, answer: str) -> None:
    path = tmp_path / "tpyo.db"
    with Terminal.python("-m", "tui", size=(120, 40), env=surroundings(path)) as terminal:
        terminal.read_until(b"Make an empty desk there? [y/N]")
        assert str(path).encode() in terminal.raw
        # Ctrl+C between the question and the read behind it would only count at the next key.
        terminal.settle()
        terminal.send(answer)
        assert terminal.wait() == (130 if answer == "\x03" else 1)
    assert not list(tmp_path.glob("tpyo*"))


def test_a_desk_whose_file_is_missing_is_made_when_the_agent_says_so(tmp_path: Path) -> None:
    path = tmp_path / "sends.db"
    with Terminal.python("-m", "tui", size=(120, 40), env=surroundings(path)) as terminal:
        terminal.read_until(b"Make an empty desk there? [y/N]")
        terminal.send("y\r")
        terminal.read_until("senddesk import")
        terminal.press("q")
        assert terminal.wait() == 0
    assert path.is_file()
    with Terminal.python("-m", "tui", size=(120, 40), env=surroundings(path)) as terminal:
        terminal.read_until("senddesk import")
        assert b"Make an empty desk" not in terminal.raw
        terminal.press("q")
        assert terminal.wait() == 0
