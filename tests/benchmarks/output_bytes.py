"""What the desk sends to the terminal for a key, in every layout that it has.

Counted is all that it writes from a key until it has been quiet for a while: the list and the case.
"""

from collections.abc import Iterator
from pathlib import Path
from statistics import median

from tests.benchmarks.figures import Bench, Figure
from tests.benchmarks.startup import environment
from tests.support.terminal import Terminal

SIZES = ((80, 24), (120, 40), (140, 38), (200, 60))
ALL = "sort:due"
"""A filter under which neighbours have less in common than in Triage, with which the desk opens."""
_PROMISED = (120, 40)
"""The size that the promises for pages, and for any list, were made for."""
_KILOBYTE = 1000
_MOVES = 30
_PAGES = 6
_QUIET = 0.2
_REPEAT = 0.03
"""Seconds between two keys of a keyboard that repeats."""


def wire(bench: Bench) -> Iterator[Figure]:
    """Count bytes for a move, for one of many moves of a held key, and for a page."""
    path = bench.desk()
    for size in SIZES:
        promised = size == _PROMISED
        with desk(path, size) as terminal:
            moves = [bytes_for(terminal, "j") for _ in range(_MOVES)]
            yield _figure("down", size, median(moves), 1)
            held = bytes_for(terminal, *"j" * _MOVES, apart=_REPEAT) / _MOVES
            yield _figure("down, held", size, held, 1)
            pages = [bytes_for(terminal, "pagedown") for _ in range(_PAGES)]
            yield _figure("PageDown", size, median(pages), 4 if promised else None)
            if promised:
                bytes_for(terminal, "w", "home")
                pages = [bytes_for(terminal, "pagedown") for _ in range(_PAGES)]
                yield _figure("PageDown, list alone", size, median(pages), 4)
        with desk(path, size, ALL) as terminal:
            moves = [bytes_for(terminal, "j") for _ in range(_MOVES)]
            yield _figure("down, all sends", size, median(moves), 1 if promised else None)


def desk(path: Path, size: tuple[int, int], *arguments: str) -> Terminal:
    """Run the desk over the file at *path* and wait for its list and all that stands around it."""
    terminal = Terminal.python("-m", "tui", *arguments, size=size, env=environment(path))
    terminal.read_until("live")
    terminal.settle(1.5)
    return terminal


def bytes_for(terminal: Terminal, *keys: str, apart: float = 0.0) -> int:
    """Press keys, *apart* seconds after each other, and return how many bytes came for them."""
    before = len(terminal.raw)
    for key in keys:
        terminal.press(key)
        if apart:
            terminal.settle(apart, timeout=apart)
    terminal.settle(_QUIET)
    return len(terminal.raw) - before


def _figure(key: str, size: tuple[int, int], sent: float, target: float | None) -> Figure:
    name = f"bytes for {key}, {size[0]}x{size[1]}"
    return Figure(name=name, ours=sent, against="1 kB", floor=_KILOBYTE, unit="B", target=target)
