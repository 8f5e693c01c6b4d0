"""Opening a file that an agent has named; what cannot be an export is refused in one sentence."""

import codecs
import os
import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader, FileIO, TextIOWrapper
from pathlib import Path
from tempfile import mkstemp
from typing import TYPE_CHECKING
from weakref import finalize

from models.errors import BadFile
from models.files.shown import shown
from models.files.units import Serial
from models.providers.catalogue import provider_names
from models.values.text import display_text

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

LARGEST_FILE = 200 * 2**20
EXPECTED = f"expected a CSV, TSV, JSON or JSON Lines export of {provider_names()}"
_CHUNK = 2**20
"""How many bytes are read at a time."""
_START = 4096
"""How many bytes at the beginning of a file tell what kind it is of."""
_BEFORE_TEXT = b"\xef\xbb\xbf\xff\xfe \t\r\n"
"""Marks and blanks that may stand before a text."""
_ZIP = b"PK\x03\x04"
_KINDS = (
    (b"\x1f\x8b", "compressed with gzip: unpack it first, with gunzip"),
    (b"BZh", "compressed with bzip2: unpack it first, with bunzip2"),
    (b"\xfd7zXZ\x00", "compressed with xz: unpack it first, with unxz"),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd: unpack it first, with unzstd"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive: unpack it and import the files inside"),
    (b"Rar!", "a rar archive: unpack it and import the files inside"),
    (b"PK", "a zip archive: unpack it and import the files inside"),
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "an old or protected Excel file: save it as .xlsx or CSV",
    ),
    (b"%PDF", "a PDF: export the list as CSV instead"),
    (b"PAR1", "a Parquet file: write it as CSV or JSON Lines first"),
    (b"ARROW1", "an Arrow file: write it as CSV or JSON Lines first"),
    (b"Obj\x01", "an Avro file: write it as CSV or JSON Lines first"),
    (b"SQLite format 3\x00", "an SQLite database: `senddesk --database FILE` opens one of a desk"),
    (b"{\\rtf", "a text of a word processor: save the list as CSV"),
    (b"\x89PNG", "a picture, and no text file; export the list as CSV"),
    (b"\xff\xd8\xff", "a picture, and no text file; export the list as CSV"),
)
"""What other files begin with, and what to do with them."""
_PAGES = (
    (b"<html", "a web page: export the list as CSV or .xlsx"),
    (b"<!doctype html", "a web page: export the list as CSV or .xlsx"),
    (b"<table", "a web page: export the list as CSV or .xlsx"),
    (b"<?xml", "an XML file: save it as CSV or .xlsx"),
)
"""What texts begin with, in lower case, that some programs call a workbook."""
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""Byte order marks; the longer ones first, as one begins like another."""


@dataclass
class Progress:
    """How far a file has been read."""

    total: int
    """The size of the file in bytes."""
    done: int = 0
    """How many of them have been read."""


class _Counted(FileIO):
    """A file that counts in *progress* the bytes that are read from it."""

    def __init__(self, path: Path, progress: Progress) -> None:
        super().__init__(path)
        self._progress = progress

    def readinto(self, buffer: "WriteableBuffer", /) -> int | None:
        """Read as `FileIO` does, and count."""
        count = super().readinto(buffer)
        self._progress.done += count or 0
        return count


@dataclass(frozen=True)
class Source:
    """A file that was found to be text.

    Attributes:
        path: Its path.
        size: Its length in bytes.
        encoding: The name of its encoding, as Python knows it.
        serial: How dates are counted that a spreadsheet wrote as numbers.
        copy: Its rows as CSV, if it is a workbook.
    """

    path: Path
    size: int
    encoding: str
    serial: Serial = Serial.FROM_1900
    copy: Path | None = None

    @contextmanager
    def open(self, progress: Progress | None = None) -> Iterator[TextIOWrapper]:
        """Open the text, its line ends unchanged; *progress* counts the bytes that are read.

        Raises:
            BadFile: If the file cannot be read any more, or has changed to something unreadable.
        """
        try:
            with (
                _Counted(
                    self.copy or self.path,
                    progress or Progress(self.size),
                ) as raw,
                TextIOWrapper(BufferedReader(raw, _CHUNK), self.encoding, newline="") as text,
            ):
                yield text
        except OSError as problem:
            raise BadFile(f"{shown(self.path)} cannot be read: {reason(problem)}") from None
        except UnicodeError:
            raise BadFile(f"{shown(self.path)} has changed while it was read") from None


def named_file(name: str) -> Path:
    """Return the path that an agent means by *name*, a `~` before it put into words.

    Raises:
        BadFile: If it is empty, stands for standard input, or names a home that is not there.
    """
    if not name.strip():
        raise BadFile("the name of the file is empty")
    if name == "-":
        raise BadFile("standard input is not read: save it as a file and name that")
    try:
        return Path(name).expanduser()
    except RuntimeError:
        raise BadFile(f"{display_text(name, 200)}: there is no such home folder") from None


def examine(path: Path, encoding: str | None = None, serial: Serial = Serial.FROM_1900) -> Source:
    """Check that *path* is a text file or a workbook, by reading it to its end.

    Args:
        path: The file.
        encoding: The name of its encoding; None for UTF-8, or what its first bytes say.
        serial: How dates are counted that a spreadsheet wrote as numbers.

    Raises:
        BadFile: If it is missing, not an ordinary file, unreadable, empty, too large or not text.
    """
    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            raise BadFile(f"{shown(path)} is a directory; {EXPECTED}")
        if not stat.S_ISREG(found.st_mode):
            raise BadFile(f"{shown(path)} is not an ordinary file; {EXPECTED}")
        with path.open("rb") as data:
            start = data.read(_START)
        names = _names_in(path) if start.startswith(_ZIP) else []
        if "content.xml" in names:
            raise BadFile(f"{shown(path)} is an OpenDocument file: save it as CSV or .xlsx")
        if any(name.startswith("xl/workbook") for name in names):
            return _unpacked(path, serial)
        if kind := next((told for mark, told in _KINDS if start.startswith(mark)), ""):
            if start.startswith(_ZIP) and not names:
                kind = "a broken zip archive or workbook: get the file once more"
            raise BadFile(f"{shown(path)} is {kind}")
        words = start.lstrip(_BEFORE_TEXT).lower()
        if kind := next((told for mark, told in _PAGES if words.startswith(mark)), ""):
            raise BadFile(f"{shown(path)} is {kind}")
        if found.st_size > LARGEST_FILE and not _looks_like_json(start):
            raise BadFile(f"{shown(path)} is larger than 200 MB; split it or export fewer sends")
        name = _encoding(path, found.st_size, _known_encoding(encoding))
        return Source(path, found.st_size, name, serial)
    except FileNotFoundError:
        raise BadFile(f"{shown(path)} does not exist") from None
    except OSError as problem:
        raise BadFile(f"{shown(path)} cannot be read: {reason(problem)}") from None
    except ValueError:
        raise BadFile(f"“{shown(path)}” is not the name of a file") from None


def _unpacked(path: Path, serial: Serial) -> Source:
    """Return a workbook as CSV, in a file that is removed together with the result.

    Raises:
        BadFile: If it is broken or too large, or there is no room for the CSV.
    """
    from models.files.workbook import write_table

    handle, name = mkstemp(prefix="senddesk-", suffix=".csv")
    copy = Path(name)
    try:
        with open(handle, "w", encoding="utf-8", newline="", errors="replace") as text:  # noqa: PTH123
            write_table(path, text)
        source = Source(path, copy.stat().st_size, "utf-8", serial, copy)
    except OSError as problem:
        copy.unlink(missing_ok=True)
        raise BadFile(
            f"{shown(path)} cannot be unpacked into {shown(copy.parent)}: {reason(problem)}"
        ) from None
    except BaseException:
        copy.unlink(missing_ok=True)
        raise
    finalize(source, copy.unlink, missing_ok=True)
    return source


def _names_in(path: Path) -> list[str]:
    """Return the names of the files in a zip archive; none if it is broken."""
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.namelist()
    except (zipfile.BadZipFile, ValueError, EOFError):
        return []


def _looks_like_json(start: bytes) -> bool:
    """Whether a file, of which these are the first bytes, is JSON, which is read piece by piece."""
    bare = start.lstrip(_BEFORE_TEXT)
    return bare.startswith((b"{", b"[", b"\x00{", b"\x00["))


def _known_encoding(name: str | None) -> str | None:
    """Return the name of an encoding as Python knows it.

    Raises:
        BadFile: If there is none of that name.
    """
    if name is None:
        return None
    try:
        found = codecs.lookup(name.strip())
        "".encode(found.name)
    except (LookupError, ValueError, TypeError):
        told = display_text(name, 40)
        raise BadFile(
            f"“{told}” is not an encoding: write utf-8, cp1252, latin-1, utf-16, mac-roman or shift_jis"
        ) from None
    return found.name


def _encoding(path: Path, size: int, told: str | None) -> str:
    """Return the encoding of a file, found by its byte order mark and proved by decoding all of it.

    Args:
        path: The file.
        size: Its length in bytes.
        told: The encoding that the agent named; it counts if there is no mark.

    Raises:
        BadFile: If it is empty, or not in this encoding throughout.
    """
    with path.open("rb") as data:
        start = data.read(_START)
        encoding = next((name for mark, name in _MARKS if start.startswith(mark)), told or "utf-8")
        if encoding == "utf-8" and (wide := _without_mark(start)):
            raise BadFile(f"{shown(path)} is UTF-16 without a mark: add --encoding {wide}")
        data.seek(0)
        decoder = codecs.getincrementaldecoder(encoding)()
        before, written = 0, False
        while chunk := data.read(_CHUNK):
            try:
                text = decoder.decode(chunk, final=data.tell() >= size)
            except UnicodeDecodeError as problem:
                line = 1 + _line_breaks(path, before // _CHUNK, encoding)
                raise _not_text(path, line, before, problem) from None
            before += len(chunk)
            written = written or bool(text.strip("\ufeff \t\r\n\x0b\x0c"))
    if not written:
        raise BadFile(f"{shown(path)} is empty; {EXPECTED}")
    return encoding


def _without_mark(start: bytes) -> str:
    """Return which kind of UTF-16 a file is whose first bytes are *start*; empty if it is none."""
    zeros = [start[place::2].count(0) for place in (0, 1)]
    if not start or 3 * max(zeros) < len(start) or min(zeros):
        return ""
    return "utf-16-be" if zeros[0] else "utf-16-le"


def _line_breaks(path: Path, chunks: int, encoding: str) -> int:
    """Return how many line breaks are in the first *chunks* of a file, which can be decoded."""
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as data:
        return sum(decoder.decode(data.read(_CHUNK)).count("\n") for _ in range(chunks))


def _not_text(path: Path, line: int, before: int, problem: UnicodeDecodeError) -> BadFile:
    """Return the refusal that names the first byte that is not text.

    Args:
        path: The file.
        line: The line in which the chunk begins.
        before: How many bytes of the file come before the chunk.
        problem: What decoding the chunk raised.
    """
    good = problem.object[: problem.start]
    promised = problem.encoding.upper()
    if before == 0 and promised == "UTF-8" and b"\x00" in problem.object[:8192]:
        return BadFile(f"{shown(path)} is not a text file; {EXPECTED}")
    line += good.count(b"\n")
    place = f"line {line}, byte {before + len(good) + 1}"
    return BadFile(
        f"{shown(path)} is not in {promised} all through ({place}); save it as UTF-8"
        " or name its encoding: --encoding cp1252"
    )


def reason(problem: OSError) -> str:
    """Return the system's reason in words, without its number and the name of the file."""
    return os.strerror(problem.errno).lower() if problem.errno else "the system refuses"
