"""A change of many sends, written on a thread; its progress shows if it takes a while, and it can be stopped."""

import asyncio
from collections.abc import Callable, Iterator
from threading import Event
from typing import Generic, TypeVar

from models.errors import DeskError
from tui.desk.jobs import Jobs

T = TypeVar("T")
Work = Callable[[Callable[[], bool]], Iterator[T]]
"""Writes, and yields what is written; is given what it has to ask whether it shall stop."""
SHOWN_AFTER = 0.3
"""Seconds before the progress is shown."""


class LongWrite(Generic[T]):
    """Runs one piece of work.

    Attributes:
        results: What the work has yielded so far.
        problem: What the work was refused with before its end, or None.
    """

    def __init__(self, total: int, work: Work[T]) -> None:
        self.results: list[T] = []
        self.problem: DeskError | None = None
        self._total = total
        self._work = work
        self._stop = Event()

    async def run(self, jobs: Jobs, title: str, *, ascii: bool = False) -> None:
        """Do the work and return once it has ended; what it has written by then is told in `results`."""
        from tui.dialogs.progress import ProgressDialog

        work = asyncio.create_task(asyncio.to_thread(self._run))
        dialog = None
        try:
            await asyncio.wait([work], timeout=SHOWN_AFTER)
            if not work.done():
                dialog = ProgressDialog(
                    title, self._total, lambda: len(self.results), self._stop.set, ascii=ascii
                )
                await jobs.app.push_screen(dialog)
            await asyncio.shield(work)
        finally:
            # The desk may be closing: what runs on the thread ends after its transaction.
            self._stop.set()
        if dialog is not None:
            dialog.dismiss()

    def _run(self) -> None:
        try:
            for result in self._work(self._stop.is_set):
                self.results.append(result)
        except DeskError as problem:
            self.problem = problem
