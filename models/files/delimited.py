"""Tables of sends in CSV and TSV: where their header is, and reading their rows one at a time."""

import csv
import re
from collections.abc import Iterator
from contextlib import suppress
from io import StringIO
from itertools import islice
from typing import NamedTuple

from models.errors import BadFile
from models.files.column_names import SYNONYMS, header_word
from models.files.columns import Clash, Header
from models.files.csv_records import RecordLines, holds_a_row, split_records
from models.files.envelopes import CELLS, parsed_cell, records
from models.files.items import NoIdGuard, NoSend, Read, Rejected, kept_cells
from models.files.record_reader import RecordReader, is_row, is_send
from models.files.row_provider import UnknownProvider
from models.files.shown import shown
from models.files.sources import Progress, Source
from models.files.units import Serial
from models.providers.incoming import Incoming
from models.values.cells import exact_id, unguarded
from models.values.text import display_text, spreadsheet_plain

_DELIMITERS = ",\t;|"
_HEAD = 2**16
"""How many characters from the beginning of a file are looked at for its header."""
_COLUMNS_NAMED = 8
"""How many names of columns a refusal repeats."""
_ROWS_TRIED = 100
"""In how many rows a sign of their provider is looked for."""
_LINES_BEFORE = 20
"""How many lines are tried for a header."""
_STATUS_WORDS = frozenset(SYNONYMS["status"])
_LIKE_A_NUMBER = re.compile(r"'[0-9][0-9.,:/ T+Z-]*")
"""A number or a date that a spreadsheet was told to leave as it is."""


class _Row(NamedTuple):
    """The cells of one record, and its first and last line."""

    line: int
    last_line: int
    cells: list[str]


class _Head(NamedTuple):
    """The header of a file, and how it was found."""

    header: Header
    delimiter: str
    place: int
    """Which of the lines it is that are not blank, counted from 1."""


