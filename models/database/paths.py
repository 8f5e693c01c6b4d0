"""Where a file with a desk may be, and how a new one is made."""

import os
from pathlib import Path

from models.errors import DeskUnavailable
from models.values import private_file

_SMALLEST_PAGE = 512
"""Bytes of the smallest page that SQLite knows."""


def refuse_unusable(path: Path, *, create: bool) -> None:
    """Refuse a path at which no desk can be opened.

    Args:
        path: It passes if it is a file that can be read and may hold a desk, or if nothing is there and
            *create* is set.
        create: Whether a new file may be made there.

    Raises:
        DeskUnavailable: If it does not pass.
    """
    try:
        there = path.exists()
        if path.is_dir():
            raise DeskUnavailable(f"{path} is a folder: name a database file in it.")
    except OSError as error:
        raise DeskUnavailable(f"{path} cannot be opened: {error.strerror}.") from error
    if not there and not create:
        raise DeskUnavailable(f"There is no database at {path}.")
    if there and not path.is_file():
        raise DeskUnavailable(f"{path} is not a file.")
    if there and not os.access(path, os.R_OK):
        raise DeskUnavailable(f"{path} cannot be read: check its permissions.")
    if there and 0 < path.stat().st_size < _SMALLEST_PAGE:
        # SQLite would take it for an empty database and write over it.
        raise DeskUnavailable(f"{path.name} is not a Send Desk database.")


def make_private(path: Path) -> None:
    """Make an empty file that only its owner can read; SQLite gives its helpers the same mode.

    Raises:
        DeskUnavailable: If it cannot be made.
    """
    try:
        # Another desk may be making the same file.
        private_file.make_if_missing(path)
    except OSError as error:
        raise DeskUnavailable(f"{path} cannot be made: {error.strerror}.") from error
