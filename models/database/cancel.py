"""Reads that another thread can call off while they run."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Condition, Thread

from sqlalchemy.exc import DBAPIError

from models.errors import Cancelled

_AGAIN = 0.05
"""Seconds until a read that goes on is stopped once more: it may have been between statements."""


class Reads:
    """The reads on behalf of one reader; once called off, none of them is answered any more."""

    def __init__(self) -> None:
        self._ends = Condition()
        self._stops: list[Callable[[], None]] = []
        self._called_off = False

    @contextmanager
    def running(self, stop: Callable[[], None]) -> Iterator[None]:
        """Let a read run within, which *stop* ends from another thread.

        Raises:
            Cancelled: If the reads were called off, before or meanwhile.
        """
        with self._ends:
            if self._called_off:
                raise Cancelled
            self._stops.append(stop)
        try:
            yield
        except DBAPIError as error:
            if self._called_off:
                raise Cancelled from error
            raise
        finally:
            # Waits for a stop under way: it must not hit what the connection is used for next.
            with self._ends:
                self._stops.remove(stop)
                self._ends.notify_all()

    def call_off(self) -> None:
        """End every read, now and from now on; returns at once."""
        if self._called_off:
            return
        with self._ends:
            self._called_off = True
            if self._stops:
                Thread(target=self._stop, name="call off", daemon=True).start()

    def _stop(self) -> None:
        with self._ends:
            while self._stops:
                for stop in self._stops:
                    stop()
                self._ends.wait(_AGAIN)
