"""Reading Excel's workbooks: their sheets of sends become the rows of one table of texts."""

import csv
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import IO, Any

from models.errors import BadFile
from models.files.columns import Header
from models.files.shown import shown

_LARGEST = 200 * 2**20
"""How many bytes a workbook may have once it is unpacked."""
_HEAD = 20
_EXACT = 10**15
"""From here on a workbook has rounded a number: it keeps 15 digits."""
_BROKEN = (
    OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, EOFError, SyntaxError,
    zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError,
)  # fmt: skip
"""What openpyxl raises for files that are no workbooks or broken ones; it has no error of its own."""


def write_table(path: Path, copy: IO[str]) -> None:
    """Write the sheets of sends in a workbook to *copy* as CSV.

    If no sheet is one of sends, it is the first.

    Raises:
        BadFile: If it is broken or too large.
    """
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(path) as archive:
            if sum(each.file_size for each in archive.infolist()) > _LARGEST:
                raise BadFile(f"{shown(path)} has more than 200 MB inside; save it as CSV")
        with path.open("rb") as data, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(data, read_only=True, data_only=True)
            try:
                sheets = [each for each in book.worksheets if _is_of_sends(each)]
                writer = csv.writer(copy)
                for sheet in sheets or book.worksheets[:1]:
                    writer.writerows(_rows(sheet))
            finally:
                book.close()
    except _BROKEN as problem:
        raise BadFile(
            f"{shown(path)} is a broken or protected workbook: save it as CSV ({type(problem).__name__})"
        ) from None


def _is_of_sends(sheet: Any) -> bool:
    """Whether one of the first rows of a sheet is a header of sends."""
    return any(Header(cells).is_of_sends for cells in islice(_rows(sheet), _HEAD))


def _rows(sheet: Any) -> Iterator[list[str]]:
    """Yield the rows of a sheet as texts."""
    for row in sheet.iter_rows():
        yield [_text(cell.value, cell) for cell in row]


def _text(value: Any, cell: Any) -> str:
    """Return the value of a cell as text: dates as ISO 8601, numbers with all their digits."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, int | float):
        if abs(value) >= _EXACT:
            return f"{value:.14E}"
        if value != int(value):
            return repr(value)
        form = str(getattr(cell, "number_format", "") or "")
        width = len(form) if form and not form.strip("0") else 0
        return str(int(value)).zfill(width)
    return str(value)
