"""Opening an export of a provider in any of its formats."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Protocol

from models.errors import BadFile
from models.files.delimited import Table
from models.files.items import NoSend, Read
from models.files.objects import Document, Lines, looks_like_lines
from models.files.record_reader import RecordReader
from models.files.row_provider import provider_named
from models.files.sources import Progress, Source, examine
from models.files.units import Serial
from models.providers.provider import Provider
from models.values.dates import TimeReader

READABLE = ("csv", "tsv", "json", "jsonl")
"""The formats that `open_export` may be told."""


class _Format(Protocol):
    @property
    def format(self) -> str: ...

    @property
    def unread(self) -> tuple[str, ...]: ...

    def read(self, progress: Progress) -> Iterator[Read]: ...


_FORMATS: Mapping[str, Callable[[Source, RecordReader], _Format]] = {
    "csv": Table,
    "tsv": Table,
    "json": Document,
    "jsonl": Lines,
}


class Export:
    """A file of sends; iterating over it reads its records.

    Attributes:
        path: Its path.
        format: One of `READABLE`, or `xlsx`.
        progress: How many of its bytes have been read, for a progress bar.
    """

    def __init__(self, source: Source, content: _Format, times: TimeReader) -> None:
        self.path = source.path
        self.format = content.format
        self.progress = Progress(source.size)
        self._content = content
        self._times = times

    @property
    def table(self) -> Table | None:
        """The table that the file is; None for JSON."""
        return self._content if isinstance(self._content, Table) else None

    @property
    def unread(self) -> tuple[str, ...]:
        """The names of the columns that are not read; known once all records have been read."""
        return self._content.unread

    @property
    def has_local_times(self) -> bool:
        """Whether there were times that name no zone; known once all records have been read."""
        return self._times.without_zone > 0

    def __iter__(self) -> Iterator[Read]:
        """Yield each record in the order of the file, as `Incoming` or as `Rejected`.

        Raises:
            BadFile: If the file can no longer be read.
        """
        self.progress.done = 0
        self._times.without_zone = 0
        return self._content.read(self.progress)


def open_export(
    path: str | Path,
    *,
    provider: str | None = None,
    format: str | None = None,  # noqa: A002
    encoding: str | None = None,
    serial: Serial = Serial.FROM_1900,
    zone: tzinfo = UTC,
) -> Export:
    """Open a file of sends.

    Args:
        path: The file: JSON or JSON Lines of any size, CSV, TSV or a workbook up to 200 MB.
        provider: The key or name of the provider it is from; None if the content shows it.
        format: One of `READABLE`; None if the content shows it.
        encoding: The name of its encoding; None for UTF-8, or what its first bytes say.
        serial: How dates are counted that a spreadsheet wrote as numbers.
        zone: The zone of times that name none.

    Raises:
        BadFile: If the file is missing or unreadable, is not an export of sends, or if *provider*
            or *format* is unknown.
    """
    source = examine(Path(path), encoding, serial)
    kind = format or _format_of(source)
    if kind not in _FORMATS:
        raise BadFile(f"“{kind}” is not a format that can be read: {', '.join(READABLE)}")
    times = TimeReader(zone)
    content = _FORMATS[kind](source, RecordReader(_forced(provider), times))
    return Export(source, content, times)


def _forced(provider: str | None) -> Provider | None:
    try:
        return provider_named(provider) if provider else None
    except NoSend as problem:
        raise BadFile(str(problem)) from None


def _format_of(source: Source) -> str:
    """Return the format that the first character, or for JSON Lines the first line, shows."""
    if source.copy:
        return "csv"
    with source.open() as text:
        start = ""
        while not start and (piece := text.read(4096)):
            start = piece.lstrip()
    if start.startswith("["):
        return "json"
    if start.startswith("{"):
        named_lines = source.path.suffix.lower() in (".jsonl", ".ndjson")
        return "jsonl" if named_lines or looks_like_lines(source) else "json"
    return "csv"
