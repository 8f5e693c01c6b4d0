"""How soon a key shows in the list, and the memory of the desk.

Three programs run side by side on terminals of 120x40 and get each key in turns: the large desk, a
small one, and Textual's DataTable with a thousand rows. A time is that from the key until the rows
on the screen are what they stay: a row that comes late counts, what is painted around the list not.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from time import perf_counter

from tests.benchmarks.figures import SMALL, Bench, Figure
from tests.benchmarks.startup import SIZE, environment
from tests.benchmarks.table_app import READY, ROWS
from tests.support.terminal import Terminal

_QUIET = 0.12
"""Seconds without a byte after which nothing more is to come; longer than the case waits."""
_ROWS_SHOWN = slice(4, 20)
"""Lines of the terminal that are rows in every program, whatever stands beside the list."""
_CLICK = "\x1b[<0;{0};{1}M\x1b[<0;{0};{1}m"
_KEYS = {
    "down": ("down",),
    "PageDown": ("pagedown",),
    "End": ("end",),
    "Home": ("home",),
    "jump": (_CLICK.format(SIZE[0], 14), _CLICK.format(SIZE[0], 27)),
}
"""What is pressed, by the name of the figure; of several one after the other.

A jump is a click on the scrollbar, a third and two thirds of the way down.
"""
_COMPARED = ("down", "PageDown")
"""What a DataTable answers in the same way."""


Found = dict[tuple[str, str], list[float]]
"""Milliseconds by key and program."""


def keys(bench: Bench) -> Iterator[Figure]:
    """Measure keys and memory."""
    large, small = bench.desk(), bench.desk(SMALL)
    with ExitStack() as stack:
        terminals = {
            "large": stack.enter_context(_open_list(large)),
            "small": stack.enter_context(_open_list(small)),
            "table": stack.enter_context(_open_table(small)),
        }
        found = _press_all(terminals, bench.pairs)
        taken = {name: memory(terminal.pid) for name, terminal in terminals.items()}
    yield from _times(found)
    yield Figure(
        name="memory", ours=taken["large"], against=f"{SMALL:,} sends", floor=taken["small"],
        unit="MB", target=1.3,
    )  # fmt: skip


def _open_desk(path: Path) -> Terminal:
    """Open the desk with all its sends, and wait until everything is there."""
    terminal = Terminal.python("-m", "tui", "sort:due", size=SIZE, env=environment(path))
    terminal.read_until("live", timeout=60)
    terminal.settle(1.0)
    return terminal


def _open_list(path: Path) -> Terminal:
    """Open the desk and give the list the whole screen."""
    terminal = _open_desk(path)
    terminal.press("w")
    terminal.settle()
    return terminal


def _open_table(path: Path) -> Terminal:
    terminal = Terminal.python("-m", "tests.benchmarks.table_app", path, size=SIZE)
    terminal.read_until(READY)
    terminal.settle(1.0)
    return terminal


def _press_all(terminals: dict[str, Terminal], rounds: int) -> Found:
    """Press every key *rounds* times in every program, in turns."""
    found: Found = {}
    for number in range(rounds):
        for key, several in _KEYS.items():
            for name, terminal in terminals.items():
                if name != "table" or key in _COMPARED:
                    took = press(terminal, several[number % len(several)])
                    found.setdefault((key, name), []).append(took)
    return found


def press(terminal: Terminal, key: str) -> float:
    """Press a key and return after how many milliseconds the rows were what they stay."""
    pressed = perf_counter()
    terminal.press(key)
    rows = [(moment, cells[_ROWS_SHOWN]) for moment, cells in terminal.frames(_QUIET)]
    return 1000 * (next(moment for moment, seen in rows if seen == rows[-1][1]) - pressed)


def _times(found: Found) -> Iterator[Figure]:
    def figure(key: str, program: str, against: str, target: float | None) -> Figure:
        ours, floor = (median(found[key, name]) for name in ("large", program))
        name = f"{key} to painted"
        return Figure(name=name, ours=ours, against=against, floor=floor, target=target)

    for key in _KEYS:
        yield figure(key, "small", f"{SMALL:,} sends", 1.1)
    for key, target in zip(_COMPARED, (None, 0.25), strict=True):
        yield figure(key, "table", f"DataTable, {ROWS:,} rows", target)


def memory(pid: int) -> float:
    """Return how much memory the process has, in megabytes; asks Linux."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    line = next(line for line in lines if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024
