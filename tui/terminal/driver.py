"""The desk's hold on a terminal of Linux or macOS, which may change its size, go away or be lent to the shell."""

import os
import selectors
import signal
from codecs import getincrementaldecoder
from collections.abc import Callable
from contextlib import suppress
from io import TextIOWrapper
from typing import IO, Any, Final, Protocol, cast

from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

from tui.terminal.crash import stop_talking

_MOST_BYTES: Final = 4096
_TICK: Final = 0.1
"""Seconds after which a lone `ESC` counts as a key."""
_STOPPED_BY_NOW: Final = 0.1
"""Seconds after which a process that a signal should have stopped has not been stopped."""


class TerminalUser(Protocol):
    """What the driver tells its app."""

    def terminal_gone(self) -> None:
        """Called once nobody sees the app any more, perhaps several times."""

    def no_shell(self) -> None:
        """Called when the app was asked to stop and there is no shell that could continue it."""


class TerminalDriver(LinuxDriver):
    """Textual's driver, with a notice of the terminal's end, its true size, and a stop that any shell knows.

    Args:
        app: Whose terminal it is: an app of Textual's that is a `TerminalUser`.
        options: As Textual's driver takes them.
    """

    def __init__(self, app: Any, **options: Any) -> None:
        super().__init__(app, **options)
        self._user: TerminalUser = app
        self._is_lent = False
        assert self._file is not None, "without a terminal there is nothing to drive"
        self._output = _Output(self._file, self._end)
        self._file = cast(TextIOWrapper, self._output)
        # Textual handles both in the middle of whatever runs, even of its own writing to the terminal,
        # which then never ends.
        self._loop.add_signal_handler(signal.SIGTSTP, self._lend)
        self._loop.add_signal_handler(signal.SIGCONT, self._take_back)

    def _get_terminal_size(self) -> tuple[int, int]:
        """Return columns and lines as the terminal says; what the environment says may be stale."""
        for handle in (self.fileno, self._output.fileno()):
            with suppress(OSError):
                size = os.get_terminal_size(handle)
                if size.columns and size.lines:
                    return size.columns, size.lines
        return super()._get_terminal_size()

    def run_input_thread(self) -> None:
        """Hand on what is typed until the desk or the terminal ends.

        Textual reads on where a terminal is gone, as fast as it can. What is not UTF-8 becomes `�` here.
        """
        parser = XTermParser(self._debug)
        decode = getincrementaldecoder("utf-8")("replace").decode
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                if selector.select(_TICK):
                    data = self._typed()
                    if not data:
                        self._end()
                        return
                    for message in parser.feed(decode(data)):
                        self.process_message(message)
                for message in parser.tick():
                    self.process_message(message)

    def _typed(self) -> bytes:
        """Return what was typed; nothing if the terminal is gone."""
        try:
            return os.read(self.fileno, _MOST_BYTES)
        except OSError:
            return b""

    def _end(self) -> None:
        """Tell the app, from any thread, that the terminal is gone."""
        # A loop that has ended needs to know nothing any more.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._user.terminal_gone)

    def _lend(self) -> None:
        """Give the terminal back and stop, as `Ctrl+Z` does to any program."""
        if self._is_lent:
            return
        self._is_lent = True
        self._must_signal_resume = True
        self.suspend_application_mode()
        self._loop.remove_signal_handler(signal.SIGTSTP)
        # SIGTSTP, and not SIGSTOP: the system ignores it where no shell could ever continue the program.
        os.kill(os.getpid(), signal.SIGTSTP)
        self._loop.add_signal_handler(signal.SIGTSTP, self._lend)
        self._loop.call_later(_STOPPED_BY_NOW, self._look_again)

    def _look_again(self) -> None:
        # After a stop this is due at once, before the loop has seen that the program was continued.
        self._loop.call_later(_STOPPED_BY_NOW, self._go_on)

    def _go_on(self) -> None:
        """Take the terminal back if the program was never stopped, and say why not."""
        if self._is_lent:
            self._take_back()
            self._user.no_shell()

    def _take_back(self) -> None:
        """Draw on the terminal again after the program was continued."""
        if not self._is_lent:
            # Something stopped the program without a warning and has used the terminal since.
            self._must_signal_resume = True
            self.suspend_application_mode()
        self.resume_application_mode()
        # It is not drawn on in the background: `fg` continues the program once more.
        self._is_lent = self._key_thread is None or not self._key_thread.is_alive()

    def disable_input(self) -> None:
        """Read no more, and forget who read: `_take_back` looks whether there is somebody new."""
        super().disable_input()
        self._key_thread = None


class _Output:
    """The file that the screen is written to; once the terminal is gone it takes everything and keeps nothing.

    Args:
        file: The terminal.
        on_end: Called when it is found to be gone.
    """

    def __init__(self, file: IO[str], on_end: Callable[[], None]) -> None:
        self._file = file
        self._on_end = on_end
        self._is_gone = False

    def write(self, text: str) -> None:
        """Write *text*, if there is still a terminal."""
        self._attempt(lambda: self._file.write(text))

    def flush(self) -> None:
        """Send what was written."""
        self._attempt(self._file.flush)

    def fileno(self) -> int:
        """Return the number of the terminal's handle."""
        return self._file.fileno()

    def _attempt(self, step: Callable[[], object]) -> None:
        if self._is_gone:
            return
        try:
            step()
        except OSError:
            # Nobody would take what waits to be written, and the writing thread must not die: the app
            # waits for it.
            self._is_gone = True
            stop_talking()
            self._on_end()
