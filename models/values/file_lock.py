"""A lock that processes of one computer hold by a file; it ends with the process that holds it."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from models.values.private_file import make_folder

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_LOOK_EVERY = 0.05
"""Seconds between two tries to get a lock that another one holds."""


class FileLock:
    """The lock of one file, which is made if it is missing; a child of this process does not inherit it.

    Attributes:
        path: The file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._handle: int | None = None

    def take(self) -> bool:
        """Return whether the lock is held now; False if another one holds it.

        Raises:
            OSError: If the file cannot be made.
        """
        make_folder(self.path.parent)
        while True:
            handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
            if not _lock(handle):
                os.close(handle)
                return False
            if _is_at(handle, self.path):
                self._handle = handle
                return True
            # Whoever held it has just removed the file: a lock on that one keeps nobody out.
            os.close(handle)

    def give_back(self, *, remove: bool = False) -> None:
        """Let others have the lock, and with *remove* take the file away."""
        if self._handle is not None:
            if remove:
                with suppress(OSError):
                    self.path.unlink()
            os.close(self._handle)
            self._handle = None


@contextmanager
def locked(path: Path, *, patience: float) -> Iterator[bool]:
    """Hold the lock of the file *path*.

    Args:
        path: The file; it stays.
        patience: How many seconds another holder is waited for.

    Yields:
        Whether the lock is held; False if the other one did not give it back in time.

    Raises:
        OSError: If the file cannot be made.
    """
    lock = FileLock(path)
    end = time.monotonic() + patience
    while not (held := lock.take()) and time.monotonic() < end:
        time.sleep(_LOOK_EVERY)
    try:
        yield held
    finally:
        lock.give_back()


def _lock(handle: int) -> bool:
    try:
        if fcntl is not None:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        else:
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    except OSError:
        return False
    return True


def _is_at(handle: int, path: Path) -> bool:
    """Whether the open file is still the one that has the name *path*."""
    mine = os.fstat(handle)
    try:
        there = path.stat()
    except FileNotFoundError:
        return False
    return (mine.st_dev, mine.st_ino) == (there.st_dev, there.st_ino)
