"""Opening a file that an agent has named; what cannot be an export is refused in one sentence."""

import codecs
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader, FileIO, TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING

from models.errors import BadFile
from models.files.units import Serial
from models.providers.catalogue import provider_names
from models.values.text import display_text

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

LARGEST_FILE = 200 * 2**20
EXPECTED = f"expected a CSV, TSV, JSON or JSON Lines export of {provider_names()}"
_CHUNK = 2**20
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


def shown(path: Path) -> str:
    """Return a path made safe to show, for a sentence."""
    return display_text(str(path), 200)


@dataclass(frozen=True)
class Source:
    """A file that was found to be text.

    Attributes:
        path: Its path.
        size: Its length in bytes.
        encoding: The name of its encoding, as Python knows it.
        serial: How dates are counted that a spreadsheet wrote as numbers.
    """

    path: Path
    size: int
    encoding: str
    serial: Serial = Serial.FROM_1900

    @contextmanager
    def open(self, progress: Progress | None = None) -> Iterator[TextIOWrapper]:
        """Open the text, its line ends unchanged; *progress* counts the bytes that are read.

        Raises:
            BadFile: If the file cannot be read any more, or has changed to something unreadable.
        """
        try:
            with (
                _Counted(self.path, progress or Progress(self.size)) as raw,
                TextIOWrapper(BufferedReader(raw, _CHUNK), self.encoding, newline="") as text,
            ):
                yield text
        except OSError as problem:
            raise BadFile(f"{shown(self.path)} cannot be read: {reason(problem)}") from None
        except UnicodeError:
            raise BadFile(f"{shown(self.path)} has changed while it was read") from None


def examine(path: Path) -> Source:
    """Check that *path* is a text file, by reading it to its end.

    Raises:
        BadFile: If it is missing, not an ordinary file, unreadable, empty, too large or not text.
    """
    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            raise BadFile(f"{shown(path)} is a directory; {EXPECTED}")
        if not stat.S_ISREG(found.st_mode):
            raise BadFile(f"{shown(path)} is no ordinary file; {EXPECTED}")
        if found.st_size > LARGEST_FILE:
            raise BadFile(f"{shown(path)} is larger than 200 MB; split it or export fewer sends")
        return Source(path, found.st_size, _encoding(path, found.st_size))
    except FileNotFoundError:
        raise BadFile(f"{shown(path)} does not exist") from None
    except OSError as problem:
        raise BadFile(f"{shown(path)} cannot be read: {reason(problem)}") from None
    except ValueError:
        raise BadFile(f"“{shown(path)}” is no name of a file") from None


def _encoding(path: Path, size: int) -> str:
    """Return the encoding of a file, found by its byte order mark and proved by decoding all of it.

    Raises:
        BadFile: If it is empty, or not in this encoding throughout.
    """
    with path.open("rb") as data:
        start = data.read(4)
        encoding = next((name for mark, name in _MARKS if start.startswith(mark)), "utf-8")
        data.seek(0)
        decoder = codecs.getincrementaldecoder(encoding)()
        line, before, written = 1, 0, False
        while chunk := data.read(_CHUNK):
            try:
                text = decoder.decode(chunk, final=data.tell() >= size)
            except UnicodeDecodeError as problem:
                raise _not_text(path, line, before, problem) from None
            line += text.count("\n")
            before += len(chunk)
            written = written or bool(text.strip())
    if not written:
        raise BadFile(f"{shown(path)} is empty; {EXPECTED}")
    return encoding


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
        return BadFile(f"{shown(path)} is no text file; {EXPECTED}")
    line += good.count(b"\n")
    place = f"line {line}, byte {before + len(good) + 1}"
    return BadFile(f"{shown(path)} is not in {promised} all through ({place}); save it as UTF-8")


def reason(problem: OSError) -> str:
    """Return the system's reason in words, without its number and the name of the file."""
    return os.strerror(problem.errno).lower() if problem.errno else "the system refuses"
