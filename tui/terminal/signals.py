"""Ends the program in order on a signal: the terminal is restored, the exit code names the signal."""

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_SIGNALS = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
]


@contextmanager
def on_signals(leave: Callable[[int], None]) -> Iterator[None]:
    """Call `leave` with the exit code (128 and the signal's number) when a signal asks the program to end.

    Needs a running loop in the main thread. Where the system knows no such handlers, nothing is changed.
    """
    loop = asyncio.get_running_loop()
    caught = []
    try:
        for number in _SIGNALS:
            try:
                loop.add_signal_handler(number, leave, 128 + number)
            except (NotImplementedError, RuntimeError, ValueError):
                break  # Windows, or a thread of its own: signals are someone else's
            caught.append(number)
        yield
    finally:
        for number in caught:
            loop.remove_signal_handler(number)
