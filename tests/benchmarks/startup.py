"""How long the desk takes to open, beside an app that shows one line."""

from collections.abc import Iterator
from pathlib import Path

from models.reading.first_rows import first_rows
from tests.benchmarks.empty_app import SAID
from tests.benchmarks.figures import NOW, SMALL, Bench, Figure
from tests.support.in_triage import leave_in_triage
from tests.support.terminal import Terminal

SIZE = (120, 40)
_FRAME = (b"Send Desk", b"filter")
"""Words of the header and of the footer."""
_NONE = b"Nothing needs an agent"
_FIRST_ROW = 1.7
_TRIAGES = (40_000, 1_000, 93, 0)
"""How many sends are in Triage."""
_EMPTY = "an empty Textual app"


def startup(bench: Bench) -> Iterator[Figure]:
    """Measure the first frame, and the first row whatever the size of Triage."""
    large, small = bench.desk(), bench.desk(SMALL)
    yield _beside_empty(bench, "first frame", large, _FRAME, 1.15)
    yield _beside_empty(bench, "first row", large, (*_FRAME, first_row(large)), _FIRST_ROW)
    with bench.copy(large) as path:
        # The largest first: the others are put off, and stay before those in Triage when they are due.
        for size in filter(lambda size: size <= bench.sends, _TRIAGES):
            leave_in_triage(path, size, NOW)
            name = f"first row, {size:,} in Triage"
            yield _beside_empty(bench, name, path, (*_FRAME, first_row(path)), _FIRST_ROW)
    ours, floor = bench.medians(
        lambda: opening(large, (first_row(large),)), lambda: opening(small, (first_row(small),))
    )
    against = f"the same at {SMALL:,} sends"
    yield Figure(name="first row", ours=ours, against=against, floor=floor, target=1.1)


def _beside_empty(
    bench: Bench, name: str, path: Path, wanted: tuple[bytes, ...], target: float
) -> Figure:
    ours, floor = bench.medians(lambda: opening(path, wanted), _until_painted_empty)
    return Figure(name=name, ours=ours, against=_EMPTY, floor=floor, target=target)


def opening(path: Path, wanted: tuple[bytes, ...]) -> float:
    """Open the desk at *path* and return the milliseconds until all that is *wanted* was painted."""
    return _until(["-m", "tui"], environment(path), wanted)


def environment(path: Path) -> dict[str, str]:
    """Return the settings of an agent at the desk at *path*."""
    return {
        "SENDDESK_DATABASE": str(path),
        "SENDDESK_NOW": NOW.isoformat(),
        "SENDDESK_AGENT": "ana",
    }


def _until_painted_empty() -> float:
    return _until(["-m", "tests.benchmarks.empty_app"], {}, (SAID.encode(),))


def _until(arguments: list[str], env: dict[str, str], wanted: tuple[bytes, ...]) -> float:
    with Terminal.python(*arguments, size=SIZE, env=env) as terminal:
        return 1000 * terminal.read_until(lambda seen: all(word in seen.raw for word in wanted))


def first_row(path: Path) -> bytes:
    """Return the short name of the send at the top of Triage, or what is shown if it is empty."""
    seen = first_rows(str(path), NOW)
    assert seen is not None
    return seen.rows[0].ref.encode() if seen.rows else _NONE
