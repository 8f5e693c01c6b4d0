"""Whether the write-ahead log beside an SQLite file belongs to the state that the file is in.

SQLite adds what a log holds to whatever file lies beside it: after a crash the log of one state may lie
beside another state, such as a backup that was put back. Every change of a desk therefore leaves two
numbers on the first page: one of its own, drawn by chance, and that of the change before.
"""

import os
import stat
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import SystemRandom
from threading import Lock
from typing import BinaryIO, NamedTuple

HEADER_BYTES = 100
"""How many bytes the header of an SQLite file has."""
HELPERS = ("-wal", "-shm", "-journal")
"""How the names end of what SQLite keeps beside a file."""
_MAGIC = b"SQLite format 3\x00"
_LOG_HEADER = struct.Struct(">8xI4x8s8x")
"""Of a log: the page size, and the salt that all its frames carry."""
_FRAME = struct.Struct(">II8s8s")
"""Before each page in a log: its number, the size of the file after a commit, salt and checksum."""
_LOG_MAGIC = {0x377F0682: "<", 0x377F0683: ">"}
"""How the words are stored that the checksums of a log add up."""
_TRIES = 5
"""How often a file and its log are compared while others write to them."""


class FirstPage(NamedTuple):
    """What tells one state of a file from another."""

    schema: int
    """Counts the changes of the schema."""
    mark: int
    """`PRAGMA user_version`: drawn by chance at each change."""
    before: int
    """`PRAGMA application_id`: the mark of the change before."""


def new_mark() -> int:
    """Return a mark that no other state has."""
    return SystemRandom().randrange(1, 2**31)


def first_page(header: bytes) -> FirstPage | None:
    """Return what the first 100 bytes of a file say, or None if that is no SQLite file."""
    if len(header) < HEADER_BYTES or not header.startswith(_MAGIC):
        return None
    schema, mark, before = struct.unpack_from(">I16xI4xI", header, 40)
    return FirstPage(schema, mark, before)


class HeldFile:
    """An SQLite file that is kept open to look at its first page.

    A process loses all its locks on a file as soon as it closes any handle of that file, also those that
    SQLite has taken. So a process has one such handle of a file, and closes it after SQLite's own.
    """

    _held: "dict[tuple[int, int], tuple[BinaryIO, int]]" = {}
    _lock = Lock()

    def __init__(self, path: Path) -> None:
        """Hold the file at *path*.

        Raises:
            OSError: If it cannot be read.
        """
        with self._lock:
            found = path.stat()
            if not stat.S_ISREG(found.st_mode):
                raise OSError(f"{path} is not an ordinary file")
            self.key = (found.st_dev, found.st_ino)
            file, holders = self._held.get(self.key, (None, 0))
            if file is None:
                file = path.open("rb", buffering=0)
                found = os.fstat(file.fileno())
                self.key = (found.st_dev, found.st_ino)
            self._held[self.key] = (file, holders + 1)
            self.file = file
        self._is_open = True

    def __del__(self) -> None:
        if hasattr(self, "_is_open"):
            self.close()

    @classmethod
    def is_held(cls, path: Path) -> bool:
        """Whether this process holds the file at *path*."""
        found = path.stat()
        return (found.st_dev, found.st_ino) in cls._held

    def header(self) -> bytes:
        """Return the first 100 bytes as they are on the disk.

        Raises:
            OSError: If they cannot be read.
        """
        with self._lock:
            self.file.seek(0)
            return self.file.read(HEADER_BYTES)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            if not self._is_open:
                return
            self._is_open = False
            file, holders = self._held[self.key]
            if holders > 1:
                self._held[self.key] = (file, holders - 1)
            else:
                del self._held[self.key]
                file.close()


def log_of(path: Path) -> Path:
    """Return where SQLite keeps the write-ahead log of the file at *path*: beside it, not beside a link."""
    return Path(f"{path.resolve()}-wal")


def has_log_of_another_state(path: Path) -> bool:
    """Whether opening the file at *path* would mix it with the log of another state.

    Raises:
        OSError: If it cannot be read.
    """
    with holding(path) as held:
        return not log_belongs(held, log_of(path))


@contextmanager
def holding(path: Path) -> Iterator[HeldFile]:
    """Hold the file at *path* for a while.

    Raises:
        OSError: If it cannot be read.
    """
    held = HeldFile(path)
    try:
        yield held
    finally:
        held.close()


