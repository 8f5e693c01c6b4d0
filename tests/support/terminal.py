"""A real terminal for tests: a program on a pty, its screen as text, and a scanner of its raw bytes."""

import atexit
import errno
import fcntl
import os
import pty
import re
import select
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Self

import pyte

from tests.support.limit import LIMIT

ROOT = Path(__file__).parents[2]
KEYS = {
    "enter": "\r", "escape": "\x1b", "tab": "\t", "shift+tab": "\x1b[Z", "backspace": "\x7f",
    "up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D",
    "home": "\x1b[H", "end": "\x1b[F", "pageup": "\x1b[5~", "pagedown": "\x1b[6~",
    "ctrl+c": "\x03", "ctrl+d": "\x04", "ctrl+q": "\x11", "space": " ",
}  # fmt: skip
Cells = list[list[pyte.screens.Char]]
"""Every cell of a screen with its colours, row by row."""
# The shell opens the terminal anew, which makes it the controlling one without forking in this process.
_TAKE_TERMINAL = 'tty=$1; shift; exec "$@" <"$tty"'
_UNKNOWN_TO_PYTE = re.compile(rb"\x1b\[[<>=][0-9;]*[a-zA-Z]|\x1b\[\?[0-9;]*\$p")
_UNFINISHED = re.compile(rb"\x1b(?:\[[0-9;<=>?$]*)?\Z")


