"""Reading JSON and JSON Lines; what parsers understand in different ways is refused."""

from collections.abc import Iterator
from itertools import islice
from typing import Any, TextIO

from models.errors import BadFile
from models.files.columns import Header
from models.files.envelopes import envelope_name, records
from models.files.items import NoIdGuard, NoSend, Read, Rejected, kept_cells, kept_json
from models.files.json_stream import JsonStream, parse
from models.files.record_reader import RecordReader, is_row, is_send
from models.files.row_provider import UnknownProvider
from models.files.shown import shown
from models.files.sources import EXPECTED, Progress, Source

_LINES_TRIED = 100
"""In how many lines a send is looked for before a file is refused."""
_AROUND = "\ufeff\x1e \t\r\n"
"""What may stand around the value of a line: marks of joined files and of JSON text sequences."""
_LONGEST_LINE = 16 * 2**20
"""How many characters a line may have."""
_LONGEST_FIRST_LINE = 2**18
"""How many characters of the first line are looked at to tell JSON Lines from JSON."""


class _Unread:
    """The columns of flat objects that are not read, in the order in which they were met."""

    def __init__(self) -> None:
        self._names: dict[str, None] = {}
        self._last: Header | None = None

    def note(self, header: Header) -> None:
        """Remember the unread columns of *header*."""
        if header is not self._last:
            self._last = header
            self._names.update(dict.fromkeys(header.unread))

    @property
    def names(self) -> tuple[str, ...]:
        """Their names."""
        return tuple(self._names)


class _Verdict:
    """Finds out whether any of a number of JSON values is a send."""

    def __init__(self, reader: RecordReader) -> None:
        self._reader = reader
        self._unknown: UnknownProvider | None = None
        self.found = False
        self.members = ""
        """The members of the first object that is no send."""

    def look_at(self, item: object) -> None:
        """Judge one value, unless a send was found already."""
        if self.found:
            return
        try:
            self.found = self._reader.looks_like_send(item)
            self.members = self.members or envelope_name(item)
        except UnknownProvider as problem:
            self._unknown = problem

    def demand(self, source: Source) -> None:
        """Refuse the file if no send was found.

        Raises:
            BadFile: If there was none, or nothing says of which provider they are.
        """
        if self.found:
            return
        if self._unknown:
            raise BadFile(f"{shown(source.path)}: {self._unknown}")
        members = f": its objects have {self.members}" if self.members else ""
        raise BadFile(f"{shown(source.path)} holds no sends{members}; {EXPECTED}")


class Document:
    """A JSON file of sends: one object, an array, the answer of an API, or several of these."""

    format = "json"

    def __init__(self, source: Source, reader: RecordReader) -> None:
        """Read *source* once, to see that all of it is JSON; nothing of it is kept.

        Args:
            source: The file.
            reader: Reads its records.

        Raises:
            BadFile: If it is not JSON, holds no send, or does not say of which provider they are.
        """
        self._source = source
        self._reader = reader
        self._unread = _Unread()
        verdict = _Verdict(reader)
        is_empty = True
        for item in self._items(Progress(source.size)):
            is_empty = False
            verdict.look_at(item)
        if not is_empty:
            verdict.demand(source)

    @property
    def unread(self) -> tuple[str, ...]:
        """The names that are not read in objects that are rows of a table."""
        return self._unread.names

    def read(self, progress: Progress) -> Iterator[Read]:
        """Yield the records in the order of the file; *progress* counts the bytes that are read.

        Raises:
            BadFile: If the file can no longer be read.
        """
        guard = NoIdGuard("item")
        for number, item in enumerate(self._items(progress), start=1):
            try:
                yield guard.checked(self._reader.read_object(item, self._unread.note), number)
            except NoSend as problem:
                yield Rejected(number, str(problem), kept_json(item), "item")
        progress.done = progress.total

    def _items(self, progress: Progress) -> Iterator[Any]:
        """Yield the records in the file.

        Raises:
            BadFile: If it is not JSON.
        """
        with self._source.open(progress) as text:
            try:
                for value in JsonStream(text).values():
                    yield from records(value, is_send, is_row)
            except ValueError as problem:
                raise BadFile(f"{shown(self._source.path)} {problem}") from None


class Lines:
    """A JSON Lines file: one record, or one answer of an API, on each line."""

    format = "jsonl"

    def __init__(self, source: Source, reader: RecordReader) -> None:
        """Look for a send in the first lines of *source*.

        Args:
            source: The file.
            reader: Reads its records.

        Raises:
            BadFile: If there is none, or nothing says of which provider they are.
        """
        self._source = source
        self._reader = reader
        self._unread = _Unread()
        self._look_for_a_send()

    @property
    def unread(self) -> tuple[str, ...]:
        """The names that are not read in objects that are rows of a table."""
        return self._unread.names

    def read(self, progress: Progress) -> Iterator[Read]:
        """Yield the records in the order of the file; blank lines are left out.

        Raises:
            BadFile: If the file can no longer be read.
        """
        guard = NoIdGuard("line")
        with self._source.open(progress) as text:
            for number, line in enumerate(_bounded(text), start=1):
                if line is None or line.strip():
                    yield from self._read_line(number, line, guard)

    def _read_line(self, number: int, line: str | None, guard: NoIdGuard) -> Iterator[Read]:
        if line is None:
            yield Rejected(number, "the line is longer than 16 MB")
            return
        try:
            items = [*records(parse(line.strip(_AROUND)), is_send, is_row)]
        except ValueError as problem:
            yield Rejected(number, f"the line {problem}", kept_cells(["json"], [line.strip()]))
            return
        for item in items:
            try:
                yield guard.checked(self._reader.read_object(item, self._unread.note), number)
            except NoSend as problem:
                yield Rejected(number, str(problem), kept_json(item))

    def _look_for_a_send(self) -> None:
        """Look for a send in the first lines, or an answer without any.

        Raises:
            BadFile: If there is none, or one may be of several providers.
        """
        verdict = _Verdict(self._reader)
        with self._source.open() as text:
            for line in islice(_bounded(text), _LINES_TRIED):
                try:
                    value = parse((line or "").strip(_AROUND))
                except ValueError:
                    continue
                items = [*records(value, is_send, is_row)]
                for item in items:
                    verdict.look_at(item)
                if verdict.found or (not items and _is_answer(value)):
                    return
        verdict.demand(self._source)


def _is_answer(value: object) -> bool:
    """Whether a value without records is an answer of an API rather than a message of a pipeline."""
    return not isinstance(value, dict) or "type" not in value


def _bounded(lines: TextIO) -> Iterator[str | None]:
    """Yield each line of a text; None for one that is longer than 16 MB."""
    while line := lines.readline(_LONGEST_LINE):
        if len(line) < _LONGEST_LINE or line.endswith("\n"):
            yield line
            continue
        while (rest := lines.readline(_LONGEST_LINE)) and not rest.endswith("\n"):
            continue
        yield None


def looks_like_lines(source: Source) -> bool:
    """Whether the first line of *source* is a whole JSON object and more lines follow.

    A very long first line is not looked into: `Document` reads several values in one file as well.
    """
    with source.open() as text:
        first = "\n"
        while first and not first.strip():
            first = text.readline(_LONGEST_FIRST_LINE)
        try:
            value = parse(first.strip(_AROUND))
        except ValueError:
            return False
        return isinstance(value, dict) and any(
            line is None or line.strip() for line in _bounded(text)
        )
