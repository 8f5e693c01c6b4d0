"""The open desk, who works at it, and how that agent sees moments and signs."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
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
        options: What the command line and the agent's own settings say.
        agent: Who works here; what is written carries this name.
        clock: Tells the present, in UTC.
        zone: The time zone that moments are shown in.
        ascii: Whether only ASCII signs are drawn.
        keys: The keys as the agent has them, for sentences that name one.
        executor: The one thread that reads lists, so that answers keep the order of their questions.
    """

    def __init__(self, options: StartOptions) -> None:
        self.options = options
        self.agent = options.agent
        self.clock = options.clock
        self.zone = options.zone
        self.ascii = options.ascii
        self.keys = Keys(options.keys)
        self.executor = ThreadPoolExecutor(1, thread_name_prefix="rows")
        self._desk: Desk | None = None

    @property
    def local_time(self) -> LocalTime:
        """The present of the agent, which tells moments in the agent's time zone."""
        return LocalTime(self.clock(), self.zone)

    @property
    def is_open(self) -> bool:
        """Whether the database is open."""
        return self._desk is not None

    @property
    def desk(self) -> "Desk":
        """The open desk; only what `is_open` was asked for may use it."""
        assert self._desk is not None
        return self._desk

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
        if self._desk is not None:
            self._desk.database.close()
