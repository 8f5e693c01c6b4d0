"""Copying: where it goes, what is told about it, and that nothing harmful goes along."""

import base64
import re
import stat
import sys
from pathlib import Path

import pytest

from models.values.text import display_text
from tests.support.hostile import HOSTILE, HUGE
from tests.support.pilot import running
from tests.support.terminal import Terminal, scan
from tui.terminal.clipboard import MOST_BYTES, clean, copy
from tui.terminal.safe_app import SafeApp

LOCAL = ("SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT", "WAYLAND_DISPLAY", "DISPLAY")
PACKET = "To: support\nOrder: 12\n  Zoë & 株式会社"


@pytest.fixture(autouse=True)
def _no_desktop(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in LOCAL:
        monkeypatch.delenv(name, raising=False)


def put_tool(folder: Path, name: str, code: int = 0) -> Path:
    """Put a clipboard program into `folder` that writes what it is given to a file beside it."""
    tool = folder / name
    tool.write_text(f"#!{sys.executable}\nimport sys\nfrom pathlib import Path\n"
                    f"Path(__file__).with_suffix('.got').write_bytes(sys.stdin.buffer.read())\n"
                    f"sys.exit({code})\n")  # fmt: skip
    tool.chmod(0o755)
    return tool.with_suffix(".got")


async def test_the_terminal_is_asked_and_not_believed() -> None:
    app = SafeApp()
    async with running(app):
        said = copy(app, PACKET + "\n\n")
        assert app.clipboard == PACKET
    assert "Sent to the terminal's clipboard" in said
    assert "Not there?" in said
    assert "\n" not in said
    assert len(said) < 60


@pytest.mark.parametrize(
    ("variable", "name"), [("WAYLAND_DISPLAY", "wl-copy"), ("DISPLAY", "xclip")]
)
async def test_on_the_agents_own_desktop_its_clipboard_takes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str, name: str
) -> None:
    got = put_tool(tmp_path, name)
    monkeypatch.setenv(variable, ":0")
    monkeypatch.setenv("PATH", str(tmp_path))
    app = SafeApp()
    async with running(app):
        assert copy(app, PACKET) == "Copied to the clipboard."
        assert got.read_bytes() == PACKET.encode()
        assert app.clipboard == ""


@pytest.mark.parametrize("variable", ["SSH_CONNECTION", "SSH_TTY"])
async def test_over_ssh_the_other_machines_clipboard_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    got = put_tool(tmp_path, "xclip")
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv(variable, "somewhere")
    app = SafeApp()
    async with running(app):
        assert "terminal's clipboard" in copy(app, PACKET)
        assert app.clipboard == PACKET
    assert not got.exists()


async def test_a_desktop_that_refuses_is_not_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_tool(tmp_path, "xclip", code=1)
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setenv("PATH", str(tmp_path))
    app = SafeApp()
    async with running(app):
        assert "Sent to the terminal" in copy(app, PACKET)
        assert app.clipboard == PACKET


async def test_what_is_too_long_is_kept_in_a_file_of_the_agents_own(tmp_path: Path) -> None:
    app = SafeApp()
    folder = tmp_path / "state"
    async with running(app):
        assert "Sent to" in copy(app, "x" * MOST_BYTES, folder)
        assert app.clipboard == "x" * MOST_BYTES
        said = copy(app, "é" * MOST_BYTES, folder)
        copy(app, "é" * MOST_BYTES + "last", folder)
    (kept,) = folder.iterdir()
    assert str(kept) in said
    assert kept.read_text(encoding="utf-8") == "é" * MOST_BYTES + "last"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


async def test_without_any_place_the_agent_is_told(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("in the way")
    app = SafeApp()
    async with running(app):
        assert copy(app, "x" * 60_000, tmp_path / "state").startswith("Not copied")


def test_the_limit_is_that_of_the_encoded_text() -> None:
    assert len(base64.b64encode(b"x" * MOST_BYTES)) <= 74_994
    assert len(base64.b64encode(b"x" * (MOST_BYTES + 1))) > 74_994


@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE)
def test_what_is_pasted_runs_nothing(value: str) -> None:
    pasted = clean(value)
    assert scan(pasted.encode()) == []
    assert not pasted.endswith(("\n", "\r", " "))
    assert pasted == display_text(value.rstrip(), 10**6, one_line=False)


def test_a_huge_text_is_still_cut() -> None:
    assert len(clean(HUGE["wide"] * 20)) == 2_000_000


def test_the_real_terminal_gets_exactly_one_command(tmp_path: Path) -> None:
    script = tmp_path / "copying.py"
    script.write_text(
        "from tui.terminal.safe_app import SafeApp\n"
        "from tui.terminal.clipboard import copy\n"
        "class Copying(SafeApp):\n"
        "    def on_mount(self):\n"
        f"        self.exit(message=copy(self, {PACKET!r}))\n"
        "Copying().run()\n"
    )
    with Terminal.python(script, env={"PYTHONPATH": "."}) as terminal:
        assert terminal.wait() == 0
        sent = re.findall(rb"\x1b\]52;c;([^\x07]*)\x07", terminal.raw)
        assert [base64.b64decode(data).decode() for data in sent] == [PACKET]
        assert [violation.kind for violation in scan(terminal.raw)] == ["OSC 52"]
        assert "Sent to the terminal's clipboard" in terminal.text
