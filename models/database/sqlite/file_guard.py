"""Whether the file of an open desk is still in its place, and no one else has put another state there."""

import os
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock

from models.errors import DeskUnavailable
from models.values.first_page import HeldFile, explains, first_page, log_belongs, log_of

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_SHARED_BYTES = (0x40000002, 510)
"""Where SQLite locks a file that is open, and how many bytes."""
_WAL_FORMAT = 2
"""What byte 18 of a file says whose changes go to a write-ahead log."""
_TRIES = 3
"""How often the first page is read while others write to the file."""
NO_MARK = -1
"""The mark of a connection that cannot read the state that it sees."""
_RESTORE = "`senddesk db restore FILE`"


def another_state(name: str) -> str:
    """Return the sentence about a log that belongs to another state of the file *name*."""
    return f"{name}-wal belongs to another state of this file; run {_RESTORE} with the backup."


def cut(name: str) -> str:
    """Return the sentence about an empty file."""
    return f"{name} is empty: it was cut. {_RESTORE} puts a backup in its place."


class FileGuard:
    """Knows the file that was opened, and finds out when another one is at its path.

    Args:
        path: Where the desk is.
        may_change: Whether the first page may change without a log that tells of it, as it does for a
            file that is read without one.

    Attributes:
        trouble: Why nothing is read or written any more, or an empty string.
    """

    def __init__(self, path: Path, *, may_change: bool = False) -> None:
        self.path = path
        self.trouble = ""
        self._may_change = may_change
        self._log_path = log_of(path)
        self._held: HeldFile | None = None
        self._seen = b""
        self._log: tuple[int, int] | None = None
        self._is_own_state = True
        self._unsound: tuple[int, ...] = ()
        self._one_at_a_time = Lock()
        self._counting = Lock()
        self._connections = 0

    def open(self) -> None:
        """Take the file that is in the place now for that of the desk.

        Raises:
            DeskUnavailable: If there is none, or its log belongs to another state.
        """
        name = self.path.name
        try:
            held = HeldFile(self.path)
        except FileNotFoundError:
            raise DeskUnavailable(self._gone()) from None
        except OSError as error:
            raise DeskUnavailable(self._unreadable(error)) from error
        try:
            if not held.header():
                raise DeskUnavailable(cut(name))
            if not log_belongs(held, self._log_path):
                raise DeskUnavailable(another_state(name))
        except OSError as error:
            held.close()
            raise DeskUnavailable(self._unreadable(error)) from error
        except DeskUnavailable:
            held.close()
            raise
        self._held, self._seen, self.trouble = held, b"", ""
        self._log, self._is_own_state = None, True

    def count_opened(self, *_: object) -> None:
        """Know of one more connection to the file."""
        with self._counting:
            self._connections += 1

    def count_closed(self, *_: object) -> None:
        """Know of one connection less; after the last one, SQLite may change the file and end its log."""
        with self._counting:
            self._connections -= 1
            if not self._connections:
                self._seen, self._log = b"", None

    def settle(self) -> None:
        """Remember the first page: a connection is open, so a change of it is in the log from now on.

        Raises:
            OSError: If it cannot be read.
        """
        if not self._seen and self._held is not None:
            self._seen = self._held.header()

    def confirm(self, mark: Callable[[], int] | None = None) -> bool:
        """Make sure that the file is still the one that was opened.

        Args:
            mark: Returns the mark of the state that a connection sees, which may remember an older one
                than is in the file. Without it some changes cannot be judged, and pass.

        Returns:
            Whether connections may remember pages of a state that is gone; only with *mark*.

        Raises:
            DeskUnavailable: If it is not; from then on until it was opened again.
        """
        stale = False
        if not self.trouble:
            try:
                self.trouble, stale = self._look(mark)
            except OSError as error:
                self.trouble = self._unreadable(error)
        if self.trouble:
            raise DeskUnavailable(self.trouble)
        return stale

    def lose(self, reason: str) -> None:
        """Read and write nothing more, for this *reason*, until the file was opened again."""
        self.trouble, self._is_own_state = reason, False

    def let_go(self, disconnect: Callable[[], None]) -> None:
        """Close all connections by *disconnect*, then the file.

        Where another state is in the place, SQLite may not add its log to that as it does when the last
        connection closes.
        """
        with suppress(DeskUnavailable):
            self.confirm()
        held, self._held = self._held, None
        if held is None:
            disconnect()
            return
        if self._is_own_state:
            disconnect()
        else:
            with _in_use(held):
                disconnect()
        held.close()

    def find_again(self, disconnect: Callable[[], None], check: Callable[[], str]) -> None:
        """Open what is in the place now.

        Args:
            disconnect: Closes all connections.
            check: Returns what is wrong with the file, or an empty string.

        Raises:
            DeskUnavailable: If nothing sound is there.
        """
        with self._one_at_a_time:
            if not self.trouble:
                return
            trouble = self.trouble
            self.let_go(disconnect)
            found = self._stamp()
            if found and found == self._unsound:
                raise DeskUnavailable(trouble)
            try:
                self.open()
                trouble = check()
            except DeskUnavailable as error:
                self.trouble = str(error)
                raise
            if trouble:
                self._unsound = found
                self.trouble = trouble
                raise DeskUnavailable(trouble)

    def _stamp(self) -> tuple[int, ...]:
        """Return what changes with the file at the path, or nothing if there is none."""
        try:
            found = self.path.stat()
        except OSError:
            return ()
        return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns

    def _look(self, mark: Callable[[], int] | None) -> tuple[str, bool]:
        """Return what has happened to the file, or an empty string, and what `confirm` returns.

        Raises:
            OSError: If it cannot be read.
        """
        name, held = self.path.name, self._held
        if held is None:
            return "", False
        try:
            found = os.stat(self.path)  # noqa: PTH116  (a third of the time of `Path.stat`)
        except FileNotFoundError:
            self._is_own_state = False
            return self._gone(), False
        if (found.st_dev, found.st_ino) != held.key:
            self._is_own_state = False
            return f"{name} was replaced by another file: nothing was written.", False
        header = held.header()
        if not self._seen and self._connections:
            self._seen = header
        if header != self._seen and self._seen:
            trouble, stale = self._judge(held, header, mark)
            self._is_own_state = not trouble
            if trouble or stale:
                return trouble, stale
        if not self._seen:
            # Until a connection is open, others may end their log and begin another one.
            return "", False
        return self._look_for_log(), False

    def _judge(
        self, held: HeldFile, header: bytes, mark: Callable[[], int] | None
    ) -> tuple[str, bool]:
        """Return what it means that the first page is another one than before, as `_look` does."""
        name = self.path.name
        for _ in range(_TRIES):
            here = first_page(header)
            if not header:
                return cut(name), False
            if here is None:
                return (
                    f"{name} was overwritten: {_RESTORE} puts a backup in its place.",
                    False,
                )
            known = explains(self._log_path, header)
            if self._may_change or header[18] != _WAL_FORMAT or known:
                self._seen = header
                return "", False
            if known is False and not log_belongs(held, self._log_path):
                return another_state(name), False
            if known is None and mark is None:
                return "", False
            if known is None and mark is not None and mark() == here.mark:
                self._seen = header
                return "", True
            # Others may have written between the looks.
            header = held.header()
        return f"{name} was replaced by another state of it: nothing was written.", False

    def _look_for_log(self) -> str:
        """Return whether the log was taken away from a desk that uses it, as a sentence or nothing."""
        try:
            found = os.stat(self._log_path)  # noqa: PTH116
        except FileNotFoundError:
            there = None
        else:
            there = (found.st_dev, found.st_ino)
        self._log = self._log or there
        if there == self._log:
            return ""
        return f"{self.path.name}-wal was removed while the desk was open: nothing was written."

    def _gone(self) -> str:
        return (
            f"{self.path} is not there any more: it was moved or deleted, or its disk is away;"
            " nothing was written."
        )

    def _unreadable(self, error: OSError) -> str:
        return f"{self.path} cannot be read: {error.strerror or error}."


@contextmanager
def _in_use(held: HeldFile) -> Iterator[None]:
    """Let SQLite find the file in use, so that it leaves its log alone when it closes.

    A lock of this kind stands against the locks of this process itself. Where the system has none (only
    Linux has), nothing is done.
    """
    command = getattr(fcntl, "F_OFD_SETLK", None)
    if command is None:
        yield
        return
    start, length = _SHARED_BYTES
    layout = "hhqqi4x"
    lock = struct.pack(layout, fcntl.F_RDLCK, os.SEEK_SET, start, length, 0)
    with suppress(OSError):
        fcntl.fcntl(held.file, command, lock)
    try:
        yield
    finally:
        free = struct.pack(layout, fcntl.F_UNLCK, os.SEEK_SET, start, length, 0)
        with suppress(OSError):
            fcntl.fcntl(held.file, command, free)
