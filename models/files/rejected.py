"""The file of the records that an import rejected, to be corrected and imported again."""

import csv
import filecmp
import os
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO
from weakref import finalize

from models.files.items import Rejected
from models.files.storing import new_file
from models.files.writing import csv_line, written_line

_OWN = ("line", "reason")
_LARGEST_CELL = 2**20
"""How many characters a cell of the rejected rows may have when they are read again."""


def rejected_path(path: Path) -> Path:
    """Return the path for the rejected records of the file *path*: `sends.csv.rejected.csv`."""
    return path.with_name(f"{path.name}.rejected.csv")


class RejectedRows:
    """The rejected records of one file, kept outside memory until they are saved.

    Attributes:
        count: How many there are.
        first: The first of them.
    """

    def __init__(self, most: int, *, kept: bool = True) -> None:
        """Start without any.

        Args:
            most: How many of the first are remembered.
            kept: Whether they can be saved.
        """
        self.count = 0
        self.first: list[Rejected] = []
        self._most = most
        self._kept = kept
        self._spool: IO[str] | None = None
        self._places: dict[str, int] = {}

    def add(self, rejected: Rejected) -> None:
        """Remember one more."""
        self.count += 1
        if len(self.first) < self._most:
            self.first.append(rejected)
        if not self._kept:
            return
        if self._spool is None:
            self._spool = TemporaryFile("w+", encoding="utf-8", errors="replace", newline="")  # noqa: SIM115
            finalize(self, self._spool.close)
        for name in rejected.row:
            self._places.setdefault(name, len(self._places))
        cells = [""] * len(self._places)
        for name, cell in rejected.row.items():
            cells[self._places[name]] = cell
        self._spool.write(csv_line((str(rejected.line), rejected.reason, *cells)))

    def save(self, path: Path) -> Path:
        """Write them beside the file *path*, with their lines and reasons.

        What is there stays: somebody may be mending it. Where the same records were written before,
        nothing is written again.

        Returns:
            The path of the file that has them: `sends.csv.rejected.csv`, or with a number before `.csv`.

        Raises:
            BadFile: If the file cannot be written.
        """
        target, earlier = _free_name(rejected_path(path))
        names = (*_OWN, *self._places)
        with new_file(target) as text:
            text.write(csv_line(names))
            if self._spool is not None:
                self._spool.seek(0)
                csv.field_size_limit(_LARGEST_CELL)
                # The first rows have fewer cells if later ones brought more columns.
                for row in csv.reader(self._spool):
                    text.write(written_line([*row, *[""] * (len(names) - len(row))]))
        for each in earlier:
            if _is_same(each, target):
                target.unlink()
                return each
        return target


def _free_name(path: Path) -> tuple[Path, list[Path]]:
    """Return *path*, or with a number where that is taken, and the names that are taken."""
    taken: list[Path] = []
    target = path
    while os.path.lexists(target):
        taken.append(target)
        target = path.with_name(f"{path.stem}-{len(taken) + 1}{path.suffix}")
    return target, taken


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.is_file() and filecmp.cmp(one, other, shallow=False)
    except OSError:
        return False


def write_rejected(path: Path, rejected: Iterable[Rejected]) -> Path:
    """Write the rejected records of the file *path*; see `RejectedRows.save`.

    Raises:
        BadFile: If the file cannot be written.
    """
    rows = RejectedRows(0)
    for each in rejected:
        rows.add(each)
    return rows.save(path)
