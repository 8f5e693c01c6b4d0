"""An address becomes an open database. Only this package knows one kind of database from another."""

from models.database.database import Database
from models.database.opening import (
    make_missing_file,
    open_database,
    remove_unused_file,
    restore_database,
    upgrade_database,
)

__all__ = [
    "Database",
    "make_missing_file",
    "open_database",
    "remove_unused_file",
    "restore_database",
    "upgrade_database",
]
