"""The counts around the list: of the list itself, of the views, and of the values of its filter."""

import asyncio
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from models.errors import Cancelled
from models.reading.counts import Count
from models.reading.facet_counts import Facets
from models.rules.views import VIEWS, View
from tui.desk import labels
from tui.desk.jobs import Jobs
from tui.desk.sends import Sends
from tui.desk.session import Session
from tui.desk.status import Status
from tui.widgets.rail import Rail
from tui.widgets.view_tabs import ViewTabs

if TYPE_CHECKING:
    from models.query import Query


class Counts:
    """Counts behind each list that was read, and says in rail, tabs, header and line what it found.

    Attributes:
        rail: The views and the values of the filter, at the left.
        tabs: The views on one line, for screens without room for the rail.
        views: The views there are, the team's own among them.
        facets: How many sends have which value, under the filter `counted`.
        counted: The filter in force when `facets` were counted; None before that.
        on_counted: Each is called when there are new counts.
    """

    def __init__(self, session: Session, jobs: Jobs, status: Status, sends: Sends) -> None:
        self.rail = Rail(ascii=session.ascii)
        self.tabs = ViewTabs()
        self.views: tuple[View, ...] = VIEWS
        self.facets = Facets()
        self.counted: Query | None = None
        self.on_counted: list[Callable[[], object]] = []
        self._session = session
        self._jobs = jobs
        self._status = status
        self._sends = sends
        self._counting: Query | None = None
        """The filter that is counted, or was last."""
        self._again = False
        """Whether the list was read again while its filter was counted."""

    def count(self) -> None:
        """Count everything again; rows never wait for it.

        What is counted for this filter already is counted to its end first: while others write all the
        time, no count would come to one.
        """
        if self._counting == self._sends.query and self._jobs.runs("counts"):
            self._again = True
        else:
            self._jobs.restart("counts", self._count)

    def forget(self) -> None:
        """Begin anew, as another desk is shown: what was counted of the one before counts no more."""
        self._jobs.stop("counts")
        self._counting = self.counted = None

    def show_view(self, view: View) -> None:
        """Say everywhere that *view* is open."""
        self._status.header.view = view.name
        self.rail.now_open = self.tabs.now_open = view.name

    def show_views(self, counts: Mapping[str, Count]) -> None:
        """Show the views with their *counts* by name; one that is missing is not known yet."""
        tabs = labels.view_tabs(self.views, counts)
        for bar in (self.rail, self.tabs):
            bar.views, bar.now_open = tabs, self._sends.view.name

    async def _count(self) -> None:
        self._again = True
        while self._again:
            self._again, self._counting = False, self._sends.query
            try:
                await self._count_once()
            except Cancelled:
                # The list was read again meanwhile: that is what is counted now.
                if not self._again:
                    raise

    async def _count_once(self) -> None:
        query, shown = self._sends.query, self._sends.shown
        if query is None or shown is None:
            return
        listed = await asyncio.to_thread(shown.count)
        if shown is self._sends.shown:
            self._show_total(listed)
        views = await asyncio.to_thread(shown.desk.view_counts)
        self.views = self._session.desk.views()
        total = await asyncio.to_thread(shown.desk.total)
        self.facets = await asyncio.to_thread(shown.desk.facets, query)
        self.counted = query
        self.show_views(views)
        header = self._status.header
        header.waiting, header.total = views.get(VIEWS[0].name), Count(total)
        self._sends.line.total = Count(total)
        self.rail.groups = labels.rail_groups(
            self.facets, query, me=self._session.options.agent, ascii=self._session.ascii
        )
        self._status.live()
        for hear in self.on_counted:
            hear()

    def _show_total(self, total: Count) -> None:
        self._sends.line.shown = total
        shown = self._sends.shown
        length = shown.length(total.value) if shown is not None else total.value
        if self._sends.list.total != length:
            self._sends.list.total = length
