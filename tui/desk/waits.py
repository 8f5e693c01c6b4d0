"""Tells for whom a write waits, if that takes longer than a second."""

import asyncio
import time

from models.errors import DeskError
from tui.desk.jobs import Jobs
from tui.desk.session import Session
from tui.desk.status import Status

_SHOWN = 5.0
"""Seconds for which a message stands: a wait that takes longer is told again."""
_LOOK_EVERY = 0.5
"""Seconds between two looks at whether a write takes long; the database is asked only if one does."""


class Waits:
    """Says who holds what is waited for, as long as the wait goes on."""

    def __init__(self, session: Session, jobs: Jobs, status: Status) -> None:
        self._session = session
        self._jobs = jobs
        self._status = status
        self._told = ""
        """What was said of the wait that goes on."""
        self._told_at = 0.0
        """When, on the clock of `time.monotonic`."""

    def start(self) -> None:
        """Look from now on, as long as the screen is there."""
        self._jobs.every(_LOOK_EVERY, self._look)

    def _look(self) -> None:
        if not self._session.desk.database.has_long_write:
            self._told = ""
        elif not self._jobs.runs("waits"):
            self._jobs.start("waits", self._tell)

    async def _tell(self) -> None:
        try:
            sentence = await asyncio.to_thread(self._session.desk.database.waits_for)
        except DeskError:
            # Whoever writes is told what is wrong with the database.
            return
        is_gone = time.monotonic() - self._told_at >= _SHOWN
        if sentence and (sentence != self._told or is_gone):
            self._told, self._told_at = sentence, time.monotonic()
            self._status.say(sentence)
