"""What the desk sends to the terminal for a key, at four sizes.

Run `python -m tests.benchmarks.wire`. The whole desk runs on a real terminal over the demo desk; bytes
are all that it writes from a key until it has been quiet for a while. Held is the cost of one `j`
among forty that come every thirty milliseconds, as a keyboard repeats them.
"""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from models import demo
from models.database import open_database
from tests.terminal import Terminal

SIZES = ((80, 24), (120, 40), (140, 38), (200, 60))
NOW = "2026-11-20T09:41:00Z"
REPEAT = 0.03
"""Seconds between two keys of a keyboard that repeats."""
HELD = 40


@contextmanager
def desk(path: Path, size: tuple[int, int], *options: str) -> Iterator[Terminal]:
    """Run the desk over the file at *path*, with its first list on the screen."""
    env = {"SENDDESK_DATABASE": str(path), "SENDDESK_NOW": NOW, "SENDDESK_AGENT": "ana"}
    with Terminal.python("-m", "tui", *options, "sort:due", size=size, env=env) as terminal:
        terminal.read_until("live")
        terminal.settle(1.5)
        yield terminal


def bytes_for(terminal: Terminal, *keys: str, apart: float = 0.0) -> int:
    """Press keys and return how many bytes came until the terminal was quiet."""
    before = len(terminal.raw)
    for key in keys:
        terminal.press(key)
        if apart:
            terminal.settle(apart, timeout=apart)
    terminal.settle(0.4)
    return len(terminal.raw) - before


def measure(path: Path, size: tuple[int, int], *options: str) -> dict[str, float]:
    """Return the median bytes of each key."""
    with desk(path, size, *options) as terminal:
        found = {
            "j": median(bytes_for(terminal, "j") for _ in range(8)),
            "j held": bytes_for(terminal, *"j" * HELD, apart=REPEAT) / HELD,
            "page": median(bytes_for(terminal, "pagedown") for _ in range(5)),
            "idle": bytes_for(terminal),
        }
        terminal.press("home")
        terminal.settle(0.5)
        return found


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sends", type=int, default=2000)
    parser.add_argument("--ascii", action="store_true")
    given = parser.parse_args()
    with TemporaryDirectory() as folder:
        path = Path(folder, "desk.db")
        database = open_database(path)
        demo.make(database, sends=given.sends, now=datetime.fromisoformat(NOW))
        database.close()
        options = ["--ascii"] if given.ascii else []
        for size in SIZES:
            found = measure(path, size, *options)
            cells = "".join(f"{name:>8} {count:7.0f}" for name, count in found.items())
            print(f"{size[0]}x{size[1]:<4}{cells}")  # noqa: T201


if __name__ == "__main__":
    main()
