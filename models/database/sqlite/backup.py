"""Copies of a file, made while agents go on working: whole under their name, or not there."""

import glob
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from models.database.sqlite import paths
from models.errors import DeskUnavailable
from models.values import private_file
from models.values.first_page import new_mark

_COPY = ".backup"
_UNFINISHED = ".part"


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
            raw = connection.connection.driver_connection
            assert isinstance(raw, sqlite3.Connection)
            raw.backup(copied)
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
        for helper in ("", "-wal", "-shm", "-journal"):
            Path(f"{unfinished}{helper}").unlink(missing_ok=True)


def copy_beside(engine: sa.Engine) -> Path:
    """Copy the database to a new file beside it, named by the time in UTC, and return that.

    The caller holds the write lock.

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
    return target
