"""How the open desk answers keys while another process sets thousands of sends in the same file."""

import subprocess
import sys
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from statistics import median
from time import perf_counter

from tests.benchmarks.figures import Bench, Figure
from tests.benchmarks.startup import SIZE, environment
from tests.support.terminal import ROOT, Cells, Terminal, clean_environment

_SENDS = 5_000
_KEYS = ("j", "k")
"""Pressed in turns, so that the list never scrolls."""
_ROWS = slice(4, 26)
"""Lines of the terminal where the cursor can be."""
_CURSOR = "▌"
_QUIET = 0.05
"""Seconds without a byte after which the next key is pressed, as fast as an agent can."""


def meanwhile(bench: Bench) -> Iterator[Figure]:
    """Measure a move of the cursor while nothing happens, and while all sends are set."""
    with bench.copy(bench.desk(_SENDS)) as path, open_desk(path) as terminal:
        quiet = list(moves(terminal, 5 * bench.pairs))
        with setting_all(path) as command:
            busy = list(moves(terminal, while_runs=command))
    name = f"down to painted while {_SENDS:,} are set"
    yield Figure(
        name=name, ours=median(busy), against="while nothing runs", floor=median(quiet), target=2
    )
    yield Figure(
        name=f"{name}, the worst", ours=max(busy), against="while nothing runs, the worst",
        floor=max(quiet),
    )  # fmt: skip


def open_desk(path: Path) -> Terminal:
    """Open the desk with all its sends, in an order that no status changes."""
    terminal = Terminal.python("-m", "tui", "sort:created", size=SIZE, env=environment(path))
    terminal.read_until("live")
    terminal.settle(1.0)
    return terminal


def setting_all(path: Path) -> subprocess.Popen[bytes]:
    """Begin to set every send of the desk at *path*, in a process of its own."""
    words = ("set", "canceled", "--query", "sort:due", "--reason", "measured", "--force")
    return subprocess.Popen(
        [sys.executable, "-m", "tui", *words],
        cwd=ROOT,
        env=clean_environment() | environment(path),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def moves(
    terminal: Terminal,
    most: int = sys.maxsize,
    *,
    while_runs: subprocess.Popen[bytes] | None = None,
) -> Iterator[float]:
    """Move the cursor again and again; yield how many milliseconds each move took to show.

    Args:
        terminal: Where the desk runs.
        most: After so many moves it ends.
        while_runs: It ends with this process too, after one move at least.
    """
    for key, _ in zip(cycle(_KEYS), range(most), strict=False):
        terminal.read_until(lambda seen: _cursor(seen.lines) is not None)
        before = _cursor(terminal.lines)
        pressed = perf_counter()
        terminal.press(key)
        yield 1000 * (_moved_at(terminal, before) - pressed)
        if while_runs is not None and while_runs.poll() is not None:
            return


def _moved_at(terminal: Terminal, before: int | None) -> float:
    """Return when the cursor was first painted on another line than *before*."""
    while frames := terminal.frames(_QUIET):
        for at, seen in frames:
            if _cursor(_text(seen)) not in (None, before):
                return at
    raise AssertionError(f"a key was not answered; the screen:\n{terminal.text}")


def _cursor(lines: list[str]) -> int | None:
    """Return the line of the list with the cursor; None in the middle of a frame without one."""
    rows = enumerate(lines[_ROWS])
    return next((row for row, line in rows if line.startswith(_CURSOR)), None)


def _text(cells: Cells) -> list[str]:
    return ["".join(cell.data for cell in row) for row in cells]
