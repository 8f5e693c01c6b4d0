"""Copies of a file, made while agents go on working: whole under their name, or not there."""

import glob
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from models.database.backend import FileCopy
from models.database.sqlite import paths
from models.database.sqlite.engine import raw_connection
from models.errors import DeskUnavailable
from models.values import private_file
from models.values.first_page import HEADER_BYTES, HELPERS, log_of, new_mark

_COPY = ".backup"
_UNFINISHED = ".part"
_MARK = slice(60, 64)
"""Where on its first page a file has its mark, `PRAGMA user_version`."""
_BLOCK = 2**20
"""Bytes compared at a time."""


def copy(engine: sa.Engine, target: Path) -> None:
    """Copy the database as it is now into the new file *target*.

    Raises:
        DeskUnavailable: If the file exists or cannot be written; nothing is left of it.
    """
    unfinished = target.with_name(f"{target.name}{_UNFINISHED}")
    if target.exists():
        raise DeskUnavailable(f"{target} exists: name a new file for the backup.")
    if unfinished.exists():
        raise DeskUnavailable(f"{unfinished} exists: wait for that backup, or remove it.")
    paths.refuse_helper(target)
    paths.make_private(unfinished)
    try:
        with engine.connect() as connection, closing(sqlite3.connect(unfinished)) as copied:
            raw_connection(connection).backup(copied)
            # No log belongs to the copy, wherever it is put later.
            copied.execute("PRAGMA application_id = 0")
            copied.execute(f"PRAGMA user_version = {new_mark()}")
        private_file.flush(unfinished)
        if not private_file.rename_new(unfinished, target):
            raise DeskUnavailable(f"{target} exists: name a new file for the backup.")
        private_file.flush_folder(target.parent)
    except (sqlite3.Error, OSError) as error:
        raise DeskUnavailable(f"{target} could not be written: {error}.") from error
    finally:
        for helper in ("", *HELPERS):
            Path(f"{unfinished}{helper}").unlink(missing_ok=True)


def copy_beside(engine: sa.Engine) -> FileCopy:
    """Copy the database to a file beside it, named by the time in UTC.

    The caller holds the write lock. Where an upgrade that was cut off, or a backup that was put back, has
    left the same copy, that one serves.

    Raises:
        DeskUnavailable: If it cannot be written; nothing is left of it.
    """
    with engine.connect() as connection:
        file = Path(connection.exec_driver_sql("PRAGMA database_list").fetchall()[0][2])
    for abandoned in file.parent.glob(f"{glob.escape(file.name)}.*{_COPY}{_UNFINISHED}*"):
        # Only one at a time holds the lock, so whoever began this was killed.
        abandoned.unlink()
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%f")
    target = file.with_name(f"{file.name}.{stamp}{_COPY}")
    try:
        copy(engine, target)
    except DeskUnavailable as problem:
        raise DeskUnavailable(f"{file.name} was left as it was: {problem}") from problem
    for earlier in sorted(file.parent.glob(f"{glob.escape(file.name)}.*{_COPY}")):
        if earlier != target and _is_same(earlier, target):
            target.unlink()
            return FileCopy(earlier, is_new=False)
    return FileCopy(target, is_new=True)


def _unmarked(header: bytes) -> bytes:
    return header[: _MARK.start] + header[_MARK.stop :]


def _is_same(one: Path, other: Path) -> bool:
    """Whether two copies hold the same, but for the mark that each copy gets."""
    try:
        log = log_of(one)
        if one.stat().st_size != other.stat().st_size or (log.exists() and log.stat().st_size):
            return False
        with one.open("rb") as first, other.open("rb") as second:
            if _unmarked(first.read(HEADER_BYTES)) != _unmarked(second.read(HEADER_BYTES)):
                return False
            while block := first.read(_BLOCK):
                if block != second.read(_BLOCK):
                    return False
            return True
    except OSError:
        return False
