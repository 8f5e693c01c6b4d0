"""What tests let another process do to a desk; it answers on stdout.

    python -m tests.support.storage_worker nobody|full|hold ADDRESS
    python -m tests.support.storage_worker cramped ADDRESS BYTES
    python -m tests.support.storage_worker commands-as-nobody|commands-when-full ADDRESS EXPORT

A task that the desk refuses is answered with its sentence, anything else is a traceback.
"""

import io
import os
import resource
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory

from models.database import open_database
from models.desk import Desk
from models.errors import DeskError
from models.history.audit import verify
from tests.support.desk_cases import HandClock
from tui.cli import run

NOBODY = 65534


def say(*words: object) -> None:
    """Tell the test."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def become_nobody() -> None:
    """Be a user to whom no file belongs."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)


def as_nobody(address: str) -> None:
    """Read everything, then try to write, as a user to whom the file does not belong."""
    become_nobody()
    database = open_database(address)
    desk = Desk(database, "ana", HandClock())
    say(desk.total(), len(verify(database).problems))
    say(desk.read_only)
    desk.take(desk.find("S-1"))


def until_full(address: str) -> None:
    """Add notes until the file may grow no more; print how many were safe."""
    database = open_database(address)
    desk = Desk(database, "ana", HandClock())
    seen = desk.find("S-1")
    room = Path(f"{address}-wal").stat().st_size + 600_000
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
    written = 0
    try:
        while True:
            desk.note(seen, "x" * 2000)
            written += 1
    finally:
        say(written)
        say(desk.total())


def hold(address: str) -> None:
    """Hold the write lock until stdin ends."""
    database = open_database(address)
    with database.write():
        say("held")
        sys.stdin.read()


def cramped(address: str, room: str) -> None:
    """Open it where no file may grow beyond *room* bytes."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(room), int(room)))
    open_database(address)


def commands(address: str, export: str) -> None:
    """Run every kind of command that writes and print the exit codes."""
    for words in (
        ("import", export),
        ("set", "S-1", "shipped", "--reason", "r"),
        ("set", "canceled", "--query", "sort:due", "--reason", "r", "--force"),
        ("db", "upgrade"),
    ):
        say(run(["--database", address, *words]))


def commands_as_nobody(address: str, export: str) -> None:
    """Run them as a user to whom the file does not belong."""
    with (
        TemporaryDirectory() as folder,
        redirect_stdout(io.StringIO()),
        redirect_stderr(io.StringIO()),
    ):
        # Modules that Python loads only when they are needed may be closed to that user.
        commands(f"{folder}/other.db", export)
    become_nobody()
    commands(address, export)


def commands_when_full(address: str, export: str) -> None:
    """Run them when the file may grow no more."""
    database = open_database(address)
    desk = Desk(database, "ana", HandClock())
    desk.note(desk.find("S-1"), "the log is there")
    room = Path(f"{address}-wal").stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
    commands(address, export)


def main() -> int:
    """Do the task that the command line names."""
    task, *words = sys.argv[1:]
    tasks: dict[str, Callable[..., None]] = {
        "nobody": as_nobody, "full": until_full, "hold": hold, "cramped": cramped,
        "commands-as-nobody": commands_as_nobody, "commands-when-full": commands_when_full,
    }  # fmt: skip
    try:
        tasks[task](*words)
    except DeskError as refusal:
        say(refusal)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
