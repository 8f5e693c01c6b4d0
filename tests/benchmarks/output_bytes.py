"""What the desk sends to the terminal for a key, in every layout that it has.

Counted is all that it writes from a key until it has been quiet for a while: the list and the case.
A key that moves nothing costs next to nothing, and is refused.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from tests.benchmarks.figures import NOW, Bench, Figure
from tests.benchmarks.startup import environment
from tests.support.in_triage import leave_in_triage
from tests.support.terminal import Terminal

SIZES = ((80, 24), (120, 40), (140, 38), (200, 60))
ALL = "sort:due"
"""A filter under which neighbours have less in common than in Triage, with which the desk opens."""
_PROMISED = (120, 40)
"""The size that the promises for pages, and for any list, were made for."""
_KILOBYTE = 1000
_MOVES = 30
_PAGES = 6
_IN_TRIAGE = 1_000
_QUIET = 0.2
_NAME = re.compile(r"\b(?:S-[0-9]+|G-[0-9a-f]{8})\b")
"""The short name of a send, which each row of the list has."""
_REPEAT = 0.03
"""Seconds between two keys of a keyboard that repeats."""


Rows = list[tuple[str, str]]
"""Of each line with a send its short name and the colour that it stands on, from top to bottom."""


class NothingMoved(AssertionError):
    """A key did not do what its bytes were to be counted for."""


def wire(bench: Bench) -> Iterator[Figure]:
    """Count bytes for a move, for one of many moves of a held key, and for a page."""
    with bench.copy(bench.desk()) as path:
        # The pages of a short list would soon not turn any more.
        leave_in_triage(path, _IN_TRIAGE, NOW)
        yield from _at_all_sizes(path)


def _at_all_sizes(path: Path) -> Iterator[Figure]:
    for size in SIZES:
        promised = size == _PROMISED
        with desk(path, size) as terminal:
            moves = [bytes_for_move(terminal, "j") for _ in range(_MOVES)]
            yield _figure("down", size, median(moves), 1)
            held = bytes_for_move(terminal, *"j" * _MOVES, apart=_REPEAT) / _MOVES
            yield _figure("down, held", size, held, 1)
            pages = [bytes_for_page(terminal, "pagedown") for _ in range(_PAGES)]
            yield _figure("PageDown", size, median(pages), 4 if promised else None)
            if promised:
                bytes_for(terminal, "w", "home")
                pages = [bytes_for_page(terminal, "pagedown") for _ in range(_PAGES)]
                yield _figure("PageDown, list alone", size, median(pages), 4)
        with desk(path, size, ALL) as terminal:
            moves = [bytes_for_move(terminal, "j") for _ in range(_MOVES)]
            yield _figure("down, all sends", size, median(moves), 1 if promised else None)


def desk(path: Path, size: tuple[int, int], *arguments: str) -> Terminal:
    """Run the desk over the file at *path* and wait for its list and all that stands around it."""
    terminal = Terminal.python("-m", "tui", *arguments, size=size, env=environment(path))
    terminal.read_until("live")
    terminal.settle(1.5)
    return terminal


def bytes_for_move(terminal: Terminal, *keys: str, apart: float = 0.0) -> int:
    """Press keys that move the cursor, and return how many bytes came for them.

    Raises:
        NothingMoved: If it stands where it stood.
    """
    before = _rows(terminal)
    sent = bytes_for(terminal, *keys, apart=apart)
    if _rows(terminal) == before:
        raise NothingMoved(f"the cursor did not move for {keys[0]}:\n{terminal.text}")
    return sent


def bytes_for_page(terminal: Terminal, key: str) -> int:
    """Press a key that turns a page, and return how many bytes came for it.

    Raises:
        NothingMoved: If the list does not begin with another send, or shows most of what it showed.
    """
    before = [name for name, _ in _rows(terminal)]
    sent = bytes_for(terminal, key)
    after = [name for name, _ in _rows(terminal)]
    stayed = len(set(before) & set(after))
    if not after or before[:1] == after[:1] or 2 * stayed > len(after):
        raise NothingMoved(f"the page did not turn for {key}:\n{terminal.text}")
    return sent


def _rows(terminal: Terminal) -> Rows:
    """Return what stands in the rows of the list; of lines where a case has names too, the first."""
    buffer, columns = terminal.screen.buffer, range(terminal.screen.columns)
    rows = []
    for row in range(terminal.screen.lines):
        cells = [buffer[row][column] for column in columns]
        # An empty cell is the second half of a wide sign.
        if found := _NAME.search("".join(cell.data or " " for cell in cells)):
            rows.append((found.group(), cells[found.start()].bg))
    return rows


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
