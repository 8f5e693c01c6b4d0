"""Reads that another thread can cancel while they run."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Condition, Thread

from sqlalchemy.exc import DBAPIError

from models.errors import Cancelled

_AGAIN = 0.05
"""Seconds until a read that goes on is cancelled once more: it may have been between statements."""


class Reads:
    """The reads on behalf of one reader; once cancelled, none of them is answered any more."""

    def __init__(self) -> None:
        self._ends = Condition()
        self._cancellers: list[Callable[[], None]] = []
        self._cancelled = False

    @contextmanager
    def running(self, canceller: Callable[[], None]) -> Iterator[None]:
        """Let a read run within this block.

        Args:
            canceller: Ends the statement that runs just then; called from another thread.

        Raises:
            Cancelled: If the reads were cancelled, before or meanwhile.
        """
        with self._ends:
            if self._cancelled:
                raise Cancelled
            self._cancellers.append(canceller)
        try:
            yield
        except DBAPIError as error:
            if self._cancelled:
                raise Cancelled from error
            raise
        finally:
            # Waits for a canceller under way: it must not hit what the connection is used for next.
            with self._ends:
                self._cancellers.remove(canceller)
                self._ends.notify_all()

    def cancel(self) -> None:
        """End every read, now and from now on; returns at once."""
        if self._cancelled:
            return
        with self._ends:
            self._cancelled = True
            if self._cancellers:
                Thread(target=self._cancel_all, name="cancel", daemon=True).start()

    def _cancel_all(self) -> None:
        with self._ends:
            while self._cancellers:
                for cancel in self._cancellers:
                    cancel()
                self._ends.wait(_AGAIN)
