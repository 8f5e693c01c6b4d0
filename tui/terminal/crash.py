"""Handles errors of the program itself: one sentence for the agent, never a traceback.

Every start of the program pays for this module, so what a report needs is only imported for one.
"""

import errno
import os
import sys
import threading
from types import TracebackType


def install_excepthook() -> None:
    """Let no failure of the program or of its threads show a traceback."""
    sys.excepthook = _on_error
    sys.unraisablehook = _on_unraisable
    threading.excepthook = _on_thread_error


def _on_error(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if not issubclass(kind, KeyboardInterrupt):
        _tell(error)


def _on_thread_error(failure: threading.ExceptHookArgs) -> None:
    if not issubclass(failure.exc_type, SystemExit):
        _tell(failure.exc_value)


def _on_unraisable(failure: "sys.UnraisableHookArgs") -> None:
    from tui.terminal.crash_report import report

    report(failure.exc_value)


def _tell(error: BaseException | None) -> None:
    from tui.terminal.crash_report import report

    if _is_nobody_listening(error):
        stop_talking()
    else:
        sys.stderr.write(f"{report(error).sentence}\n")


def _is_nobody_listening(error: BaseException | None) -> bool:
    """Whether the reader of our output, or the terminal itself, has gone: no fault of the program."""
    return isinstance(error, OSError) and error.errno in (errno.EPIPE, errno.EIO)


def stop_talking() -> None:
    """Write to nobody from now on, where whoever read it has gone."""
    # What is left in a buffer would fail once more when Python flushes it at the end.
    for stream in filter(None, (sys.__stdout__, sys.__stderr__)):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
