"""Reading Excel's workbooks: their sheets of sends become the rows of one table of texts."""

import csv
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, time
from html import unescape
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any
from xml.etree.ElementTree import ParseError

from models.errors import BadFile
from models.files.columns import Header
from models.files.shown import shown

_LARGEST = 200 * 2**20
"""How many bytes a workbook may have once it is unpacked."""
_HEAD = 20
"""In how many of the first rows of a sheet a header of sends is looked for."""
_CHUNK = 2**20
_CELL_END = b"</c>"
_WITHOUT_RESULT = re.compile(
    rb'<c (?=[^>]*\br="(?P<place>[A-Z]+[0-9]+)")(?![^>]*\bt="str")[^>]*>'
    rb"<f\b[^>]*?(?:/>|>(?P<text>[^<]*)</f>)(?:<v\s*/>|<v></v>)?$"
)
"""A cell with a formula that was never calculated, up to its end: programs write workbooks so."""
_EXACT = 10**15
"""From here on a workbook has rounded a number: it keeps 15 digits."""
_BROKEN = (
    zipfile.BadZipFile, zlib.error, ParseError, OSError, EOFError, LookupError, ValueError, TypeError,
    AttributeError, RuntimeError,
)  # fmt: skip
"""What openpyxl lets out for broken and protected files: it has no error of its own for them.

Nothing but its own work is done where these are caught."""


def write_table(path: Path, copy: IO[str]) -> None:
    """Write the sheets of sends in a workbook to *copy* as CSV.

    If no sheet is one of sends, it is the first.

    Raises:
        BadFile: If it is broken or too large.
        OSError: If *copy* cannot be written.
    """
    from openpyxl import load_workbook

    with _broken_refused(path), zipfile.ZipFile(path) as archive:
        size = sum(each.file_size for each in archive.infolist())
    if size > _LARGEST:
        raise BadFile(f"{shown(path)} has more than 200 MB inside; save it as CSV")
    with path.open("rb") as data, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with _broken_refused(path):
            book = load_workbook(data, read_only=True, data_only=True)
        try:
            sheets = [each for each in book.worksheets if _is_of_sends(path, each)]
            writer = csv.writer(copy)
            for sheet in sheets or book.worksheets[:1]:
                writer.writerows(_rows(path, sheet, _formulas(path, sheet)))
        finally:
            book.close()


@contextmanager
def _broken_refused(path: Path) -> Iterator[None]:
    """Refuse the workbook *path* if openpyxl cannot read on within this block.

    Raises:
        BadFile: If so.
    """
    try:
        yield
    except _BROKEN as problem:
        raise BadFile(
            f"{shown(path)} is a broken or protected workbook: save it as CSV ({type(problem).__name__})"
        ) from None


def _is_of_sends(path: Path, sheet: Any) -> bool:
    """Whether one of the first rows of a sheet is a header of sends."""
    return any(Header(cells).is_of_sends for cells in islice(_rows(path, sheet), _HEAD))


def _formulas(path: Path, sheet: Any) -> dict[str, str]:
    """Return the formulas of a sheet that have no result, by the names of their cells.

    Raises:
        BadFile: If the workbook is broken.
    """
    found: dict[str, str] = {}
    with (
        _broken_refused(path),
        zipfile.ZipFile(path) as archive,
        archive.open(sheet._worksheet_path) as data,
    ):
        rest = b""
        while chunk := data.read(_CHUNK):
            *cells, rest = (rest + chunk).split(_CELL_END)
            for cell in cells:
                if b"<f" in cell and (formula := _WITHOUT_RESULT.search(cell)):
                    text = unescape((formula["text"] or b"").decode("utf-8", "replace"))
                    found[formula["place"].decode()] = f"={text}"
    return found


def _rows(
    path: Path, sheet: Any, formulas: Mapping[str, str] = MappingProxyType({})
) -> Iterator[list[str]]:
    """Yield the rows of a sheet as texts.

    Args:
        path: The workbook, for messages.
        sheet: The sheet.
        formulas: What stands in cells whose formula was never calculated, by their names.

    Raises:
        BadFile: If the workbook is broken.
    """
    with _broken_refused(path):
        rows = iter(sheet.iter_rows())
    while True:
        with _broken_refused(path):
            row = next(rows, None)
            if row is None:
                return
            cells = [(cell.value, _digits(cell)) for cell in row]
            if formulas:
                cells = [
                    (formulas.get(getattr(cell, "coordinate", ""), value), digits)
                    for cell, (value, digits) in zip(row, cells, strict=True)
                ]
        yield [_text(value, digits) for value, digits in cells]


def _digits(cell: Any) -> int:
    """Return with how many digits at least a cell shows its number: 5 for the format `00000`."""
    if not isinstance(cell.value, int | float):
        return 0
    form = str(getattr(cell, "number_format", "") or "")
    return len(form) if not form.strip("0") else 0


def _text(value: Any, digits: int) -> str:
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
        return str(int(value)).zfill(digits) if float(value).is_integer() else f"{value:.15g}"
    return str(value)
