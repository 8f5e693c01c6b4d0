"""Marks and leaps over the whole list: everything the filter shows, the next send past its limit."""

import asyncio

from tui.desk import labels
from tui.desk.jobs import Jobs
from tui.desk.sends import Sends
from tui.desk.session import Session
from tui.desk.status import Status
from tui.widgets.sends.send_list import MOST_MARKED_AT_ONCE

_WINDOW = 500
"""Sends that are read at a time, to be marked."""


class WholeList:
    """Marks sends and moves the cursor where the list alone cannot: it knows only rows it has read."""

    def __init__(self, session: Session, jobs: Jobs, status: Status, sends: Sends) -> None:
        self._session = session
        self._jobs = jobs
        self._status = status
        self._sends = sends

    def mark_all(self) -> None:
        """Mark every send of the filter, after saying how many they are."""
        self._jobs.start("ask", self._mark_all)

    def move_to_overdue(self, direction: int) -> None:
        """Put the cursor on the next send past its limit, or with -1 on the previous one."""
        self._jobs.restart("overdue", self._move_to_overdue, direction)

    def refuse(self, count: int) -> None:
        """Say that *count* sends are too many to be marked."""
        self._status.say(labels.too_many_to_mark(count), severity="warning")

    async def _mark_all(self) -> None:
        from tui.dialogs.confirm import ConfirmDialog

        sends = self._sends
        shown = sends.shown
        if shown is None or not sends.list.total:
            return
        total = (await asyncio.to_thread(shown.count)).value
        if total > MOST_MARKED_AT_ONCE:
            self.refuse(total)
            return
        question = ConfirmDialog(f"Mark {total:,} sends?", str(sends.query), yes="mark them")
        if await self._jobs.ask(question):
            desk = self._session.desk
            for start in range(0, total, _WINDOW):
                rows = await self._session.read(desk.window, shown.listing, start, _WINDOW)
                sends.list.mark_sends(rows)

    async def _move_to_overdue(self, direction: int) -> None:
        shown, send = self._sends.shown, self._sends.list.cursor_send
        if shown is None or send is None:
            return
        place = await self._session.read(
            shown.desk.next_overdue, shown.listing, send.id, direction < 0
        )
        if place is None:
            where = "above" if direction < 0 else "below"
            self._status.say(f"No send past its limit {where}.")
        else:
            self._sends.list.jump(shown.shown_at(place))
