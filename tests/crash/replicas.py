"""Two PostgreSQL servers on this computer, one of which follows the other, and what happens to such pairs."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg

USER = "desk"
"""Who owns the servers and their databases; everybody is let in."""
_PATIENCE = 60.0
_SETTINGS = """
listen_addresses = '127.0.0.1'
max_connections = 200
wal_level = logical
wal_keep_size = 256MB
wal_retrieve_retry_interval = 200ms
shared_buffers = 64MB
"""
_INSTALL = (
    "There is no PostgreSQL server here: install Debian's (`apt install postgresql`), "
    "or name the folder of its programs with --binaries."
)


def programs(named: Path | None = None) -> Path:
    """Return the folder with `initdb`, `pg_ctl` and `pg_basebackup`: the one *named*, or the newest.

    Raises:
        SystemExit: If there is none; it says what to install.
    """
    found = shutil.which("initdb")
    versions = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda each: float(each.parent.name)
    )
    for folder in (
        [named] if named else [*reversed(versions), *([Path(found).parent] if found else [])]
    ):
        if all((folder / each).exists() for each in ("initdb", "pg_ctl", "pg_basebackup")):
            return folder
    raise SystemExit(_INSTALL)


class Server:
    """One PostgreSQL of its own.

    Args:
        binaries: The folder of its programs.
        folder: A new one, where its data go; its parent is open to everybody.
        name: What it calls itself.
    """

    def __init__(self, binaries: Path, folder: Path, name: str) -> None:
        self._binaries = binaries
        self._folder = folder
        self.name = name
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        # A server refuses to run as root.
        self._as: dict[str, Any] = {}
        if os.geteuid() == 0:
            owner = _other_user()
            self._as = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": ()}
            os.chown(folder.parent, owner.pw_uid, owner.pw_gid)

    def address(self, database: str) -> str:
        """Return the address of a database on this server alone."""
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{database}"

    def create(self) -> None:
        """Make its data and start it."""
        self._run(
            "initdb", "-N", "-U", USER, "--auth", "trust", "-E", "UTF8", "--locale", "C", "-D"
        )
        with (self._folder / "postgresql.conf").open("a") as settings:
            settings.write(f"{_SETTINGS}include 'own.conf'\n")
        self.confirm_by("")
        self.start()

    def follow(self, primary: "Server") -> None:
        """Become a standby of *primary* with a copy of its data, whatever was here before."""
        if self._folder.exists():
            shutil.rmtree(self._folder)
        source = f"{primary.address('postgres')}?application_name={self.name}"
        self._run("pg_basebackup", "-N", "-d", source, "-R", "-c", "fast", "-D")
        self.confirm_by("")
        self.start()

    def start(self) -> None:
        """Start it and wait until it answers."""
        self._run("pg_ctl", "start", "-w", "-s", "-t", "60", "-l", str(self._log), "-D")

    def stop(self) -> None:
        """Stop it in the middle of everything, as a crash does; nothing if it does not run."""
        with suppress(subprocess.CalledProcessError):
            self._run("pg_ctl", "stop", "-s", "-m", "immediate", "-D")

    def kill(self) -> None:
        """Kill all of its processes at once."""
        postmaster = int((self._folder / "postmaster.pid").read_text().split()[0])
        family = [postmaster, *_children(postmaster)]
        # One that is stopped starts no more.
        os.kill(postmaster, signal.SIGSTOP)
        for process in (*family, *_children(postmaster)):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        _until(lambda: not any(_is_there(each) for each in family))

    def promote(self) -> None:
        """Let a standby become a primary and wait until it takes writes."""
        self._run("pg_ctl", "promote", "-w", "-s", "-t", "60", "-D")

    def confirm_by(self, names: str) -> None:
        """Let each commit be confirmed by the standbys of these names; `*` is any, nothing is none."""
        (self._folder / "own.conf").write_text(
            f"port = {self.port}\ncluster_name = '{self.name}'\n"
            f"unix_socket_directories = ''\nsynchronous_standby_names = '{names}'\n"
        )
        if (self._folder / "postmaster.pid").exists():
            self._run("pg_ctl", "reload", "-s", "-D")

    def wait_for_standby(self) -> None:
        """Return once a standby confirms each commit."""
        asked = "SELECT count(*) FROM pg_stat_replication WHERE sync_state IN ('sync', 'quorum')"
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            _until(lambda: connection.execute(asked).fetchone() != (0,))

    @property
    def _log(self) -> Path:
        return self._folder.parent / f"{self.name}.log"

    def _run(self, program: str, *words: str) -> None:
        """Run one of the server's programs; the last of *words* is an option that takes the data folder."""
        subprocess.run(
            [self._binaries / program, *words, self._folder],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/", **self._as,
        )  # fmt: skip


@contextmanager
def pair(binaries: Path, folder: Path) -> Iterator[tuple[Server, Server]]:
    """Run a primary and a standby that confirms its commits, until the block ends.

    Args:
        binaries: The folder of the server's programs.
        folder: An empty one, whose parents are open to everybody.
    """
    first, second = (Server(binaries, folder / each, each) for each in ("a", "b"))
    try:
        first.create()
        second.follow(first)
        first.confirm_by("*")
        first.wait_for_standby()
        yield first, second
    finally:
        first.stop()
        second.stop()


def _other_user() -> pwd.struct_passwd:
    """Return whom a server runs as that root starts."""
    with suppress(KeyError):
        return pwd.getpwnam("postgres")
    return pwd.getpwnam("nobody")


def _children(process: int) -> list[int]:
    found = Path(f"/proc/{process}/task/{process}/children").read_text()
    return [int(each) for each in found.split()]


def _is_there(process: int) -> bool:
    """Whether a process runs; one that only waits to be looked after does not."""
    try:
        state = Path(f"/proc/{process}/stat").read_text()
    except FileNotFoundError:
        return False
    return state.rpartition(")")[2].split()[0] != "Z"


def _until(condition: Any) -> None:
    end = time.monotonic() + _PATIENCE
    while not condition():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.02)
