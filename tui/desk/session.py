"""The open desk, who works at it, and how that agent sees moments and signs."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING, TypeVar

from models.values.local_time import LocalTime
from tui.keys import Keys
from tui.settings import StartOptions

if TYPE_CHECKING:
    from models.desk import Desk

T = TypeVar("T")


class Session:
    """One agent at one desk, from the first frame until the screen closes.

    Attributes:
        options: What the command line and the agent's own settings say: who works here, in which zone.
        ascii: Whether only ASCII signs are drawn.
        keys: The keys as the agent has them, for sentences that name one.
        executor: The one thread that reads lists, so that answers keep the order of their questions.
    """

    def __init__(self, options: StartOptions) -> None:
        self.options = options
        self.ascii = options.ascii
        self.keys = Keys(options.keys)
        self.executor = ThreadPoolExecutor(1, thread_name_prefix="rows")
        self._desk: Desk | None = None
        self._past: Desk | None = None
        self._moment: datetime | None = None
        """At which the past is looked at, in UTC."""

    def clock(self) -> datetime:
        """Return the present of the desk that is shown, in UTC; of a past one its moment."""
        return self._moment or self.options.clock()

    @property
    def local_time(self) -> LocalTime:
        """The present of the agent, which tells moments in the agent's time zone."""
        return LocalTime(self.clock(), self.options.zone)

    @property
    def is_open(self) -> bool:
        """Whether the database is open."""
        return self._desk is not None

    @property
    def desk(self) -> "Desk":
        """The desk that is shown; only what `is_open` was asked for may use it."""
        return self._past or self.today

    @property
    def today(self) -> "Desk":
        """The open desk as it is now, whatever is shown."""
        assert self._desk is not None
        return self._desk

    @property
    def is_past(self) -> bool:
        """Whether a past desk is shown."""
        return self._past is not None

    def go_to(self, past: "Desk", moment: datetime) -> None:
        """Show *past*, the desk as it was at *moment*, until `come_back`; another one is given back."""
        self.come_back()
        self._past, self._moment = past, moment

    def come_back(self) -> None:
        """Show the present; the past is given back once what is still read there has its answer."""
        past, self._past, self._moment = self._past, None, None
        if past is not None:
            past.cancel()
            Thread(target=past.database.close, name="past", daemon=True).start()

    async def open(self) -> "Desk":
        """Open the database on the reading thread and return its desk.

        Raises:
            DeskError: It cannot be opened.
        """
        self._desk = await self.read(self.options.opener)
        return self._desk

    async def read(self, job: "Callable[..., T]", *args: object) -> T:
        """Run *job* on the reading thread and return its answer.

        Raises:
            DeskError: Whatever *job* was refused with.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.executor, partial(job, *args))

    def close(self) -> None:
        """Give the reading thread and the connections back; questions not yet begun are dropped."""
        self.executor.shutdown(wait=False, cancel_futures=True)
        self.come_back()
        if self._desk is not None:
            self._desk.database.close()
