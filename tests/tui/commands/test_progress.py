"""The bar of long work: it comes where the work takes long, on a terminal alone, and goes again."""

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.terminal import Terminal

_RUN = """
import sys
from tui.cli import main
from tui.commands import progress

progress.SHOWN_AFTER = float(sys.argv.pop(1))
sys.exit(main())
"""
AT_ONCE, NEVER = "0", "1000"


def demo(folder: Path) -> list[str]:
    return ["demo", "--no-open", "--sends", "50", "--database", str(folder / "made.db")]


def imports(folder: Path) -> list[str]:
    file = folder / "sends [red].csv"
    file.write_text("Send ID,Status\n1,Sent\n2,Sent\n", "utf-8")
    return ["import", str(file), "--provider", "sendoso", "--database", str(folder / "own.db")]


@pytest.fixture(params=[demo, imports])
def words(request: pytest.FixtureRequest, tmp_path: Path) -> list[str]:
    found: list[str] = request.param(tmp_path)
    return found


def test_work_that_takes_long_shows_a_bar_until_it_is_done(words: list[str]) -> None:
    with Terminal.python("-c", _RUN, AT_ONCE, *words) as terminal:
        assert terminal.wait() == 0
        assert "━" in terminal.raw.decode()
        assert not any("━" in line for line in terminal.lines)


def test_writing_shows_a_bar_while_the_lines_go_elsewhere(tmp_path: Path) -> None:
    script, there = tmp_path / "run.py", tmp_path / "done.txt"
    script.write_text(_RUN, "utf-8")
    own = [str(tmp_path / "own.db"), "--query", "sort:due", "--reason", "r", "--force"]
    subprocess.run([sys.executable, "-c", _RUN, NEVER, *imports(tmp_path)], check=True)
    words = shlex.join(
        [sys.executable, str(script), AT_ONCE, "set", "canceled", "--database", *own]
    )
    with Terminal.start(["/bin/sh", "-c", f"{words} > {shlex.quote(str(there))}"]) as terminal:
        assert terminal.wait() == 0
        assert "━" in terminal.raw.decode()
        assert "2 done, 0 refused" in terminal.text
    assert len(there.read_text("utf-8").splitlines()) == 2


def test_short_work_shows_none(words: list[str]) -> None:
    with Terminal.python("-c", _RUN, NEVER, *words) as terminal:
        assert terminal.wait() == 0
        assert "━" not in terminal.raw.decode()


def test_a_file_gets_none(words: list[str]) -> None:
    done = subprocess.run([sys.executable, "-c", _RUN, AT_ONCE, *words], capture_output=True)
    assert done.returncode == 0
    assert "━".encode() not in done.stdout + done.stderr