class Terminal:
    """A program running on its own terminal.

    Everything is awaited by `select` with a deadline, nothing by sleeping:

        with Terminal.start(["senddesk"], size=(120, 40), env={"SENDDESK_DATABASE": path}) as terminal:
            terminal.read_until("Triage")
            terminal.press("down", "enter")
            terminal.send("q")
            assert terminal.wait() == 0

    Attributes:
        raw: Every byte the program wrote so far.
        started: The moment before the program was started, on the clock of `time.perf_counter`.
    """

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        master: int,
        size: tuple[int, int],
        started: float,
    ) -> None:
        self.raw = bytearray()
        self.started = started
        self._heard = started
        self._process = process
        self._master = master
        self._open = True
        self._screen = pyte.Screen(*size)
        self._stream = pyte.ByteStream(self._screen)
        self._drawn = 0

    @classmethod
    def start(
        cls,
        argv: Sequence[str | os.PathLike[str]],
        size: tuple[int, int] = (80, 24),
        env: Mapping[str, str] | None = None,
        cwd: Path = ROOT,
    ) -> Self:
        """Start `argv` on a terminal of `size` (columns, rows).

        Args:
            argv: The program and its arguments.
            size: Columns and rows.
            env: What is added to a small, clean environment.
            cwd: Where the program runs.
        """
        master, slave = pty.openpty()
        _set_size(slave, size)
        tty = os.ttyname(slave)
        started = time.perf_counter()
        process = subprocess.Popen(
            ["/bin/sh", "-c", _TAKE_TERMINAL, "sh", tty, *map(os.fspath, argv)],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            cwd=cwd,
            env={**clean_environment(), **(env or {})},
            start_new_session=True,
        )
        os.close(slave)
        return cls(process, master, size, started)

    @classmethod
    def python(
        cls,
        *arguments: str | os.PathLike[str],
        size: tuple[int, int] = (80, 24),
        env: Mapping[str, str] | None = None,
    ) -> Self:
        """Start this Python with `arguments`: a script, or `-m` and a module."""
        return cls.start([sys.executable, *arguments], size, env)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def pid(self) -> int:
        """The program's process id (the shell that started it has become the program)."""
        return self._process.pid

    @property
    def lines(self) -> list[str]:
        """What the screen shows, one text per row."""
        # `Screen.display` trips over a cell that got nothing but marks; the second half of a wide
        # character is an empty cell, so that joining all of them is right.
        screen = self.screen
        cells = range(screen.columns)
        rows = (screen.buffer[row] for row in range(screen.lines))
        return ["".join(row[cell].data for cell in cells).rstrip() for row in rows]

    @property
    def text(self) -> str:
        """What the screen shows, as one text."""
        return "\n".join(self.lines)

    @property
    def screen(self) -> pyte.Screen:
        """The screen with its cursor, colours and attributes."""
        self._draw()
        return self._screen

    def send(self, text: str | bytes) -> None:
        """Type `text` as it stands."""
        data = text.encode() if isinstance(text, str) else text
        while data:
            data = data[os.write(self._master, data) :]

    def press(self, *keys: str) -> None:
        """Press keys by name (`enter`, `down`, see `KEYS`) or by their character."""
        for key in keys:
            self.send(KEYS.get(key, key))

    def click(self, column: int, row: int) -> None:
        """Press and let go the left mouse button on a cell, both counted from 0."""
        self.send(f"\x1b[<0;{column + 1};{row + 1}M\x1b[<0;{column + 1};{row + 1}m")

    def resize(self, columns: int, rows: int) -> None:
        """Give the terminal another size; the program is told as a real terminal would."""
        self._draw()
        _set_size(self._master, (columns, rows))
        self._screen.resize(rows, columns)

    def signal(self, number: signal.Signals) -> None:
        """Send the program a signal."""
        self._process.send_signal(number)

    def read_until(
        self, condition: str | bytes | Callable[["Terminal"], bool], timeout: float = LIMIT
    ) -> float:
        """Read until the condition holds.

        Args:
            condition: Text on the screen, bytes among all that was written, or any question to the terminal.
            timeout: The most seconds to wait.

        Returns:
            Seconds from the start of the program to the arrival of the bytes that made it true.

        Raises:
            AssertionError: It did not come true in time, or the program ended before; shows the screen.
        """
        deadline = time.perf_counter() + timeout
        while not self._holds(condition):
            if not self._read(deadline):
                why = "in time" if self._open else "before the program ended"
                raise AssertionError(f"{condition!r} did not come {why}; the screen:\n{self.text}")
        return self._heard - self.started

    def settle(self, quiet: float = 0.3, timeout: float = LIMIT) -> None:
        """Read until the program has written nothing for `quiet` seconds and waits for something.

        A program that waits for a core is silent too, but not at rest.
        """
        deadline = time.perf_counter() + timeout
        while self._read(min(deadline, time.perf_counter() + quiet)) or self._is_computing():
            if time.perf_counter() >= deadline:
                return

    def frames(self, quiet: float, timeout: float = LIMIT) -> list[tuple[float, Cells]]:
        """Wait for bytes, read until none came for `quiet` seconds; return when what was on the screen.

        Returns:
            For each arrival of bytes its moment, on the clock of `time.perf_counter`, and the cells of
            the screen after it. Nothing is drawn meanwhile, which would take time.
        """
        self._draw()
        deadline = time.perf_counter() + timeout
        arrivals: list[tuple[float, int]] = []
        while self._read(min(deadline, time.perf_counter() + quiet) if arrivals else deadline):
            arrivals.append((self._heard, len(self.raw)))
        found = []
        for moment, end in arrivals:
            self._draw(end)
            found.append((moment, self._cells()))
        return found

    def wait(self, timeout: float = LIMIT) -> int:
        """Read to the end and return the exit code, negative for a signal.

        Raises:
            AssertionError: The program did not end in time; shows the screen.
        """
        deadline = time.perf_counter() + timeout
        while self._read(deadline):
            pass
        if self._open:
            raise AssertionError(f"the program did not end; the screen:\n{self.text}")
        return self._process.wait(max(deadline - time.perf_counter(), 1.0))

    def close(self) -> int:
        """End the program if it still runs, free the terminal and return the exit code."""
        if self._process.poll() is None:
            self._process.kill()
        code = self._process.wait()
        self._release()
        return code

    def hang_up(self) -> int:
        """Take the terminal away, as a closed window or a broken line does, and return the exit code.

        Raises:
            subprocess.TimeoutExpired: The program lives on without a terminal.
        """
        self._release()
        return self._process.wait(LIMIT)

    def _release(self) -> None:
        if self._master >= 0:
            os.close(self._master)
            self._master = -1
            self._open = False

    def _read(self, deadline: float) -> bool:
        """Take in what has been written; False at the deadline and at the end."""
        if not self._open:
            return False
        remaining = max(deadline - time.perf_counter(), 0.0)
        ready, _, _ = select.select([self._master], [], [], remaining)
        if not ready:
            return False
        try:
            data = os.read(self._master, 65536)
        except OSError as error:
            if (
                error.errno != errno.EIO
            ):  # how Linux says that nobody has the terminal open any more
                raise
            data = b""
        self._heard = time.perf_counter()
        self.raw += data
        self._open = bool(data)
        return self._open

    def _is_computing(self) -> bool:
        """Whether a thread of the program runs or waits for a core; False where no system tells."""
        for thread in Path(f"/proc/{self.pid}/task").glob("*/stat"):
            with suppress(OSError):
                # The name before it, in brackets, can hold spaces.
                if thread.read_text().rpartition(")")[2].split()[0] == "R":
                    return True
        return False

    def _holds(self, condition: str | bytes | Callable[["Terminal"], bool]) -> bool:
        if isinstance(condition, bytes):
            return condition in self.raw
        if isinstance(condition, str):
            return condition in self.text
        return condition(self)

    def _cells(self) -> Cells:
        rows, columns = range(self._screen.lines), range(self._screen.columns)
        return [[self._screen.buffer[row][column] for column in columns] for row in rows]

    def _draw(self, end: int | None = None) -> None:
        fresh = bytes(self.raw[self._drawn : end])
        if unfinished := _UNFINISHED.search(fresh):
            fresh = fresh[: unfinished.start()]
        self._drawn += len(fresh)
        self._stream.feed(_UNKNOWN_TO_PYTE.sub(b"", fresh))


