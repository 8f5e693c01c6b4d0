"""Processes that all bring one old desk up to date at the same moment; each prints what it was told."""

import os
import sys

from models.database import open_database, upgrade_database
from models.store.location import is_server
from tests.crash.forks import fork


def upgrade(address: str, gate: int) -> None:
    """Wait until nothing holds the *gate* open, then start as an agent or an administrator would."""
    os.read(gate, 1)
    if is_server(address):
        told = upgrade_database(address)
    else:
        database = open_database(address)
        told = database.warning
        database.close()
    os.write(1, f"{told}\n".encode())


def main() -> None:
    """Fork the processes and let them go; a failure of one is a traceback and status 1."""
    address, processes = sys.argv[1], int(sys.argv[2])
    gate, held = os.pipe()

    def start() -> None:
        os.close(held)
        upgrade(address, gate)

    children = [fork(start) for _ in range(processes)]
    os.close(held)
    sys.exit(max(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children))


if __name__ == "__main__":
    main()