class Table:
    """A CSV or TSV file of sends, or the rows of another table.

    Attributes:
        header: Its header; where files were joined, that of the last of them that was read.
    """

    def __init__(self, source: Source, reader: RecordReader) -> None:
        """Read the header of *source*.

        Args:
            source: The file.
            reader: Reads its rows.

        Raises:
            BadFile: If it has no header, if its header is not that of an export of sends, or if
                nothing says which provider its first rows are from.
        """
        self._source = source
        self._reader = reader
        with source.open() as text:
            head = text.read(_HEAD)
        candidates = [_header(head, delimiter, source.serial) for delimiter in _DELIMITERS]
        self._head = max(candidates, key=lambda each: (each.header.is_of_sends, each.header.known))
        self.header = self._head.header
        self._whole = None if self.header.is_of_sends else self._column_of_objects()
        if not self.header.is_of_sends and self._whole is None:
            found = ", ".join(name.strip() for name in self.header.names[:_COLUMNS_NAMED])
            raise BadFile(
                f"{shown(source.path)} is not a send export: its first line needs a column for the"
                f" status and one for the id or the recipient, and reads “{display_text(found, 120)}”"
            )
        self._unread = dict.fromkeys(self.header.unread)
        if not reader.knows_provider and len(self.header.providers) > 1:
            self._ask_for_provider()

    @property
    def format(self) -> str:
        """The name of its format: `xlsx`, `tsv` or `csv`."""
        if self._source.copy:
            return "xlsx"
        return "tsv" if self._head.delimiter == "\t" else "csv"

    @property
    def unread(self) -> tuple[str, ...]:
        """The names of the columns that are not read."""
        if self._whole is not None or self.header.is_payload:
            return ()
        return tuple(self._unread)

    def read(self, progress: Progress) -> Iterator[Read]:
        """Yield the rows after the header; blank rows and repeated headers are left out.

        Args:
            progress: Is told how much of the file has been read.

        Raises:
            BadFile: If the file can no longer be read.
        """
        guard = NoIdGuard("line")
        for record in self._rows(progress):
            if isinstance(record, Rejected):
                yield record
                continue
            try:
                yield guard.checked(self._read_row(record), record.line)
            except NoSend as problem:
                kept = kept_cells(self.header.names, record.cells)
                yield Rejected(record.line, str(problem), kept)

    def sample(self, count: int) -> list[tuple[str, str, list[str]]]:
        """Return of each column its name, what it is read as, and its first values as they are read.

        Args:
            count: How many rows are looked at.
        """
        rows = (row for row in self._rows(Progress(self._source.size)) if isinstance(row, _Row))
        found = [row.cells for row in islice(rows, count)]
        return [
            (name, meaning, [self._as_read(cells, place, meaning) for cells in found])
            for place, (name, meaning) in enumerate(self.header.meanings())
        ]

    def _as_read(self, cells: list[str], place: int, meaning: str) -> str:
        """Return a cell, and what it is read as if that is something else."""
        cell = cells[place].strip() if place < len(cells) else ""
        column = meaning.partition(" (")[0].partition(",")[0]
        try:
            read = self.header.row(cells[: len(self.header.names)]).get(column, cell)
        except Clash:
            return cell
        if column == "id":
            with suppress(ValueError):
                read = exact_id(read)
        return cell if read == cell or not column else f"{cell} → {read or 'nothing'}"

    def _column_of_objects(self) -> int | None:
        """Return the place of the column that holds a whole record in each cell; None if none does."""
        words = [header_word(name) for name in self.header.names]
        raw = [name.strip().lower() for name in self.header.names]
        return next(
            (place for place, names in enumerate(zip(words, raw, strict=True)) if CELLS & {*names}),
            None,
        )

    def _ask_for_provider(self) -> None:
        """Refuse the file if none of its first rows says which provider it is from.

        Raises:
            BadFile: If one may be a send of several providers, and none can be read; or if the
                table has records in its cells, and none of the first is a send.
        """
        unknown: NoSend | None = None
        for record in islice(self._rows(Progress(self._source.size)), _ROWS_TRIED):
            try:
                if not isinstance(record, Rejected):
                    self._read_row(record)
                    return
            except UnknownProvider as problem:
                unknown = problem
            except NoSend as problem:
                if self._whole is not None:
                    unknown = problem
        if unknown:
            raise BadFile(f"{shown(self._source.path)}: {unknown}")

    def _rows(self, progress: Progress) -> Iterator[_Row | Rejected]:
        """Yield the rows after the header, and the lines that cannot be split into cells."""
        self.header = self._head.header
        with self._source.open(progress) as text:
            lines = RecordLines(text)
            before_rows = self._head.place
            for line, cells in split_records(lines, self._head.delimiter):
                if isinstance(cells, Rejected):
                    yield cells
                    continue
                # Signs are looked for in all cells at once: in each cell it would take ten times as long.
                joined = "".join(cells)
                if not joined or joined.isspace() or _names_delimiter(cells):
                    continue
                if before_rows:
                    before_rows -= 1
                elif not (_may_be_header(joined) and self._is_header(cells)):
                    guarded = "'" in joined or '="' in joined
                    yield _Row(line, lines.number, _plain(cells) if guarded else cells)

    def _is_header(self, cells: list[str]) -> bool:
        """Whether a row is a header again, as joined files have; another one counts from here on."""
        if self.header.repeats(cells):
            return True
        if not _STATUS_WORDS.isdisjoint(map(header_word, cells)):
            other = Header(cells, self._source.serial)
            filled = sum(bool(cell.strip()) for cell in cells)
            if other.is_of_sends and 2 * (filled - len(other.unread)) >= filled:
                self.header = other
                self._unread.update(dict.fromkeys(other.unread))
                return True
        return False

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
        if row.last_line > row.line:
            if len(cells) < columns:
                raise NoSend(f"{len(cells)} cells over several lines; a quote may be out of place")
            if holds_a_row(cells, self._head.delimiter):
                raise NoSend("a cell holds the next line as well; a quote may be out of place")
        if self._whole is not None:
            return self._read_whole(cells[self._whole] if self._whole < len(cells) else "")
        send = self._reader.read_cells(self.header, cells)
        if len(cells) < columns:
            missing = f"the row has {len(cells)} cells, the header {columns}"
            return send._replace(warnings=(*send.warnings, missing))
        return send

    def _read_whole(self, cell: str) -> Incoming:
        """Read a cell that holds a whole record.

        Raises:
            NoSend: If it is not a send.
        """
        try:
            found = [*records(parsed_cell(cell.strip() or "{}"), is_send, is_row)]
        except ValueError as problem:
            raise NoSend(f"{self.header.names[self._whole or 0]}: {problem}") from None
        if len(found) != 1:
            raise NoSend(f"the cell holds {len(found)} records, not one")
        return self._reader.read_object(found[0])


def _header(head: str, delimiter: str, serial: Serial) -> _Head:
    """Return the header as *delimiter* splits it; one without columns if it cannot be split.

    Lines of text may stand before it; it is the first that is a header of sends.
    """
    reader = csv.reader(StringIO(head, newline=""), delimiter=delimiter, strict=True)
    first: Header | None = None
    place = 0
    try:
        for cells in reader:
            if _is_blank(cells) or _names_delimiter(cells):
                continue
            place += 1
            header = Header(cells, serial)
            if header.is_of_sends:
                return _Head(header, delimiter, place)
            first = first or header
            if place == _LINES_BEFORE:
                break
    except csv.Error:
        pass
    return _Head(first or Header([]), delimiter, 1)


def _is_blank(cells: list[str]) -> bool:
    return not any(map(str.strip, cells))


def _may_be_header(joined: str) -> bool:
    """Whether a row, its cells joined, may name the status as a header does.

    Comparing each row with the header would double its time.
    """
    folded = joined.casefold()
    return "stat" in folded or "word" in folded


def _plain(cells: list[str]) -> list[str]:
    """Return the cells without what keeps spreadsheets from calculating them: `'` or `="…"`."""
    return [_plain_cell(cell) for cell in cells]


def _plain_cell(cell: str) -> str:
    if cell[:1] == "'":
        return cell[1:] if _LIKE_A_NUMBER.fullmatch(cell) else spreadsheet_plain(cell)
    return unguarded(cell)


def _names_delimiter(cells: list[str]) -> bool:
    """Whether this is the line `sep=;` in which spreadsheets write the delimiter."""
    if "=" not in cells[0]:
        return False
    start = cells[0].lstrip("\ufeff").lower()
    return start.startswith("sep=") and len("".join(cells)) <= len("\ufeffsep=\\t")
