"""The views: filters with a name, built in or the team's own."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from models.errors import DeskError
from models.rules.views import View
from tui.desk.counts import Counts
from tui.desk.jobs import Jobs
from tui.desk.orders import in_kept_order
from tui.desk.sends import Sends
from tui.desk.session import Session
from tui.desk.status import Status

if TYPE_CHECKING:
    from models.query import Query


class Views:
    """Opens views and keeps new ones.

    Attributes:
        on_open: Is called before a view is opened, to bring the list to the screen.
    """

    def __init__(
        self, session: Session, jobs: Jobs, status: Status, sends: Sends, counts: Counts
    ) -> None:
        self.on_open: Callable[[], object] = lambda: None
        self._session = session
        self._jobs = jobs
        self._status = status
        self._sends = sends
        self._counts = counts

    @property
    def is_narrowed(self) -> bool:
        """Whether another filter than the view's own is in force."""
        query = self._sends.query
        return query is not None and str(query) != str(self._filter_of(self._sends.view))

    def open(self, view: View) -> None:
        """Open *view* with its own filter."""
        if (query := self._filter_of(view)) is not None:
            self.on_open()
            self._sends.show(query, view=view, keep=False)

    def open_digit(self, digit: str) -> None:
        """Open the view with this *digit*, if there is one."""
        self._open_first(lambda view: view.digit == digit)

    def open_named(self, name: str) -> None:
        """Open the view of this *name*, if there is one."""
        self._open_first(lambda view: view.name == name)

    def reset(self) -> None:
        """Go back to the view's own filter."""
        if self._session.is_open:
            self.open(self._sends.view)

    def save(self) -> None:
        """Ask for a name under which the filter in force is kept."""
        self._jobs.start("ask", self._save)

    def _open_first(self, is_meant: Callable[[View], bool]) -> None:
        view = next(filter(is_meant, self._counts.views), None)
        if self._session.is_open and view is not None:
            self.open(view)

    async def _save(self) -> None:
        from tui.dialogs.save_view import ViewDialog

        query = self._sends.query
        if query is None:
            return
        desk = self._session.desk
        if desk.read_only:
            self._status.say(desk.read_only, "warning")
            return
        typed, problem = View("", "", str(query)), ""
        while (view := await self._jobs.ask(ViewDialog(typed, problem))) is not None:
            try:
                await asyncio.to_thread(desk.save_view, view)
            except DeskError as error:
                # What was typed comes back with the reason.
                typed, problem = view, str(error)
                continue
            self._counts.views = desk.views()
            self.open_named(view.name)
            return

    def _filter_of(self, view: View) -> "Query | None":
        try:
            return in_kept_order(self._session, view, self._session.desk.parse(view.query))
        except DeskError as error:
            self._status.fail(error)
            return None
