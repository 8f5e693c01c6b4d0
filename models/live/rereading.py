"""Reading a platform again, soon after its webhooks have said too little; many messages cause one reading."""

import asyncio
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from models.errors import DeskError

_GATHERS = 2.0
"""Seconds after the first message in which others may come."""
_RESTS = 60.0
"""Seconds after a reading before the next one, at least."""
_SHARE = 5
"""How many times as long as a reading took the platform is left alone after it."""


@dataclass(slots=True)
class Rereader:
    """Reads one platform when that is wanted.

    Attributes:
        read: Reads it, in a thread of its own, until it is told to stop.
        say: Is told, once, why that does not work.
        stop: Is set when a reading is to end.
    """

    read: Callable[[threading.Event], object]
    say: Callable[[str], None]
    stop: threading.Event = field(default_factory=threading.Event)
    _is_wanted: asyncio.Event = field(default_factory=asyncio.Event)
    _problem: str = ""

    def want(self) -> None:
        """Let the platform be read soon."""
        self._is_wanted.set()

    async def run(self) -> None:
        """Read it whenever that is wanted, until this is cancelled."""
        while True:
            await self._is_wanted.wait()
            await asyncio.sleep(_GATHERS)
            self._is_wanted.clear()
            begun = time.monotonic()
            try:
                await asyncio.to_thread(self.read, self.stop)
                self._problem = ""
            except DeskError as problem:
                if str(problem) != self._problem:
                    self._problem = str(problem)
                    self.say(self._problem)
            await asyncio.sleep(max(_RESTS, _SHARE * (time.monotonic() - begun)))
