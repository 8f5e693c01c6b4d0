"""The rules that time triggers, run by the open desk, beside whatever the agent does."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from models.errors import DeskError
from tui.desk.jobs import Jobs
from tui.desk.session import Session
from tui.desk.status import Status

if TYPE_CHECKING:
    from models.writing.rule_runner import Ruled

_LOCK = "rules"
"""What keeps several desks from running them at the same time, which would be of no use."""


class TimeRules:
    """Runs the rules when the moment of a send has come, and says what they did.

    Attributes:
        on_changed: Is called once they have changed something.
    """

    def __init__(self, session: Session, jobs: Jobs, status: Status) -> None:
        self.on_changed: Callable[[], None] = lambda: None
        self._session = session
        self._jobs = jobs
        self._status = status
        self._stop = threading.Event()

    def run(self) -> None:
        """Run them, unless they run already or nothing can be written here."""
        if not self._session.desk.read_only and not self._jobs.runs("rules"):
            self._jobs.start("rules", self._run)

    def close(self) -> None:
        """Let a run end soon; the next one goes on where it ended."""
        self._stop.set()

    async def _run(self) -> None:
        done: list[Ruled] = []
        # A user of the server may have no right to write, and whoever has runs them too. Whatever else
        # keeps the database from answering is told where the list is read.
        with suppress(DeskError):
            await asyncio.to_thread(self._do, done)
        if done:
            from models.rules.rule_words import run_words

            self.on_changed()
            self._status.say(run_words(done))

    def _do(self, done: "list[Ruled]") -> None:
        """Run them and add to *done* what they did; nothing if another program is about it."""
        desk = self._session.desk
        held = desk.database.hold(_LOCK)
        if held is None:
            return
        try:
            done.extend(desk.run_rules("desk", stop=self._stop.is_set))
        finally:
            held.give_back()
