"""What tests let another process do to a desk; it answers on stdout.

    python -m tests.storage_worker nobody|full|hold ADDRESS
    python -m tests.storage_worker cramped ADDRESS BYTES

A deed that the desk refuses is answered with its sentence, anything else is a traceback.
"""

import os
import resource
import sys
from collections.abc import Callable
from pathlib import Path

from models.audit import verify
from models.database import open_database
from models.desk import Desk
from models.errors import DeskError
from tests.desk_cases import HandClock

NOBODY = 65534


def say(*words: object) -> None:
    """Tell the test."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def as_nobody(address: str) -> None:
    """Read everything, then try to write, as a user to whom the file does not belong."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
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
    with database.write() as session:
        session.connection()
        say("held")
        sys.stdin.read()


def cramped(address: str, room: str) -> None:
    """Open it where no file may grow beyond *room* bytes."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(room), int(room)))
    open_database(address)


def main() -> int:
    """Do the deed that the command line names."""
    deed, *words = sys.argv[1:]
    deeds: dict[str, Callable[..., None]] = {
        "nobody": as_nobody, "full": until_full, "hold": hold, "cramped": cramped,
    }  # fmt: skip
    try:
        deeds[deed](*words)
    except DeskError as refusal:
        say(refusal)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
