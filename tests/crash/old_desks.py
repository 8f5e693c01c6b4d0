"""Copies of desks that an older program made, to be upgraded and thrown away."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import psycopg
import sqlalchemy as sa

from tests.support.old_desk import make_old


class OldDesks(Protocol):
    """Gives out desks; there is but one at a time."""

    def lend(self, revision: str) -> str:
        """Return the address of a desk with the schema *revision*."""

    def take_back(self) -> None:
        """Remove what was lent."""


class OldFiles:
    """Lends files in *folder*."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lent = folder / "lent"

    def lend(self, revision: str) -> str:
        """Return the path of a file with the schema *revision*."""
        made = self._folder / f"{revision}.db"
        if not made.exists():
            make_old(str(made), revision)
        self._lent.mkdir()
        return str(shutil.copy(made, self._lent / "sends.db"))

    def take_back(self) -> None:
        """Remove the file and everything that was put beside it."""
        shutil.rmtree(self._lent)


class OldServers:
    """Lends databases beside the one at *address*, whose user may make some."""

    def __init__(self, address: str) -> None:
        self._url = sa.make_url(address)
        self._admin = psycopg.connect(address, autocommit=True)
        self._made: dict[str, str] = {}

    def lend(self, revision: str) -> str:
        """Return the address of a database with the schema *revision*."""
        if revision not in self._made:
            self._made[revision] = self._make(f"{self._url.database}_{revision}", "template0")
            make_old(self._address(self._made[revision]), revision)
        return self._address(self._make(self._lent, self._made[revision]))

    def take_back(self) -> None:
        """Remove the database, whoever is still connected to it."""
        self._drop(self._lent)

    def close(self) -> None:
        """Remove all that was made."""
        for name in self._made.values():
            self._drop(name)
        self._admin.close()

    @property
    def _lent(self) -> str:
        return f"{self._url.database}_lent"

    def _make(self, name: str, template: str) -> str:
        self._drop(name)
        self._admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'.encode())
        return name

    def _drop(self, name: str) -> None:
        self._admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())

    def _address(self, name: str) -> str:
        return self._url.set(database=name).render_as_string(hide_password=False)


@contextmanager
def old_desks(folder: Path, address: str | None) -> Iterator[OldDesks]:
    """Give files in *folder*, or databases beside the one at *address*."""
    if address is None:
        yield OldFiles(folder)
        return
    servers = OldServers(address)
    try:
        yield servers
    finally:
        servers.close()
