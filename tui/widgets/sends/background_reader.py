"""Runs reads on another thread and hands their results to the thread that asked."""

import asyncio
from collections.abc import Callable, Hashable, Iterable
from concurrent.futures import Executor, Future, wait
from typing import Any, TypeVar

T = TypeVar("T")

_NOTHING: tuple[Future[Any], Callable[[], None]] = (Future(), lambda: None)
"""The default for a request that an earlier callback of the same round has cancelled."""


class BackgroundReader:
    """Runs jobs on an executor and hands over their results; a cancelled request gets none.

    Everything except the jobs runs on the thread that made the reader.

    Args:
        executor: Where the jobs run; it belongs to the caller.
        wake: Called on any thread when there is something to `collect`.
    """

    def __init__(self, executor: Executor, wake: Callable[[], object]) -> None:
        self._executor = executor
        self._wake = wake
        self._asked: dict[Hashable, tuple[Future[Any], Callable[[], None]]] = {}

    def ask(self, key: Hashable, job: Callable[[], T], take: Callable[[T], None]) -> None:
        """Run *job* on the executor and call *take* with its result, unless a request *key* is under way."""
        if key in self._asked:
            return
        future = self._executor.submit(job)
        self._asked[key] = (future, lambda: take(future.result()))
        future.add_done_callback(lambda _: self._wake())

    def wait(self, keys: Iterable[Hashable], seconds: float) -> None:
        """Wait until the requests *keys* are done, at most *seconds*, then collect."""
        wait([self._asked[key][0] for key in keys if key in self._asked], seconds)
        self.collect()

    async def done(self, keys: Iterable[Hashable]) -> bool:
        """Wait until the requests *keys* are done or cancelled; return whether there were any."""
        loop = asyncio.get_running_loop()
        futures = [self._asked[key][0] for key in keys if key in self._asked]
        for future in futures:
            done = asyncio.Event()

            def tell(_: "Future[Any]", done: asyncio.Event = done) -> None:
                loop.call_soon_threadsafe(done.set)

            future.add_done_callback(tell)
            await done.wait()
        return bool(futures)

    def collect(self) -> None:
        """Call back with every result that has come.

        Raises:
            Exception: Whatever a job raised; the other results are kept for the next call.
        """
        for key in [key for key, (future, _) in self._asked.items() if future.done()]:
            future, take = self._asked.pop(key, _NOTHING)
            if not future.cancelled():
                take()

    def forget(self, unless: Callable[[Hashable], bool] = lambda _: False) -> None:
        """Cancel every request that is not done, *unless* the function says that its key is to be kept."""
        for key in [key for key in self._asked if not unless(key)]:
            self._asked.pop(key)[0].cancel()
