"""Ctrl+C during long work: it stops at the next place where what is done can be told."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def stoppable(pressed: threading.Event | None = None) -> Iterator[Callable[[], bool]]:
    """Give a function that returns whether Ctrl+C was pressed; pressed once more it ends the command.

    Args:
        pressed: Is set when it is pressed, for those who wait for that.
    """
    pressed = pressed or threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        if pressed.is_set():
            raise KeyboardInterrupt
        pressed.set()

    former = signal.getsignal(signal.SIGINT)
    if former is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, stop)
    try:
        yield pressed.is_set
    finally:
        signal.signal(signal.SIGINT, former)
