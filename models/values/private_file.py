"""Files that only their owner can read (mode 0600), in folders that only the owner can enter (0700)."""

import os
from pathlib import Path
from typing import BinaryIO

_WRITE_NEW = os.O_WRONLY | os.O_CREAT
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
"""Refuses to open a symbolic link; Windows has no such flag."""


def make_folder(folder: Path) -> None:
    """Make *folder* with mode 0700, and the folders above it, where they are missing.

    Raises:
        OSError: If it cannot be made.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def make_if_missing(path: Path) -> None:
    """Make an empty file at *path*, and its folder; a file that is there already stays as it is.

    Of two programs that do so at once, both succeed. A link is followed.

    Raises:
        OSError: If it cannot be made.
    """
    make_folder(path.parent)
    os.close(os.open(path, _WRITE_NEW, 0o600))


def create(path: Path) -> BinaryIO:
    """Make the new file *path* and return it, open for writing; its folder must exist.

    Raises:
        FileExistsError: If there is anything of that name, even a link that leads nowhere.
        OSError: If it cannot be made.
    """
    return os.fdopen(os.open(path, _WRITE_NEW | os.O_EXCL | _NO_LINK, 0o600), "wb")


def overwrite(path: Path, data: bytes) -> None:
    """Write *data* into the file *path*, and make it and its folder where they are missing.

    Raises:
        OSError: If it cannot be written, or if *path* is a link.
    """
    make_folder(path.parent)
    with os.fdopen(os.open(path, _WRITE_NEW | os.O_TRUNC | _NO_LINK, 0o600), "wb") as file:
        file.write(data)


def replace(path: Path, data: bytes) -> None:
    """Put *data* in the place of *path* in one step, so that nobody ever reads half of it.

    A link of that name is replaced; the file that it leads to stays as it is.

    Raises:
        OSError: If it cannot be written.
    """
    make_folder(path.parent)
    new = path.with_name(f"{path.name}.{os.getpid()}")
    # A program with the same number may have been killed before it was done.
    new.unlink(missing_ok=True)
    with create(new) as file:
        file.write(data)
    new.replace(path)
