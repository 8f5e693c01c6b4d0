"""How soon a change shows: from the key that confirms an override to the row with its new status."""

from collections.abc import Iterator
from contextlib import closing
from itertools import count
from pathlib import Path
from statistics import median
from time import perf_counter

from tests.benchmarks.figures import Bench, Figure, timed
from tests.benchmarks.startup import SIZE, environment
from tests.benchmarks.writes import open_bare, set_bare
from tests.support.terminal import Cells, Terminal

FRAME = 1000 / 60
"""Milliseconds between two frames of a screen."""
_FROM, _TO, _LETTER = "Order Received", "Shipped", "s"
_FILTER = "provider:sendoso status:order_received,shipped -is:contested sort:created"
"""Both sides of the change, so that the row stays; what is contested asks twice."""
_CURSOR = "▌"
_QUIET = 0.3


def overrides(bench: Bench) -> Iterator[Figure]:
    """Measure overrides, each of another send, beside bare ones of the same file."""
    rows = count(10)
    shown: list[float] = []
    bare: list[float] = []
    with (
        bench.copy(bench.desk()) as path,
        closing(open_bare(path)) as raw,
        _open_desk(path) as terminal,
    ):
        for _ in range(bench.pairs):
            shown.append(_override(terminal))
            bare.append(timed(lambda: set_bare(raw, [next(rows)]))())
            terminal.settle(1.5)
    ours = median(shown)
    yield Figure(
        name="override, key to row", ours=ours, against="a frame of 1/60 s", floor=FRAME, target=2
    )
    yield Figure(
        name="override, key to row", ours=ours, against="bare SQL and a frame",
        floor=median(bare) + FRAME,
    )  # fmt: skip


def _open_desk(path: Path) -> Terminal:
    terminal = Terminal.python("-m", "tui", _FILTER, size=SIZE, env=environment(path))
    terminal.read_until("live", timeout=60)
    terminal.settle(1.0)
    return terminal


def _override(terminal: Terminal) -> float:
    """Give the next send that can be given it the new status; return the milliseconds it took."""
    while _FROM not in _cursor_line(terminal):
        terminal.press("j")
        terminal.settle(0.1)
    place = next(row for row, line in enumerate(terminal.lines) if _CURSOR in line)
    terminal.press("s")
    terminal.read_until("Set the status")
    terminal.press(_LETTER)
    terminal.read_until(f"→ ◕ {_TO}")
    terminal.send("measured")
    terminal.read_until("measured")
    terminal.settle()
    pressed = perf_counter()
    terminal.press("enter")
    frames = terminal.frames(_QUIET)
    painted = next(moment for moment, cells in frames if _TO in _text(cells, place))
    return (painted - pressed) * 1000


def _cursor_line(terminal: Terminal) -> str:
    return next(line for line in terminal.lines if _CURSOR in line)


def _text(cells: Cells, row: int) -> str:
    return "".join(cell.data for cell in cells[row])
