"""Agents in processes of their own who all override one send; what each met is told as JSON."""

import json
import os
import sys
import time
from dataclasses import asdict, dataclass
from functools import partial

from models.database import open_database
from models.desk import Desk
from models.errors import StaleSend
from models.writing.writer import Request
from tests.crash.forks import fork
from tests.support.desk_cases import HandClock


@dataclass
class Met:
    """What one agent met with."""

    applied: int = 0
    conflicts: int = 0
    longest: float = 0.0
    """Seconds that the slowest call took."""


def override(address: str, name: str, times: int) -> Met:
    """Override send `sendoso:1` *times* times as the agent *name*, again after each lost race."""
    database = open_database(address)
    desk = Desk(database, name, HandClock())
    met = Met()
    while met.applied < times:
        seen = desk.find("sendoso:1")
        target = "shipped" if seen.status != "shipped" else "fulfilling"
        began = time.monotonic()
        try:
            desk.override(seen, target, name, force=True, request=Request(f"{name}-{met.applied}"))
            met.applied += 1
        except StaleSend:
            met.conflicts += 1
        met.longest = max(met.longest, time.monotonic() - began)
    database.close()
    return met


def tell(address: str, name: str, times: int) -> None:
    """Print what an agent met with, in one line."""
    os.write(1, f"{json.dumps(asdict(override(address, name, times)))}\n".encode())


def main() -> None:
    """Fork the agents and print what each met; a failure of one is a traceback and status 1."""
    address, agents, times = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    children = [fork(partial(tell, address, f"agent{number}", times)) for number in range(agents)]
    sys.exit(max(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children))


if __name__ == "__main__":
    main()
