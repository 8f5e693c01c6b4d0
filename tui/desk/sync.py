"""How the list keeps up with what others write, and how the agent pauses that."""

import asyncio
from typing import TYPE_CHECKING

from tui.desk.case import CaseFollower
from tui.desk.jobs import Jobs
from tui.desk.sends import Sends
from tui.desk.session import Session
from tui.desk.status import Status

if TYPE_CHECKING:
    from textual.worker import Worker

_LOOK_EVERY = 1.0
"""Seconds between two questions whether another process has written."""


class Sync:
    """Asks the database again and again whether others have written, and reads the list if so."""

    def __init__(
        self, session: Session, jobs: Jobs, status: Status, sends: Sends, case: CaseFollower
    ) -> None:
        self._session = session
        self._jobs = jobs
        self._status = status
        self._sends = sends
        self._case = case
        self._behind = False
        """Whether others have written what the list does not show yet."""
        self._looking = False

    def start(self) -> None:
        """Look for changes from now on, as long as the screen is there."""
        self._jobs.every(_LOOK_EVERY, self.look_for_changes)

    def look_for_changes(self) -> "Worker[None]":
        """Read the list again when another process has written, or the database answers again."""
        return self._jobs.start("changes", self._look)

    def refresh(self) -> None:
        """Read the list and the case again now."""
        if self._session.is_open:
            self._sends.reload()
            self.refresh_case()

    def refresh_case(self) -> None:
        """Read the case of the send under the cursor again."""
        self._case.follow(self._sends.list.cursor_send)

    def toggle(self) -> None:
        """Let the list be until it is refreshed, or follow what others write again."""
        if not self._session.is_open:
            return
        self._status.paused = not self._status.paused
        self._status.live()
        if not self._status.paused:
            self._behind = True
            self.look_for_changes()

    async def _look(self) -> None:
        # A database that takes its time is asked once, not by one more thread every second.
        if self._looking:
            return
        self._looking = True
        try:
            changed = await asyncio.to_thread(self._session.desk.changed)
        finally:
            self._looking = False
        if self._status.paused:
            # Whatever has become of the database is told all the same.
            self._behind = self._behind or changed
            if self._status.notice.message:
                self._status.live()
            return
        if changed or not self._status.is_live:
            self._behind = True
        if self._behind and not self._jobs.runs("list", "counts") and not self._sends.line.editing:
            self._behind = False
            self._sends.refresh_quietly()
            self.refresh_case()
