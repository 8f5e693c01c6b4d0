"""Another process that holds the write lock of a file, as a program does that writes for long."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_HOLD = (
    "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None);"
    " c.execute('BEGIN IMMEDIATE'); print('held', flush=True); sys.stdin.read(); c.rollback()"
)


@contextmanager
def held_by_another(path: str) -> "Iterator[subprocess.Popen[str]]":
    """Let another process hold the write lock of the file at *path*; closing its input ends that."""
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLD, path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    try:
        yield process
    finally:
        process.communicate()
