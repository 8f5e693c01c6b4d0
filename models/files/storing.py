"""Writing a file whole or not at all, readable by its owner only."""

import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

from models.errors import BadFile
from models.files.shown import shown
from models.files.sources import reason
from models.values import private_file
from models.values.first_page import database_of


@contextmanager
def new_file(path: Path, *, overwrite: bool = False) -> Iterator[TextIO]:
    """Open a new file for writing; it appears under its name once all of it is on the disk.

    Its mode is 0600, and its text is UTF-8.

    Args:
        path: Its path; the folder must exist. Links and devices are never written to.
        overwrite: Whether an ordinary file of that name may be replaced.

    Raises:
        BadFile: If there is something of that name, or the file cannot be written; what was
            written so far is removed.
    """
    try:
        _refuse_existing(path, overwrite=overwrite)
        draft = path.parent / f".senddesk-{secrets.token_hex(8)}.part"
        file = private_file.create(draft)
        try:
            with TextIOWrapper(file, encoding="utf-8", errors="replace", newline="") as text:
                yield text
                text.flush()
                os.fsync(text.fileno())
            _rename(draft, path, overwrite=overwrite)
        finally:
            draft.unlink(missing_ok=True)
        private_file.flush_folder(path.parent)
    except FileExistsError:
        raise BadFile(f"{shown(path)} exists already and was left as it is") from None
    except FileNotFoundError:
        raise BadFile(f"{shown(path)} cannot be written: its folder does not exist") from None
    except OSError as problem:
        raise BadFile(f"{shown(path)} cannot be written: {reason(problem)}") from None


def _refuse_existing(path: Path, *, overwrite: bool) -> None:
    """Refuse a name that exists, unless it is an ordinary file that may be replaced.

    Nothing takes the place of a database, nor the names that its helpers have.
    """
    try:
        if (owner := database_of(path)) is not None:
            raise BadFile(
                f"{shown(path)} belongs to the database {shown(owner)}: name another file"
            )
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    except ValueError:
        raise BadFile(f"“{shown(path)}” is not the name of a file") from None
    if stat.S_ISDIR(mode):
        raise BadFile(f"{shown(path)} is a directory")
    if not stat.S_ISREG(mode):
        raise BadFile(f"{shown(path)} is not an ordinary file")
    if not overwrite:
        raise FileExistsError(path)


def _rename(draft: Path, path: Path, *, overwrite: bool) -> None:
    """Rename *draft* to *path*; without *overwrite* by a hard link, which never replaces a file."""
    if overwrite:
        draft.replace(path)
        return
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        _refuse_existing(path, overwrite=False)
        draft.replace(path)
