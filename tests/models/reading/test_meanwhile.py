"""The open desk stays at hand while another process writes a great deal."""

import os
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from models.database import open_database
from models.desk import Desk
from tests.benchmarks.meanwhile import moves, open_desk, setting_all
from tests.support.app_driver import NOW, make_demo
from tests.support.limit import LIMIT
from tests.support.pilot import LOOK

SENDS = 1_500
PAGE = 15
"""Fewer rows than the desk shows."""


def test_the_open_desk_answers_keys_while_thousands_are_set(tmp_path: Path) -> None:
    path = tmp_path / "sends.db"
    make_demo(path, SENDS)

    with open_desk(path) as terminal, setting_all(path) as command:
        with held_in_a_write(command, path):
            # A move that waited for the writer would never show, and `moves` would raise.
            assert len(list(moves(terminal, 5))) == 5
        assert list(moves(terminal, while_runs=command))
        command.wait(LIMIT)
        terminal.read_until(lambda seen: seen.text.count("Canceled") > PAGE)

    database = open_database(path)
    desk = Desk(database, "ana", lambda: NOW)
    assert desk.count(desk.listing(desk.parse("status:canceled"))).value == SENDS
    database.close()


@contextmanager
def held_in_a_write(command: subprocess.Popen[bytes], path: Path) -> Iterator[None]:
    """Let *command* stand still in the middle of a transaction that writes to *path*."""
    end = time.monotonic() + LIMIT
    while not is_stopped_in_a_write(command, path):
        assert time.monotonic() < end, "the command never wrote"
        with suppress(subprocess.TimeoutExpired):
            command.wait(LOOK)
            raise AssertionError("the command ended before it was seen to write")
    try:
        yield
    finally:
        os.kill(command.pid, signal.SIGCONT)


def is_stopped_in_a_write(command: subprocess.Popen[bytes], path: Path) -> bool:
    """Stop *command* if it writes to *path* now, and let it go on if it no longer did when stopped."""
    if not is_being_written(path):
        return False
    os.kill(command.pid, signal.SIGSTOP)
    os.waitid(os.P_PID, command.pid, os.WSTOPPED | os.WNOWAIT)
    if not is_being_written(path):
        os.kill(command.pid, signal.SIGCONT)
        return False
    return True


def is_being_written(path: Path) -> bool:
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as other:
        try:
            other.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return True
        other.execute("ROLLBACK")
    return False
