"""Where messages of webhooks wait until they are stored together, and then applied."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from models.database import Database
from models.errors import DeskError
from models.intake import deliveries
from models.intake.deliveries import Message
from models.values.clock import Clock, utc_now

_MOST = 500
"""How many messages one transaction stores."""
_LOOK_EVERY = 1.0
"""Seconds between two looks for messages that somebody else has stored, or that can be applied now."""
_GATHERS = 0.05
"""Seconds in which stored messages gather before they are applied: one by one, 100 a second took half of a
core, and so a quarter."""
_PRUNE_EVERY = 24 * 3600.0
"""Seconds between two searches for bodies of messages that are no longer kept."""
_LAST = 10
"""How many transactions may apply messages once the inbox closes; the next start applies what is left."""

T = TypeVar("T")


@dataclass(slots=True, eq=False)
class _Awaited:
    """A message and who waits until it is stored."""

    message: Message
    stored: "asyncio.Future[str]"
    """Why it could not be stored, or an empty string."""


@dataclass(slots=True)
class Inbox:
    """Stores messages in one thread and applies them in another.

    While one transaction is written the next messages gather, and are stored in one transaction too. So
    hundreds of them cost little more than one. A file has one writer at a time: there both threads take
    turns. On a server none waits for the other, nor for an import.

    Attributes:
        database: Where they are stored.
        clock: Gives the time at which they are applied; by default the database's own.
        stored: How many were stored.
        not_stored: Why the last messages could not be stored, or an empty string.
        not_applied: Why the last ones could not be applied, or an empty string.
        is_done: Is set once it was closed and `run` has ended.
    """

    database: Database
    clock: Clock = utc_now
    stored: int = 0
    not_stored: str = ""
    not_applied: str = ""
    kept: timedelta | None = deliveries.KEPT
    """How long the bodies of applied messages are kept; None for ever."""
    is_done: asyncio.Event = field(default_factory=asyncio.Event)
    _waiting: list[_Awaited] = field(default_factory=list)
    _has_come: asyncio.Event = field(default_factory=asyncio.Event)
    _is_stored: asyncio.Event = field(default_factory=asyncio.Event)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _threads: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(2, thread_name_prefix="inbox")
    )
    _is_closing: bool = False
    _prune_at: float = field(default_factory=time.monotonic)
    """When old bodies are removed next."""
    _pruned: int = 0
    """The number of the last message that was looked at for that."""

    async def put(self, message: Message, patience: float) -> bool:
        """Store *message*; return whether it is on the disk.

        Args:
            message: What has come.
            patience: After so many seconds the answer is no. Storing that has begun by then goes on.
        """
        mine = _Awaited(message, asyncio.get_running_loop().create_future())
        self._waiting.append(mine)
        self._has_come.set()
        await asyncio.wait([mine.stored], timeout=patience)
        if mine.stored.done():
            return not mine.stored.result()
        with suppress(ValueError):
            # It will be sent again: what is held must not grow while the database does not answer.
            self._waiting.remove(mine)
        return False

    async def run(self) -> None:
        """Store and apply what comes, until the inbox is closed and what was put into it is stored."""
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(self._keep_storing())
                both.create_task(self._keep_applying())
            for _ in range(_LAST):
                if not await self._apply():
                    break
        finally:
            self._threads.shutdown()
            self.is_done.set()

    def close(self) -> None:
        """Let `run` end once all is stored."""
        self._is_closing = True
        self._has_come.set()

    async def answers(self) -> bool:
        """Whether the database can be read now."""

        def look() -> None:
            with self.database.read() as connection:
                connection.exec_driver_sql("SELECT 1")

        try:
            await asyncio.to_thread(look)
        except DeskError:
            return False
        return not self.not_stored and not self.not_applied

    async def _keep_storing(self) -> None:
        while self._waiting or not self._is_closing:
            await self._has_come.wait()
            self._has_come.clear()
            while self._waiting:
                await self._store()
        self._is_stored.set()

    async def _keep_applying(self) -> None:
        while not self._is_closing:
            self._is_stored.clear()
            if await self._apply() or await self._prune():
                continue
            with suppress(TimeoutError):
                await asyncio.wait_for(self._is_stored.wait(), _LOOK_EVERY)
                await asyncio.sleep(_GATHERS)

    async def _prune(self) -> bool:
        """Remove some old bodies if that is due; return whether there may be more."""
        if self.kept is None or time.monotonic() < self._prune_at:
            return False
        try:
            done = await self._in_turn(self._prune_some)
        except DeskError:
            done = False
        if not done:
            self._prune_at = time.monotonic() + _PRUNE_EVERY
        return done

    def _prune_some(self) -> bool:
        assert self.kept is not None
        for step in deliveries.prune(self.database, self._now() - self.kept, self._pruned):
            self._pruned = step.last
            return True
        return False

    async def _store(self) -> None:
        now, self._waiting = self._waiting[:_MOST], self._waiting[_MOST:]
        messages = [each.message for each in now]
        try:
            await self._in_turn(lambda: deliveries.store(self.database, messages))
        except DeskError as error:
            self.not_stored = str(error)
        else:
            self.not_stored = ""
            self.stored += len(now)
            self._is_stored.set()
        for each in now:
            each.stored.set_result(self.not_stored)

    async def _apply(self) -> bool:
        """Apply some messages; return whether there may be more."""
        try:
            done = await self._in_turn(self._apply_new)
        except DeskError as error:
            self.not_applied = str(error)
            return False
        self.not_applied = ""
        return done == deliveries.MOST

    def _apply_new(self) -> int:
        return deliveries.apply_new(self.database, self._now())

    def _now(self) -> datetime:
        return self.database.clock() if self.clock is utc_now else self.clock()

    async def _in_turn(self, job: Callable[[], T]) -> T:
        async with nullcontext() if self.database.is_server else self._turn:
            return await asyncio.get_running_loop().run_in_executor(self._threads, job)
