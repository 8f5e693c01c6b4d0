"""How fast a platform is asked: no more requests a second than it allows, and none while it wants a rest."""

import threading
import time

from models.errors import DeskError

_ROOM = 1.05
"""How much longer than allowed the gap between requests is: on the way to the platform it may shrink."""


class Stopped(DeskError):
    """Somebody wants the program to end; what is stored so far is kept."""

    def __init__(self, message: str = "It was stopped.") -> None:
        super().__init__(message)


class Pace:
    """Lets the threads of one program ask a platform one after the other.

    Args:
        per_second: How many requests a second are allowed; None for any number.
        stop: Is set when the program is to end; nobody is waited for then.
    """

    def __init__(self, per_second: float | None, stop: threading.Event) -> None:
        self._gap = _ROOM / per_second if per_second else 0.0
        self._stop = stop
        self._lock = threading.Lock()
        self._next = 0.0

    def wait(self) -> None:
        """Wait until the next request may begin.

        Raises:
            Stopped: If the program is to end.
        """
        with self._lock:
            begin = max(self._next, time.monotonic())
            self._next = begin + self._gap
        self._stop.wait(max(begin - time.monotonic(), 0.0))
        if self._stop.is_set():
            raise Stopped

    def rest(self, seconds: float) -> None:
        """Let no request begin for some *seconds*."""
        with self._lock:
            self._next = max(self._next, time.monotonic() + seconds)