def database_of(path: Path) -> Path | None:
    """Return the SQLite file that *path* is, or that it belongs to as one of its helpers.

    The first bytes tell, so it is found under every name, link and spelling.

    Returns:
        None if it has nothing to do with any.
    """
    name = path.name
    helped = [name[: -len(each)] for each in HELPERS if name.lower().endswith(each)]
    for each in (path.with_name(name) for name in (name, *helped) if name):
        with suppress(OSError):
            if each.is_file() and _is_database(each):
                return each
    with suppress(OSError):
        if path.is_file() and not HeldFile.is_held(path):
            with path.open("rb") as file:
                if int.from_bytes(file.read(4), "big") in _LOG_MAGIC:
                    return path
    return None


def _is_database(path: Path) -> bool:
    with holding(path) as held:
        return held.header().startswith(_MAGIC)


def log_belongs(held: HeldFile, log: Path) -> bool:
    """Whether *log* belongs to the state of a file, as far as the two can tell.

    While others write, both change: then it is asked again.

    Raises:
        OSError: If one of them cannot be read.
    """
    for _ in range(_TRIES):
        header = held.header()
        if explains(log, header) is not False:
            return True
        if header == held.header() and _is_whole(log):
            return False
    return True


def explains(log: Path, header: bytes) -> bool | None:
    """Whether *log* leads from the state with this *header* to another, or has led to it.

    Returns:
        None where the log does not say.

    Raises:
        OSError: If it cannot be read.
    """
    here = first_page(header)
    first: FirstPage | None = None
    for page in _logged(log):
        if page == here:
            return True
        first = first or page
    if first is None or here is None:
        return None
    # Another program than the desk writes the mark of the change before once more.
    return here.mark in (first.before, first.mark) and here.schema <= first.schema


def _logged(log: Path) -> Iterator[FirstPage]:
    """Yield each first page that *log* has, the oldest first, up to the last commit."""
    waiting: list[FirstPage] = []
    for _, size, page in _frames(log):
        if found := first_page(page):
            waiting.append(found)
        if size:
            yield from waiting
            waiting.clear()


def _frames(log: Path, *, whole: bool = False) -> Iterator[tuple[bytes, int, bytes]]:
    """Yield the head of each frame of *log*, the size that it commits or 0, and the first page.

    Other pages are left out, unless *whole* asks for all of each page.
    """
    try:
        file = log.open("rb", buffering=0 if not whole else -1)
    except FileNotFoundError:
        return
    with file:
        start = file.read(_LOG_HEADER.size)
        if len(start) < _LOG_HEADER.size:
            return
        size, salt = _LOG_HEADER.unpack(start)
        place = _LOG_HEADER.size
        while len(head := file.read(_FRAME.size)) == _FRAME.size:
            number, commits, own_salt, _ = _FRAME.unpack(head)
            if own_salt != salt:
                return
            wanted = size if whole else HEADER_BYTES if number == 1 else 0
            yield head, commits, file.read(wanted) if wanted else b""
            place += _FRAME.size + size
            file.seek(place)


def _is_whole(log: Path) -> bool:
    """Whether the checksums of *log* are right up to the commit of its oldest first page.

    What was not on the disk yet when the power failed is no part of a log: SQLite leaves it out.
    """
    with log.open("rb") as file:
        start = file.read(_LOG_HEADER.size)
    order = _LOG_MAGIC.get(int.from_bytes(start[:4], "big"))
    if order is None or _checksum(order, start[:24], (0, 0)) != struct.unpack(">II", start[24:]):
        return False
    found = False
    sums = struct.unpack(">II", start[24:])
    for head, commits, page in _frames(log, whole=True):
        sums = _checksum(order, page, _checksum(order, head[:8], (sums[0], sums[1])))
        if sums != struct.unpack(">II", head[16:]):
            return False
        found = found or head[:4] == b"\x00\x00\x00\x01"
        if found and commits:
            return True
    return False


def _checksum(order: str, data: bytes, sums: tuple[int, int]) -> tuple[int, int]:
    """Continue the checksum of a log over *data*."""
    one, two = sums
    words = struct.iter_unpack(f"{order}II", data)
    for even, odd in words:
        one = (one + even + two) & 0xFFFFFFFF
        two = (two + odd + one) & 0xFFFFFFFF
    return one, two