def clean_environment() -> dict[str, str]:
    """Return the environment of an ordinary local terminal, with nothing of this process's own.

    Nobody has left a desk before: the folder for state is a new one.
    """
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    state = tempfile.mkdtemp(dir=_states())
    return kept | {
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "LANG": "C.UTF-8",
        "XDG_STATE_HOME": state,
    }


@cache
def _states() -> str:
    """Return a folder for folders of state, which is removed at the end."""
    folder = tempfile.mkdtemp(prefix="senddesk-state-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _set_size(terminal: int, size: tuple[int, int]) -> None:
    columns, rows = size
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


@dataclass(frozen=True)
class Violation:
    """Something in the raw output that no clean program writes."""

    offset: int
    kind: str
    data: str


_MODES = "7|25|1000|1003|1004|1006|1015|1016|1049|2004|2026|2048"
_EXPECTED = re.compile(
    r"\x1b\[[0-9;:]*m"  # colours
    r"|\x1b\[(?:[0-9]+(?:;[0-9]+)?)?H|\x1b\[[0-9]*[CG]"  # to a cell
    rf"|\x1b\[\?(?:{_MODES})[hl]"
    r"|\x1b\[\?(?:2026|2048)\$p"  # asked once at the start
    r"|\x1b\[>[0-9]+u|\x1b\[<u"  # keyboard protocol on, off
    r"|\x1b\]22;[a-z-]+(?:\x1b\\|\x07)"  # shape of the mouse pointer
)
_SUSPICIOUS = re.compile(
    r"(?P<OSC>\x1b\](?P<number>[0-9]*)[^\x07\x1b]*(?:\x07|\x1b\\)?)"
    r"|(?P<DCS>\x1bP)|(?P<APC>\x1b_)|(?P<PM>\x1b\^)|(?P<SOS>\x1bX)"
    r"|(?P<CSI>\x1b\[[0-?]*[ -/]*[@-~]?)"
    r"|(?P<ESC>\x1b.?)"
    r"|(?P<C0>[\x00-\x09\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f])"
    r"|(?P<C1>[\x80-\x9f])"
    r"|(?P<bidi>[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069])"
    r"|(?P<invisible>[\u00ad\u200b\u200c\u2028\u2029\u2060-\u2064\ufeff\ufff9-\ufffb\U000e0001-\U000e007f])"
    r"|(?P<bytes>[\udc80-\udcff]+)",
    re.DOTALL,
)


def scan(raw: bytes | bytearray) -> list[Violation]:
    """Find what data must never bring to a terminal in a program's raw output.

    Anything but text, line ends and the sequences Textual itself writes for clean data is a violation.
    """
    text = bytes(raw).decode("utf-8", "surrogateescape")
    found = []
    position = 0
    while suspect := _SUSPICIOUS.search(text, position):
        if expected := _EXPECTED.match(text, suspect.start()):
            position = expected.end()
            continue
        kind = suspect.lastgroup or ""
        if suspect["OSC"] is not None:
            kind = f"OSC {suspect['number']}"
        found.append(Violation(suspect.start(), kind, ascii(suspect.group()[:80])))
        position = suspect.end()
    return found


def restored(raw: bytes | bytearray) -> bool:
    """Whether the terminal was given back as it was taken: own screen, cursor, no mouse, no paste mode."""
    modes = re.findall(rb"\x1b\[\?([0-9]+)([hl])", bytes(raw))
    last = dict(modes)
    off = (b"1000", b"1003", b"1004", b"1006", b"1015", b"1049", b"2004")
    kitty = raw.count(b"\x1b[<u") >= len(re.findall(rb"\x1b\[>[0-9]+u", bytes(raw)))
    return kitty and last.get(b"25", b"h") == b"h" and all(last.get(m, b"l") == b"l" for m in off)
