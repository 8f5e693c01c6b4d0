"""Putting a finished file in its place: all of it or nothing, for its owner only."""

import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

from models.errors import BadFile
from models.files.sources import reason, shown
from models.values import private_file


@contextmanager
def new_file(path: Path, *, overwrite: bool = False) -> Iterator[TextIO]:
    """Write a file that appears under its name, mode 0600, once it is complete and on the disk.

    Args:
        path: Its name; the folder must exist. Links and devices are never written to.
        overwrite: Whether an ordinary file of that name may be replaced.

    Raises:
        BadFile: If something is in its place already, or it cannot be written; nothing is left.
    """
    try:
        _refuse_what_is_there(path, overwrite=overwrite)
        draft = path.parent / f".senddesk-{secrets.token_hex(8)}.part"
        file = private_file.create(draft)
        try:
            with TextIOWrapper(file, encoding="utf-8", errors="replace", newline="") as text:
                yield text
                text.flush()
                os.fsync(text.fileno())
            _put(draft, path, overwrite=overwrite)
        finally:
            draft.unlink(missing_ok=True)
        _settle(path.parent)
    except FileExistsError:
        raise BadFile(f"{shown(path)} exists already and was left as it is") from None
    except FileNotFoundError:
        raise BadFile(f"{shown(path)} cannot be written: its folder does not exist") from None
    except OSError as problem:
        raise BadFile(f"{shown(path)} cannot be written: {reason(problem)}") from None


def _refuse_what_is_there(path: Path, *, overwrite: bool) -> None:
    """Refuse a name that is taken by anything but an ordinary file that may be replaced."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    except ValueError:
        raise BadFile(f"“{shown(path)}” is no name of a file") from None
    if stat.S_ISDIR(mode):
        raise BadFile(f"{shown(path)} is a directory")
    if not stat.S_ISREG(mode):
        raise BadFile(f"{shown(path)} is no ordinary file")
    if not overwrite:
        raise FileExistsError(path)


def _put(draft: Path, path: Path, *, overwrite: bool) -> None:
    """Give the finished *draft* its name; a hard link never replaces what came in between."""
    if overwrite:
        draft.replace(path)
        return
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        _refuse_what_is_there(path, overwrite=False)
        draft.replace(path)


def _settle(folder: Path) -> None:
    """Have the new name on the disk too, where the system lets a folder be flushed."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
