"""Lists of sends as CSV, JSON, JSON Lines and Markdown."""

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Any

from models.errors import DeskError
from models.files.fields import EXPORT_FIELDS, as_json, cell_text, column_name
from models.records import SendRecord, Shipment
from models.rules.due import USUAL_WARNINGS, Warnings
from models.values.text import UNSAFE, display_text, spreadsheet_safe

Object = Mapping[str, Any]
ShipmentsOf = Callable[[Sequence[SendRecord]], Mapping[int, Sequence[Shipment]]]
"""Returns the shipments of some sends by the id of each; a send without any is missing."""
_READ_AT_ONCE = 500
"""For how many sends the shipments are read at a time."""


def _unknown(records: Sequence[SendRecord]) -> Mapping[int, Sequence[Shipment]]:
    return {}


MARK = "\ufeff"
"""What tells Excel that a CSV file is in UTF-8."""
_MARKDOWN_COLUMNS = (
    *("id", "status_label", "urgency", "age", "recipient_name", "company", "campaign"),
    *("owner", "tracking_number"),
)
_MARKDOWN_SIGNS = re.compile(r"[\\`*_{}\[\]<>()#+!|~&]")


def write_rows(
    path: Path,
    records: Iterable[SendRecord],
    format: str,  # noqa: A002
    columns: Sequence[str] = (),
    *,
    now: datetime,
    warnings: Warnings = USUAL_WARNINGS,
    shipments: ShipmentsOf = _unknown,
    overwrite: bool = False,
    for_excel: bool = False,
) -> int:
    """Write *records* to a new file, readable by its owner only; return how many there were.

    Args:
        path: The path of the file.
        records: The sends, in the order of the file.
        format: One of `WRITABLE`.
        columns: Which of `models.files.fields.EXPORT_FIELDS`, in their order; none for all that suit the format.
        now: The time at which urgency is judged, in UTC.
        warnings: How long before their limits sends count as due soon.
        shipments: Returns the shipments of some of *records*.
        overwrite: Whether a file of that name may be replaced.
        for_excel: Whether a mark comes first, without which Excel misreads letters such as ë.

    Raises:
        BadFile: If the file exists already or cannot be written.
        DeskError: If a column or the format is unknown.
    """
    # A list on stdout needs no files.
    from models.files.storing import new_file

    written = 0

    def counted() -> Iterator[SendRecord]:
        nonlocal written
        for record in records:
            written += 1
            yield record

    pieces = rows_as(counted(), format, columns, now=now, warnings=warnings, shipments=shipments)
    with new_file(path, overwrite=overwrite) as text:
        if for_excel:
            text.write(MARK)
        text.writelines(pieces)
    return written


def rows_as(
    records: Iterable[SendRecord],
    format: str,  # noqa: A002
    columns: Sequence[str] = (),
    *,
    now: datetime,
    warnings: Warnings = USUAL_WARNINGS,
    shipments: ShipmentsOf = _unknown,
    for_terminal: bool = False,
) -> Iterator[str]:
    """Return the text of *records* in one of the formats, in pieces to be joined.

    CSV keeps values as they are, with an apostrophe before those that a spreadsheet would
    calculate. JSON escapes characters that are unsafe on a terminal and Markdown replaces them.

    Args:
        records: The sends, in the order of the text.
        format: One of `WRITABLE`.
        columns: Which of `EXPORT_FIELDS`, in their order; none for all that suit the format.
        now: The time at which urgency is judged, in UTC.
        warnings: How long before their limits sends count as due soon.
        shipments: Returns the shipments of some of *records*; is asked only if they are written.
        for_terminal: Whether CSV is made safe to show as well.

    Raises:
        DeskError: If a column or the format is unknown.
    """
    if format not in _WRITERS:
        raise DeskError(f"“{display_text(format, 40)}” is not a format: {', '.join(_WRITERS)}")
    for name in columns:
        if name not in EXPORT_FIELDS:
            raise DeskError(
                f"“{display_text(name, 40)}” is not a column: {', '.join(EXPORT_FIELDS)}"
            )
    names = tuple(columns) or (_MARKDOWN_COLUMNS if format == "md" else EXPORT_FIELDS)
    find = shipments if "shipments" in names else _unknown
    objects = (
        _picked(as_json(record, now, warnings, found.get(record.id, ())), names)
        for some in _batches(records)
        for found in [find(some)]
        for record in some
    )
    if format == "csv":
        return _csv(objects, names, display_text if for_terminal else str)
    return _WRITERS[format](objects, names)


def json_text(value: object, *, indent: int | None = 2) -> str:
    """Return *value* as JSON; characters that are unsafe on a terminal are written as escapes."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return UNSAFE.sub(_escape, text)


def _batches(records: Iterable[SendRecord]) -> Iterator[list[SendRecord]]:
    rest = iter(records)
    while some := list(islice(rest, _READ_AT_ONCE)):
        yield some


def _picked(values: Object, names: Sequence[str]) -> Object:
    return {name: values[name] for name in names}


def _csv(
    objects: Iterable[Object], names: Sequence[str], shown: Callable[[str], str] = str
) -> Iterator[str]:
    yield csv_line(map(column_name, names))
    for values in objects:
        yield csv_line([shown(cell_text(values[name])) for name in names])


def json_array(objects: Iterable[Object]) -> Iterator[str]:
    """Yield *objects* as one array of JSON, piece by piece."""
    before = "[\n"
    for values in objects:
        yield before + json_text(values)
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def json_lines(objects: Iterable[Object]) -> Iterator[str]:
    """Yield *objects* as JSON Lines, one each."""
    for values in objects:
        yield json_text(values, indent=None) + "\n"


def _markdown(objects: Iterable[Object], names: Sequence[str]) -> Iterator[str]:
    yield _markdown_line([column_name(name).replace("_", " ") for name in names])
    yield _markdown_line(["---"] * len(names))
    for values in objects:
        cells = (display_text(cell_text(values[name])) for name in names)
        yield _markdown_line([_MARKDOWN_SIGNS.sub(r"\\\g<0>", cell) for cell in cells])


_WRITERS: Mapping[str, Callable[[Iterable[Object], Sequence[str]], Iterator[str]]] = (
    MappingProxyType(
        {
            "csv": _csv,
            "json": lambda objects, names: json_array(objects),
            "jsonl": lambda objects, names: json_lines(objects),
            "md": _markdown,
        }
    )
)
WRITABLE = tuple(_WRITERS)
"""The formats that lists are written in."""


class _Echo:
    """A file for a CSV writer that returns each line instead of storing it."""

    def write(self, text: str) -> str:
        """Return *text*."""
        return text


_LINES = csv.writer(_Echo())


def csv_line(cells: Iterable[str]) -> str:
    """Return one line of CSV; no cell of it is a formula to a spreadsheet."""
    line: str = _LINES.writerow([spreadsheet_safe(cell) for cell in cells])
    return line


def written_line(cells: Iterable[str]) -> str:
    """Return one line of CSV of cells that `csv_line` has made safe before."""
    line: str = _LINES.writerow(cells)
    return line


def _markdown_line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |\n"


def _escape(match: re.Match[str]) -> str:
    """Return a character as an escape of JSON; line breaks between members stay."""
    sign = match.group()
    if sign == "\n":
        return sign
    units = sign.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[place : place + 4]}" for place in range(0, len(units), 4))
