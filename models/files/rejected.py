"""The file beside an import that holds what could not be read, to be corrected and read again."""

from collections.abc import Sequence
from pathlib import Path

from models.files.items import Rejected
from models.files.storing import new_file
from models.files.writing import csv_line

_OWN = ("line", "reason")


def rejected_path(path: Path) -> Path:
    """Return where the rejected records of *path* go: `sends.csv.rejected.csv`."""
    return path.with_name(f"{path.name}.rejected.csv")


def write_rejected(path: Path, rejected: Sequence[Rejected]) -> Path:
    """Write the records of the import *path* that were rejected, with their places and reasons.

    An earlier such file of the same import is replaced.

    Returns:
        Where they are.

    Raises:
        BadFile: If the file cannot be written.
    """
    target = rejected_path(path)
    names = tuple(dict.fromkeys(name for each in rejected for name in each.row))
    with new_file(target, overwrite=True) as text:
        text.write(csv_line((*_OWN, *names)))
        for each in rejected:
            cells = (each.row.get(name, "") for name in names)
            text.write(csv_line((str(each.line), each.reason, *cells)))
    return target
