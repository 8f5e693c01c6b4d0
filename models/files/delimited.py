"""Reading CSV and TSV, one record at a time; a broken record is rejected and reading goes on."""

import csv
import re
from collections import deque
from collections.abc import Iterator
from io import StringIO
from itertools import islice
from typing import NamedTuple, TextIO

from models.errors import BadFile
from models.files.columns import Header
from models.files.items import (
    NoSend,
    Read,
    Rejected,
    UnknownProvider,
    kept_cells,
    read_cells,
)
from models.files.sources import Progress, Source, shown
from models.providers.incoming import Incoming
from models.providers.provider import Provider
from models.values.cells import unguarded
from models.values.text import display_text, spreadsheet_plain

_DELIMITERS = ",\t;"
_HEAD = 2**16
_LARGEST_CELL = 16 * 2**20
_COLUMNS_NAMED = 8
_ROWS_TRIED = 100
_LIKE_A_NUMBER = re.compile(r"'[0-9][0-9.,:/ T+Z-]*")
"""A number or a date that a spreadsheet was told to leave as it is."""


class _Lines:
    """Iterates over the lines of a text; the lines of a broken record can be read a second time.

    Attributes:
        number: The number of the line that was returned last; the first line is 1.
    """

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._again: deque[str] = deque()
        self._taken: list[str] = []
        self.number = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._text)
        self.number += 1
        self._taken.append(line)
        return line

    def start_record(self) -> int:
        """Begin a new record; return the number of its first line."""
        self._taken.clear()
        return self.number + 1

    def give_back(self) -> str:
        """Let all lines of this record but the first be read again; return the first."""
        first, *rest = self._taken
        self._again.extendleft(reversed(rest))
        self.number -= len(rest)
        self._taken.clear()
        return first


class _Row(NamedTuple):
    """The cells of one record, and its first and last line."""

    line: int
    last_line: int
    cells: list[str]


class Table:
    """A CSV or TSV file of sends.

    Attributes:
        header: Its header.
    """

    def __init__(self, source: Source, provider: Provider | None) -> None:
        """Read the header of *source*.

        Args:
            source: The file.
            provider: The provider that it is from; None if the rows say it.

        Raises:
            BadFile: If it has no header, if its header is not that of an export of sends, or if
                nothing says which provider its first rows are from.
        """
        self._source = source
        self._provider = provider
        csv.field_size_limit(_LARGEST_CELL)
        with source.open() as text:
            head = text.read(_HEAD)
        candidates = [(_header(head, delimiter), delimiter) for delimiter in _DELIMITERS]
        self.header, self._delimiter = max(candidates, key=lambda pair: pair[0].known)
        if not self.header.is_of_sends:
            found = ", ".join(name.strip() for name in self.header.names[:_COLUMNS_NAMED])
            raise BadFile(
                f"{shown(source.path)} is no send export: its first line needs a column for the"
                f" status and one for the id or the recipient, and reads “{display_text(found, 120)}”"
            )
        if provider is None and len(self.header.providers) > 1:
            self._ask_for_provider()

    @property
    def unread(self) -> tuple[str, ...]:
        """The names of the columns that are not read."""
        return self.header.unread

    def read(self, progress: Progress) -> Iterator[Read]:
        """Yield the rows after the header; blank rows and repeated headers are left out.

        Args:
            progress: Is told how much of the file has been read.

        Raises:
            BadFile: If the file can no longer be read.
        """
        for record in self._rows(progress):
            if isinstance(record, Rejected):
                yield record
                continue
            try:
                yield self._read_row(record)
            except NoSend as problem:
                kept = kept_cells(self.header.names, record.cells)
                yield Rejected(record.line, str(problem), kept)

    def _ask_for_provider(self) -> None:
        """Refuse the file if none of its first rows says which provider it is from.

        Raises:
            BadFile: If one may be a send of several providers, and none can be read.
        """
        unknown = None
        for record in islice(self._rows(Progress(self._source.size)), _ROWS_TRIED):
            try:
                if not isinstance(record, Rejected):
                    self._read_row(record)
                    return
            except UnknownProvider as problem:
                unknown = problem
            except NoSend:
                continue
        if unknown:
            raise BadFile(f"{shown(self._source.path)}: {unknown}")

    def _rows(self, progress: Progress) -> Iterator[_Row | Rejected]:
        """Yield the rows after the header, and the lines that cannot be split into cells."""
        with self._source.open(progress) as text:
            lines = _Lines(text)
            seen_header = False
            for line, cells in _records(lines, self._delimiter):
                if isinstance(cells, Rejected):
                    yield cells
                elif _is_blank(cells):
                    continue
                elif not seen_header:
                    seen_header = not _names_delimiter(cells)
                elif cells != self.header.cells:
                    yield _Row(line, lines.number, _plain(cells))

    def _read_row(self, row: _Row) -> Incoming:
        """Read one row; empty cells beyond the header are removed from it.

        Raises:
            NoSend: If it is not a send.
        """
        cells, columns = row.cells, len(self.header.names)
        while len(cells) > columns and not cells[-1].strip():
            cells.pop()
        if len(cells) > columns:
            raise NoSend(f"{len(cells)} cells, but the header has {columns}")
        if len(cells) < columns and row.last_line > row.line:
            raise NoSend(f"{len(cells)} cells over several lines; a quote may be out of place")
        send = read_cells(self.header, cells, self._provider)
        if len(cells) < columns:
            missing = f"the row has {len(cells)} cells, the header {columns}"
            return send._replace(warnings=(*send.warnings, missing))
        return send


def _records(lines: _Lines, delimiter: str) -> Iterator[tuple[int, list[str] | Rejected]]:
    """Split *lines* into records, each with the number of its first line.

    If a quote is out of place, the first line of the record is rejected and reading goes on with
    its second line; otherwise a missing quote would make the rest of the file one cell.
    """
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        line = lines.start_record()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as problem:
            text = lines.give_back().rstrip("\r\n")
            yield line, Rejected(line, _explained(problem, line), kept_cells(["text"], [text]))
            reader = csv.reader(lines, delimiter=delimiter, strict=True)
        else:
            yield line, cells


def _explained(problem: csv.Error, line: int) -> str:
    """Return what is wrong with a record, in words for an agent."""
    if "limit" in str(problem):
        return f"a cell from line {line} on is larger than 16 MB, or its quote is never closed"
    return f"a quote that opens in line {line} is not closed where its cell ends"


def _header(head: str, delimiter: str) -> Header:
    """Return the header as *delimiter* splits it; one without columns if it cannot be split."""
    reader = csv.reader(StringIO(head, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            if not _is_blank(cells) and not _names_delimiter(cells):
                return Header(cells)
    except csv.Error:
        pass
    return Header([])


def _is_blank(cells: list[str]) -> bool:
    return not any(map(str.strip, cells))


def _plain(cells: list[str]) -> list[str]:
    """Return the cells without what keeps spreadsheets from calculating them: `'` or `="…"`."""
    joined = "".join(cells)
    if "'" not in joined and '="' not in joined:
        return cells
    return [_plain_cell(cell) for cell in cells]


def _plain_cell(cell: str) -> str:
    if cell[:1] == "'":
        return cell[1:] if _LIKE_A_NUMBER.fullmatch(cell) else spreadsheet_plain(cell)
    return unguarded(cell)


def _names_delimiter(cells: list[str]) -> bool:
    """Whether this is the line `sep=;` in which spreadsheets write the delimiter."""
    return cells[0].lower().startswith("sep=") and len("".join(cells)) <= len("sep=;")
