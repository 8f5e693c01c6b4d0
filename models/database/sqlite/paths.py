"""Where a file with a desk may be, and how a new one is made."""

import errno
import os
from contextlib import suppress
from pathlib import Path

from models.database.sqlite.sole_use import nobody_else
from models.errors import DeskUnavailable
from models.values import private_file
from models.values.first_page import HEADER_BYTES, HELPERS, database_of, first_page, log_of

_SMALLEST_PAGE = 512
"""Bytes of the smallest page that SQLite knows."""
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


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
        raise DeskUnavailable(
            f"There is no database at {path}. To make an empty one there, run `senddesk db create`."
        )
    if there and not path.is_file():
        raise DeskUnavailable(f"{path} is not a file.")
    if there and not os.access(path, os.R_OK):
        raise DeskUnavailable(f"{path} cannot be read: check its permissions.")
    if there and 0 < path.stat().st_size < _SMALLEST_PAGE:
        # SQLite would take it for an empty database and write over it.
        raise DeskUnavailable(f"{path.name} is not a Send Desk database.")


def refuse_helper(path: Path) -> None:
    """Refuse a name under which SQLite keeps something for a database that is there.

    Raises:
        DeskUnavailable: If it is one.
    """
    if (owner := database_of(path)) is not None:
        raise DeskUnavailable(f"{path} belongs to the database {owner.name}: name another file.")


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


def make_new(path: Path, content: bytes) -> bool:
    """Make a file of *content* that only its owner can read, and the folders above it.

    Returns:
        Whether it was made here; another desk may have made the same file meanwhile.

    Raises:
        DeskUnavailable: If it cannot be made; then nothing is left of it.
    """
    try:
        return private_file.make_whole(path.resolve(), content)
    except RuntimeError:
        raise DeskUnavailable(f"{path} cannot be made: its links lead in a circle.") from None
    except OSError as error:
        reason = "the disk is full" if error.errno in _NO_ROOM else error.strerror
        raise DeskUnavailable(f"{path} cannot be made: {reason}.") from error


def remove_unused(path: Path) -> None:
    """Remove a file in which no desk has stored anything, and what SQLite keeps beside it.

    What somebody has open stays, and so does what cannot be removed.
    """
    with suppress(OSError, RuntimeError, DeskUnavailable):
        file, log = path.resolve(), log_of(path)
        with nobody_else(file) as opened:
            page = first_page(opened.read(HEADER_BYTES)) if opened else None
            # Whatever a desk stores leaves a mark in the file or, before that, something in the log.
            if page is None or page.mark or (log.exists() and log.stat().st_size):
                return
            file.unlink()
            for helper in HELPERS:
                Path(f"{file}{helper}").unlink(missing_ok=True)
