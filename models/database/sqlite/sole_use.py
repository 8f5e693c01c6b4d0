"""Having the file of a desk to oneself, to replace or remove it."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

from models.errors import DeskUnavailable
from models.values.first_page import HeldFile

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_FILE_LOCK = (512, 0x40000000)
"""How many bytes SQLite locks of a file that it has open, and from where on."""
_SHARED_MEMORY_LOCK = (1, 128)
"""The same of the file that readers share as memory."""


@contextmanager
def nobody_else(path: Path) -> Iterator[BinaryIO | None]:
    """Keep others from opening the desk at *path*.

    Yields:
        The file, open for reading and writing, or None if there is none.

    Raises:
        DeskUnavailable: If somebody has it open.
        OSError: If that cannot be found out.
    """
    places = {path: _FILE_LOCK, Path(f"{path}-shm"): _SHARED_MEMORY_LOCK}
    there = {each: place for each, place in places.items() if each.exists()}
    in_use = DeskUnavailable(
        f"{path.name} is open: close every desk and command that uses it, then try again."
    )
    if path in there and HeldFile.is_held(path):
        raise in_use
    files = {}
    with ExitStack() as opened:
        for each, (length, start) in there.items():
            file = files[each] = opened.enter_context(each.open("r+b"))
            if fcntl is None:
                continue
            try:
                fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, length, start)
            except OSError as error:
                raise in_use from error
        yield files.get(path)
