"""The file of the records that an import rejected, to be corrected and imported again."""

from collections.abc import Sequence
from pathlib import Path

from models.files.items import Rejected
from models.files.storing import new_file
from models.files.writing import csv_line

_OWN = ("line", "reason")


def rejected_path(path: Path) -> Path:
    """Return the path for the rejected records of the file *path*: `sends.csv.rejected.csv`."""
    return path.with_name(f"{path.name}.rejected.csv")


def write_rejected(path: Path, rejected: Sequence[Rejected]) -> Path:
    """Write the rejected records of the file *path*, with their lines and reasons.

    An earlier file of rejected records is replaced.

    Returns:
        The path of the written file.

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
