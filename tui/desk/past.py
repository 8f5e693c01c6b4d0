"""The desk as it was: how the agent goes to a moment of the past, and comes back."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

from textual.worker import WorkerCancelled

from models.errors import Cancelled
from tui.desk.jobs import Jobs
from tui.desk.long_write import SHOWN_AFTER
from tui.desk.sends import Sends
from tui.desk.session import Session
from tui.desk.status import Status

if TYPE_CHECKING:
    from models.desk import Desk

_PARTS = 100


class PastDesk:
    """Puts the desk of a moment in the place of the present one, and takes it away again.

    Attributes:
        on_change: Each is called once the desk is another one, before its list is read.
        on_shown: Is called once its list is shown.
        on_other_send: Is called before that if its list does not have the send that the cursor was on.
    """

    def __init__(self, session: Session, jobs: Jobs, status: Status, sends: Sends) -> None:
        self.on_change: list[Callable[[], object]] = []
        self.on_shown: Callable[[], object] = lambda: None
        self.on_other_send: Callable[[], object] = lambda: None
        self._session = session
        self._jobs = jobs
        self._status = status
        self._sends = sends
        self._done = 0
        """How many of a hundred parts of the past are worked out."""

    @property
    def is_shown(self) -> bool:
        """Whether the desk on the screen is a past one."""
        return self._session.is_past

    def ask(self) -> None:
        """Ask for the moment."""
        self._jobs.start("ask", self._ask)

    def go(self, text: str) -> None:
        """Go to the moment that *text* names."""
        self._jobs.start("ask", self._go_to, text)

    def come_back(self) -> None:
        """Show the present again."""
        if self._session.is_past:
            self._jobs.start("back", self._come_back)
        else:
            self._status.say("This is the desk as it is now.")

    async def _come_back(self) -> None:
        self._session.come_back()
        await self._show("")

    async def _ask(self) -> None:
        from tui.dialogs.past import PastDialog

        desk = self._session.today
        calendar = await asyncio.to_thread(desk.calendar)
        moment = await self._jobs.ask(PastDialog(desk.local_time(), calendar))
        if moment is not None:
            await self._go(moment)

    async def _go_to(self, text: str) -> None:
        from models.reading.past import past_moment

        await self._go(await asyncio.to_thread(past_moment, self._session.today, text))

    async def _go(self, moment: datetime) -> None:
        from models.reading.past import in_part

        try:
            past = await self._worked_out(moment)
        except Cancelled:
            self._status.say("Called off: nothing has changed on the screen.")
            return
        self._session.go_to(past, moment)
        await self._show(self._session.today.local_time().words(moment))
        if sentence := await asyncio.to_thread(in_part, past):
            self._status.say(sentence, "warning")

    async def _worked_out(self, moment: datetime) -> "Desk":
        """Return the desk at *moment*; what takes longer shows how far it is, and can be called off."""
        from tui.dialogs.progress import ProgressDialog

        # A reader of its own: to call this off ends nothing else.
        reader = self._session.today.cancellable()
        self._done = 0
        work = asyncio.create_task(asyncio.to_thread(reader.as_it_was, moment, self._tell))
        dialog = None
        try:
            await asyncio.wait([work], timeout=SHOWN_AFTER)
            if not work.done():
                dialog = ProgressDialog(
                    "Looking through the history",
                    _PARTS,
                    lambda: self._done,
                    reader.cancel,
                    counted="percent",
                    hint="stop",
                    ascii=self._session.ascii,
                )
                await self._jobs.app.push_screen(dialog)
            return await asyncio.shield(work)
        finally:
            reader.cancel()
            if dialog is not None:
                dialog.dismiss()

    def _tell(self, done: int, total: int) -> None:
        self._done = _PARTS * done // max(total, 1)

    async def _show(self, as_of: str) -> None:
        """Read the list and the case of the desk that is shown now; *as_of* is its moment, or empty."""
        self._status.header.as_of = self._jobs.as_of = as_of
        for hear in self.on_change:
            hear()
        await self._show_list(as_of)
        self.on_shown()

    async def _show_list(self, as_of: str) -> None:
        query, before = self._sends.query, self._sends.list.cursor_send
        if query is None:
            return
        # What its words mean may depend on the moment.
        again = await asyncio.to_thread(self._session.desk.parse, str(query))
        with suppress(WorkerCancelled):
            await self._sends.show(again, view=self._sends.view).wait()
        await self._sends.list.cursor_found()
        here = self._sends.list.cursor_send
        if before is not None and (here is None or here.id != before.id):
            self._status.say(
                f"{before.ref} is not in this list {f'of {as_of}' if as_of else 'now'}."
            )
            self.on_other_send()
