"""How the list keeps up with what others write and with the time, and how the agent pauses that."""

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING

from tui.desk.arrivals import Arrivals
from tui.desk.case import CaseFollower
from tui.desk.jobs import Jobs
from tui.desk.sends import Sends
from tui.desk.session import Session
from tui.desk.status import Status

if TYPE_CHECKING:
    from textual.worker import Worker

    from tui.desk.time_rules import TimeRules

_LOOK_EVERY = 0.25
"""Seconds between two looks at the clock, and at whether another process has written."""


class Sync:
    """Reads the list again when another process has written, or time has changed what it shows.

    When time will change something is asked once and again only after something was written: a send
    crosses its limit or comes back from a snooze without anybody doing anything.

    Attributes:
        arrivals: What time has brought into triage while the desk was open.
    """

    def __init__(
        self, session: Session, jobs: Jobs, status: Status, sends: Sends, case: CaseFollower
    ) -> None:
        self.arrivals = Arrivals(session, jobs, status, sends)
        self._rules: TimeRules | None = None
        """Runs the rules that time triggers; None until they have something to do."""
        self._session = session
        self._jobs = jobs
        self._status = status
        self._sends = sends
        self._case = case
        self._behind = False
        """Whether something has changed that the list does not show yet."""
        self._looking = False
        self._told_until: datetime | None = None
        """Until when arrivals were asked for, in UTC; None before the first look."""
        self._next_at: datetime | None = None
        """The next moment, in UTC, that changes something; None if there is none."""
        self._knows_next = False
        """Whether nobody has written since `_next_at` was asked for."""

    def start(self) -> None:
        """Look for changes from now on, as long as the screen is there."""
        self._told_until = self._session.desk.now()
        self._jobs.every(_LOOK_EVERY, self.look_for_changes)

    def look_for_changes(self) -> "Worker[None]":
        """Read the list again if it changed by others or by the time, or the database answers again."""
        return self._jobs.start("changes", self._look)

    def list_was_read(self) -> None:
        """Ask anew when time will change something: what was written may have brought that forward."""
        self._knows_next = False
        self.arrivals.point()

    def refresh(self) -> None:
        """Read the list and the case again now."""
        if self._session.is_open:
            self.arrivals.forget()
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

    def begin_again(self) -> None:
        """Look at the desk that is shown from now on: another moment of it brings no news."""
        self._told_until, self._knows_next = self._session.desk.now(), False
        self.arrivals.forget()

    def close(self) -> None:
        """Let a run of the rules end soon."""
        if self._rules is not None:
            self._rules.close()

    def _run_rules(self) -> None:
        if self._rules is None:
            from tui.desk.time_rules import TimeRules

            self._rules = TimeRules(self._session, self._jobs, self._status)
            self._rules.on_changed = self._rules_changed
        self._rules.run()

    def _rules_changed(self) -> None:
        self._behind, self._knows_next = True, False

    async def _look(self) -> None:
        # A database that takes its time is asked once, not by one more thread every second.
        if self._looking:
            return
        self._looking = True
        try:
            changed = await asyncio.to_thread(self._session.desk.changed)
            if changed:
                self._knows_next = False
            passed = None if self._status.paused else await self._passed()
        finally:
            self._looking = False
        if self._status.paused:
            # Whatever has become of the database is told all the same.
            self._behind = self._behind or changed
            if self._status.notice.message:
                self._status.live()
            return
        if changed or passed or not self._status.is_live:
            self._behind = True
        if self._behind and not self._jobs.runs("list") and not self._sends.line.editing:
            self._behind = False
            self._sends.refresh_quietly()
            self.refresh_case()

    async def _passed(self) -> bool:
        """Return whether a moment has passed that changes something, and keep what it brought."""
        now = self._session.desk.now()
        is_over = self._next_at is not None and now > self._next_at
        if self._knows_next and not is_over:
            return False
        since = self._told_until or now
        self._knows_next = True
        time = await asyncio.to_thread(self._session.desk.passing_time, since, now)
        self._told_until, self._next_at = now, time.next_at
        self.arrivals.add(time.arrivals)
        if time.are_rules_due:
            self._run_rules()
        return is_over or bool(time.arrivals)
