"""Which process holds the write lock of an SQLite file, where the system tells."""

import os
from pathlib import Path

from models.values.text import display_text

LOCKS = Path("/proc/locks")
"""Where Linux lists the locks that processes hold."""
_PROCESSES = Path("/proc")
_WRITER_IN_LOG = "120"
"""The byte of the shared memory of a write-ahead log that its writer locks."""
_WRITER_IN_FILE = "1073741825"
"""The byte of a file without such a log that its writer locks."""
_PYTHON = "python"
_OURS = "another Send Desk"


def holder_of(path: Path) -> str:
    """Return who writes to the file at *path*: `another Send Desk (process 4711, user jo)`.

    Nothing is opened for that: to close a file that SQLite has open, too, would give up SQLite's own
    locks. Only Linux tells; elsewhere, and of other containers, it is `another program`.
    """
    for process in _writers(path):
        if process != os.getpid():
            return f"{program_of(process)} (process {process}{_user(process)})"
    return "another program"


def _writers(path: Path) -> list[int]:
    wanted = {
        (_inode(Path(f"{path}-shm")), _WRITER_IN_LOG),
        (_inode(path), _WRITER_IN_FILE),
    }
    found = []
    try:
        lines = LOCKS.read_text().splitlines()
    except OSError:
        return []
    for line in lines:
        # `14: POSIX  ADVISORY  WRITE 4711 fe:00:2687368 120 120`
        words = line.split()
        is_write = len(words) == 8 and words[3] == "WRITE" and words[4].isdigit()
        # A process of another container is told as 0.
        if is_write and words[4] != "0" and (words[5].rpartition(":")[2], words[6]) in wanted:
            found.append(int(words[4]))
    return found


def _inode(path: Path) -> str:
    try:
        return str(path.stat().st_ino)
    except OSError:
        return ""


def program_of(process: int) -> str:
    """Return what runs there; its arguments are not told, which may hold a password."""
    try:
        words = (_PROCESSES / str(process) / "cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return "another program"
    names = [Path(word).name for word in words.split("\0") if word]
    if "senddesk" in names[:2] or names[1:3] == ["-m", "tui"]:
        return _OURS
    if names[:1] and names[0].startswith(_PYTHON):
        return "a Python program"
    return display_text(names[0], 40) if names else "another program"


def _user(process: int) -> str:
    try:
        import pwd

        owner = (_PROCESSES / str(process)).stat().st_uid
        return f", user {display_text(pwd.getpwuid(owner).pw_name, 40)}"
    except (ImportError, KeyError, OSError):
        return ""
