"""Reading on another thread, with answers that come back to the thread that asked."""

from collections.abc import Callable, Hashable, Iterable
from concurrent.futures import Executor, Future, wait
from typing import Any, TypeVar

T = TypeVar("T")

_NOTHING: tuple[Future[Any], Callable[[], None]] = (Future(), lambda: None)
"""Stands for a question that an answer before it made forget."""


class Reader:
    """Asks an executor for things and hands the answers over; what was forgotten is never answered.

    Everything but the jobs runs on one thread, the one that made the reader.

    Args:
        executor: Where the jobs run; it belongs to the caller.
        wake: Called on any thread when there is something to `collect`.
    """

    def __init__(self, executor: Executor, wake: Callable[[], object]) -> None:
        self._executor = executor
        self._wake = wake
        self._asked: dict[Hashable, tuple[Future[Any], Callable[[], None]]] = {}

    def ask(self, key: Hashable, job: Callable[[], T], take: Callable[[T], None]) -> None:
        """Run *job* on the executor and give *take* its result, unless *key* was asked already."""
        if key in self._asked:
            return
        future = self._executor.submit(job)
        self._asked[key] = (future, lambda: take(future.result()))
        future.add_done_callback(lambda _: self._wake())

    def wait(self, keys: Iterable[Hashable], seconds: float) -> None:
        """Wait until *keys* are answered, but no longer than *seconds*, then collect."""
        wait([self._asked[key][0] for key in keys if key in self._asked], seconds)
        self.collect()

    def collect(self) -> None:
        """Hand over every answer that has come.

        Raises:
            Exception: Whatever a job raised; the other answers are kept for the next call.
        """
        for key in [key for key, (future, _) in self._asked.items() if future.done()]:
            future, take = self._asked.pop(key, _NOTHING)
            if not future.cancelled():
                take()

    def forget(self, unless: Callable[[Hashable], bool] = lambda _: False) -> None:
        """Drop every question that is not answered yet, *unless* its key is to be kept."""
        for key in [key for key in self._asked if not unless(key)]:
            self._asked.pop(key)[0].cancel()
