"""The databases of one PostgreSQL, for tests."""

from itertools import count
from pathlib import Path

import psycopg

from models.database import Database
from models.database.postgresql import backend as postgresql


class Server:
    """A PostgreSQL that gives out databases with an empty desk.

    Its user `locked_out` needs the password `right`.
    """

    def __init__(self, address: str, folder: Path) -> None:
        self._admin = psycopg.connect(address, autocommit=True)
        self._address = address
        self._numbers = count(1)
        # Tests kill clients, never the server: it need not wait for the disk. Its databases are small
        # and soon gone: cleaning them took a third of one core.
        for setting in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
            self._admin.execute(f"ALTER SYSTEM SET {setting} = off".encode())
        # Everyone else is let in without a password.
        doors = folder / "pg_hba.conf"
        doors.write_text(f"local all locked_out scram-sha-256\n{doors.read_text()}")
        self._admin.execute("SELECT pg_reload_conf()")
        self._admin.execute("CREATE ROLE locked_out LOGIN PASSWORD 'right'")
        self._admin.execute("CREATE DATABASE empty_desk")
        database = Database(postgresql.connect(self.address("empty_desk")))
        database.upgrade()
        database.close()

    def address(self, name: str) -> str:
        """Return the address of the database *name*."""
        return self._address.replace("/postgres?", f"/{name}?")

    def make(self, template: str = "empty_desk") -> str:
        """Make a database like *template* and return its name."""
        name = f"desk_{next(self._numbers)}"
        self._admin.execute(
            f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy".encode()
        )
        return name

    def drop(self, name: str) -> None:
        """Remove a database, whoever is still connected to it."""
        self._admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())

    def close(self) -> None:
        """Give the connection back."""
        self._admin.close()


def cut_all(address: str) -> None:
    """End every session of the database but this one."""
    with psycopg.connect(address, autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
