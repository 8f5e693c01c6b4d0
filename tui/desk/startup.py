"""How the desk opens: rows that need no database layer first, then the database, then its list."""

from collections.abc import Callable
from contextlib import suppress

from textual.timer import Timer
from textual.worker import Worker, WorkerCancelled, WorkerFailed

from models.errors import BadQuery, DeskError, DeskUnavailable
from models.reading.counts import Count
from models.rules.views import VIEWS
from tui.desk import labels
from tui.desk.counts import Counts
from tui.desk.jobs import Jobs
from tui.desk.orders import in_kept_order
from tui.desk.sends import Sends
from tui.desk.session import Session
from tui.desk.status import Status

_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 30.0
"""Seconds until a server that does not answer is asked again: after the first time, and at most."""


_NOTHING_WRITTEN = ": nothing was written"


class Startup:
    """Brings the first list to the screen.

    Attributes:
        on_open: Each is called once the database is open and the first list is being read.
        on_failure: Is called if the database cannot be opened: without it there is nothing to do.
        is_opening: Whether the database is being opened, or is about to be, and the first list read.
    """

    def __init__(
        self, session: Session, jobs: Jobs, status: Status, sends: Sends, counts: Counts
    ) -> None:
        self.on_open: list[Callable[[], object]] = [session.options.opened]
        self.on_failure: Callable[[DeskError], object] = status.fail
        self.is_opening = True
        self._later: Timer | None = None
        """Runs while the database is waited for."""
        self._pause = _FIRST_PAUSE
        self._session = session
        self._jobs = jobs
        self._status = status
        self._sends = sends
        self._counts = counts

    def show_first_rows(self) -> None:
        """Show what can be read without the database layer, in the screen's first frame."""
        self._status.header.agent = self._session.options.agent
        self._status.header.zone = self._session.local_time.zone_name
        self._counts.show_view(self._sends.view)
        self._counts.show_views({})
        self._sends.list.show_notice("Opening the desk…")
        first = self._session.options.first_rows()
        if first is None:
            return
        line = self._sends.line
        line.text, line.shown = self._sends.view.query, Count(first.total)
        if first.rows:
            self._sends.list.replace(first, first.total, keep=False)
        elif first.has_sends:
            now, keys = self._session.clock(), self._session.keys
            self._sends.list.show_notice(labels.nothing_in_triage(first.next_due, now, keys))
        else:
            self._sends.list.show_notice(labels.no_sends_yet())

    def _wait(self, error: DeskUnavailable) -> None:
        """Say quietly that the database is not there, and try again after a while."""
        # At a start nobody fears for what was written.
        self._status.fail(DeskUnavailable(str(error).replace(_NOTHING_WRITTEN, "")))
        self._status.header.state = "not open yet"
        self._sends.list.show_notice(
            self._session.keys.fill(
                "Nothing can be shown yet.\n"
                "The desk opens by itself as soon as the server answers.\n\n"
                "{desk.refresh}  try now     {desk.quit}  quit"
            )
        )
        self._later = self._jobs.after(self._pause, self.open)
        self._pause = min(self._pause * 2, _LONGEST_PAUSE)

    def open(self) -> None:
        """Open the database and show the first list; it loads for longer than a frame is painted."""
        self.is_opening = True
        self._jobs.restart("open", self._open_once)

    def try_again(self) -> None:
        """Try at once to open a database that is waited for."""
        if self._later is not None:
            self._later.stop()
            self._later, self._pause = None, _FIRST_PAUSE
            self.open()

    async def _open_once(self) -> None:
        try:
            list_ = await self._open()
            # Its arrival would close a filter line that was opened before it.
            if list_ is not None:
                with suppress(WorkerCancelled, WorkerFailed):
                    await list_.wait()
        finally:
            self.is_opening = False

    async def _open(self) -> "Worker[None] | None":
        """Open the database and return the worker that reads the first list; None if it cannot be opened."""
        session, view = self._session, self._sends.view
        self._later = None
        try:
            # What was opened before the server went away again is not opened twice.
            desk = session.desk if session.is_open else await session.open()
            # Whatever is written from here on counts as a change.
            await session.read(desk.changed)
            self._counts.views = await session.read(desk.views)
            left_out = await session.read(desk.left_out)
            if not session.options.query:
                left = session.options.memory.view
                view = next((each for each in self._counts.views if each.name == left), view)
            query = await session.read(desk.parse, session.options.query or view.query)
            if not session.options.query:
                query = in_kept_order(session, view, query)
        except BadQuery as error:
            view = VIEWS[0]
            self._status.say(f"{error} Here is {view.name} instead.", severity="warning")
            query = session.desk.parse(view.query)
        except DeskUnavailable as error:
            if error.passes:
                self._wait(error)
            else:
                self.on_failure(error)
            return None
        except DeskError as error:
            self.on_failure(error)
            return None
        header = self._status.header
        header.desk = desk.name
        if session.options.memory.problem:
            self._status.say(session.options.memory.problem)
        if desk.warning:
            self._status.say(desk.warning, "warning")
        if left_out:
            more = f" (and {len(left_out) - 1} more rows)" if len(left_out) > 1 else ""
            self._status.say(f"{left_out[0]}{more}", "warning")
        list_ = self._sends.show(query, view=view)
        for hear in self.on_open:
            hear()
        return list_
