"""Putting a backup in the place of a desk's file, while nobody has that open."""

import os
import secrets
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from models.database.sqlite import paths
from models.database.sqlite.sole_use import nobody_else
from models.errors import DeskUnavailable
from models.values import private_file
from models.values.first_page import (
    HELPERS,
    first_page,
    has_log_of_another_state,
    holding,
    log_of,
    new_mark,
)

_LOGS = ("-wal", "-journal")
"""What SQLite keeps beside a file and adds to it after a crash."""


@contextmanager
def copied(source: Path, path: Path) -> Iterator[Path]:
    """Copy the database in *source* to a new file beside *path*, and remove that at the end.

    Where the log of another state lies beside *source*, it is left out.

    Raises:
        DeskUnavailable: If *source* is no database, or the copy cannot be written.
    """
    paths.refuse_unusable(source, create=False)
    try:
        with holding(source) as held:
            if not held.header():
                raise DeskUnavailable(f"{source} is empty: it is not a backup.")
            if first_page(held.header()) is None:
                raise DeskUnavailable(f"{source} is not a Send Desk database.")
        private_file.create(
            draft := path.with_name(f".{path.name}.{secrets.token_hex(8)}.part")
        ).close()
    except FileNotFoundError:
        raise DeskUnavailable(f"{path} cannot be written: its folder does not exist.") from None
    except OSError as error:
        raise DeskUnavailable(f"{path} cannot be written: {error.strerror}.") from error
    try:
        _copy(source, draft)
        yield draft
    finally:
        for name in ("", *HELPERS):
            Path(f"{draft}{name}").unlink(missing_ok=True)


def _copy(source: Path, draft: Path) -> None:
    address = f"file:{quote(str(source))}?mode=ro"
    log = log_of(source)
    if has_log_of_another_state(source) or not (log.exists() and log.stat().st_size):
        # So SQLite looks at the file alone and leaves nothing beside it.
        address += "&immutable=1"
    try:
        with (
            closing(sqlite3.connect(address, uri=True)) as read,
            closing(sqlite3.connect(draft)) as to,
        ):
            read.backup(to)
            # No log that lies about somewhere belongs to the copy.
            to.execute("PRAGMA journal_mode=WAL")
            to.execute("PRAGMA application_id = 0")
            to.execute(f"PRAGMA user_version = {new_mark()}")
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorname", "").startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
            raise DeskUnavailable(f"{source} is damaged: it was not put in place.") from error
        raise DeskUnavailable(f"{source} could not be copied: {error}.") from error


def put_in_place(draft: Path, path: Path) -> Path | None:
    """Rename *draft* to *path* in one step and return what the file there is called now, if there was one.

    Raises:
        DeskUnavailable: If somebody has the file open, or it cannot be replaced.
    """
    path = Path(os.path.realpath(path))
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%f")
    kept = path.with_name(f"{path.name}.{stamp}.replaced")
    try:
        with nobody_else(path):
            there = path.exists()
            if there:
                shutil.copymode(path, draft)
                _keep(path, kept)
            # With the new file in its place, the log beside it belongs to another state: whoever opens the
            # desk before the log is put away is told so.
            draft.replace(path)
            for name in _LOGS:
                helper = Path(f"{path}{name}")
                if helper.exists():
                    helper.rename(f"{kept}{name}")
                    there = True
            Path(f"{path}-shm").unlink(missing_ok=True)
            private_file.flush_folder(path.parent)
    except OSError as error:
        raise DeskUnavailable(f"{path} cannot be replaced: {error.strerror}.") from error
    return kept if there else None


def _keep(path: Path, kept: Path) -> None:
    """Give the file a second name; where the system cannot, it gets that name in place of the first."""
    try:
        kept.hardlink_to(path)
    except OSError:
        path.rename(kept)
