"""A figure: what the desk takes, beside a floor that was measured in the same run."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from models import demo
from models.database import open_database

NOW = datetime(2026, 11, 20, 9, 41, tzinfo=UTC)
"""The present of every desk that is made here."""
SMALL = 1_000
"""How many sends the desk has that a large one is compared with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """The desk beside its floor, in the unit that both were measured in."""

    name: str
    ours: float
    against: str
    """What the floor is."""
    floor: float
    unit: str = "ms"
    target: float | None = None
    """The ratio that is promised; None where there is no promise."""
    more_is_better: bool = False

    @property
    def ratio(self) -> float:
        """How many times the floor the desk takes."""
        return self.ours / self.floor

    @property
    def met(self) -> bool:
        """Whether the promise holds."""
        if self.target is None:
            return True
        return self.ratio >= self.target if self.more_is_better else self.ratio <= self.target


@dataclass(slots=True)
class Bench:
    """What every benchmark is given."""

    sends: int
    """How many sends the large desk has."""
    pairs: int
    """How often each side is measured, in turns."""
    folder: Path
    """Where desks are made, and found again by the next run."""
    database: str | None = None
    """The address of a server with a desk, where one is measured."""
    _made: dict[int, Path] = field(default_factory=dict)

    def desk(self, sends: int | None = None) -> Path:
        """Return the file of a made-up desk, the large one if no size is given."""
        number = self.sends if sends is None else sends
        if number not in self._made:
            path = self.folder / f"desk-{number}.db"
            if not path.exists():
                _make(path, number)
            self._made[number] = path
        return self._made[number]

    @contextmanager
    def copy(self, path: Path) -> Iterator[Path]:
        """Lend a copy of the desk at *path* to write to, in a folder of its own."""
        with TemporaryDirectory(dir=self.folder) as folder:
            yield Path(shutil.copyfile(path, Path(folder, path.name)))

    def medians(self, ours: Callable[[], float], floor: Callable[[], float]) -> tuple[float, float]:
        """Measure both sides in turns, each first as often as the other, and return their medians."""
        found: dict[Callable[[], float], list[float]] = {ours: [], floor: []}
        for number in range(self.pairs):
            for side in (ours, floor) if number % 2 else (floor, ours):
                found[side].append(side())
        return median(found[ours]), median(found[floor])


def timed(job: Callable[[], object]) -> Callable[[], float]:
    """Return a function that runs *job* and returns how many milliseconds it took."""

    def run() -> float:
        started = perf_counter()
        job()
        return (perf_counter() - started) * 1000

    return run


def _make(path: Path, sends: int) -> None:
    unfinished = path.with_suffix(".part")
    unfinished.unlink(missing_ok=True)
    database = open_database(unfinished)
    demo.make(database, sends=sends, now=NOW)
    database.close()
    unfinished.rename(path)
