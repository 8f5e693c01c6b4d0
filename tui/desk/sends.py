"""What the desk shows: one filter, its sends, the case under the cursor, and the counts."""

import asyncio
from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

from textual import on

from models.errors import Cancelled
from models.reading.counts import Count, Facets
from models.rules.views import VIEWS, View
from tui.desk import labels
from tui.desk.case import Following
from tui.desk.jobs import desk_work
from tui.desk.rows import ListedRows, Readers
from tui.settings import Settings
from tui.widgets.filter.filter_line import FilterLine
from tui.widgets.rail import Rail
from tui.widgets.sends.row_cache import WINDOW
from tui.widgets.sends.send_list import SendList
from tui.widgets.view_tabs import ViewTabs

if TYPE_CHECKING:
    from textual.worker import Worker

    from models.desk import Desk
    from models.query import Query
    from models.reading.listing import Listing

T = TypeVar("T")
_PATIENCE = 0.2
"""Seconds before a list that is waited for looks like it."""
_REST = 0.08
"""Seconds between two moves that are one: more than between two keys of a keyboard that repeats."""


class Browsing(Following):
    """Reads for its widgets; everything they show comes through here."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.zone = settings.zone
        self.ascii = settings.ascii
        self.agent = settings.agent
        self.view: View = VIEWS[-1] if settings.query else VIEWS[0]
        self.views: tuple[View, ...] = VIEWS
        self.query_now: Query | None = None
        self.listing: Listing | None = None
        self.facets = Facets()
        self.left: int | None = None
        """The send that has left the filter while the cursor was on it."""
        self.reader = self.session.executor
        self.readers = Readers()
        self._view_shown = self.view
        self._moved_at = 0.0

    @property
    def lister(self) -> "Desk":
        """The desk as it reads for the list on the screen; another list calls its reads off."""
        return self.readers.shown or self.desk

    @property
    def list(self) -> SendList:
        """The list of sends."""
        return self.query_one(SendList)

    async def read(self, job: Callable[..., T], *given: object) -> T:
        """Run *job* on the one thread that reads lists; its answers keep their order."""
        return await self.session.read(job, *given)

    @desk_work("list", exclusive=True)
    async def show(self, query: "Query", *, keep: bool = True, move_on: bool = False) -> None:
        """Show the sends of *query*, then how many they are.

        What is still read for another list is called off.

        Args:
            query: The filter and its order.
            keep: Leave the cursor on its send.
            move_on: Leave it for the next send, if its own is still in the list.
        """
        reader = self.readers.begin(self.desk)
        late = self.set_timer(_PATIENCE, self._look_busy)
        try:
            rows = await self._first_rows(reader, query)
            total = await self._total_at_first(rows, query, keep=keep)
            place = None
            if move_on and (send := self.list.cursor_send):
                place = await asyncio.to_thread(rows.position, send.id)
        finally:
            late.stop()
            self.list.busy = False
        self.readers.forget_shown()
        self._put(query, rows, total, keep=keep)
        if place is not None:
            self.list.advance()
        await self._say_if_nothing(query, total)
        self.count()

    @desk_work("list", exclusive=True)
    async def merge(self) -> None:
        """Show what others wrote; the row under the cursor stays until the cursor leaves it."""
        query, send = self.query_now, self.list.cursor_send
        if query is None:
            return
        rows = await self._first_rows(self.readers.begin(self.desk), query)
        total = await asyncio.to_thread(rows.desk.count, rows.listing)
        place = await asyncio.to_thread(rows.position, send.id) if send else None
        if send is not None and place is None and self.list.cursor_send == send:
            self.left = send.id
            self.list.dim([send.id])
        else:
            self._put(query, rows, total, keep=True)
            await self._say_if_nothing(query, total)
        self.count()

    async def _first_rows(self, reader: "Desk", query: "Query") -> ListedRows:
        listing = reader.listing(query)
        return ListedRows(
            reader, listing, await asyncio.to_thread(reader.window, listing, 0, WINDOW)
        )

    async def _total_at_first(self, rows: ListedRows, query: "Query", *, keep: bool) -> Count:
        """Return how many sends the list has, as far as that is known or cannot wait."""
        line, send = self.query_one(FilterLine), self.list.cursor_send
        if rows.listing.total is not None:
            return Count(rows.listing.total)
        if line.text == str(query) and line.shown is not None:
            return line.shown
        if keep and send is not None and send.id not in (row.id for row in rows.first):
            # The cursor may have to go further down than there would be rows.
            return await asyncio.to_thread(rows.desk.count, rows.listing)
        return Count(len(rows.first), exact=False)

    async def total(self) -> int:
        """Return how many sends the list has, which is counted if it was not yet."""
        if self.listing is None:
            return 0
        return (await asyncio.to_thread(self.lister.count, self.listing)).value

    def call_off(self) -> None:
        """Stop waiting for another list; the one on the screen stays."""
        self.readers.forget_asked()
        self.enter(self._view_shown)
        self.say("Called off: the list is as it was.")

    def runs(self, *groups: str) -> bool:
        """Whether work of one of *groups* is under way."""
        return self.jobs.runs(*groups)

    def _put(self, query: "Query", rows: ListedRows, total: Count, *, keep: bool) -> None:
        """Give the list other rows."""
        self.query_now, self.listing, self.left = query, rows.listing, None
        self._view_shown = self.view
        self.readers.put(rows.desk)
        line = self.query_one(FilterLine)
        line.text, line.shown = str(query), total
        column, descending = labels.sort_shown(query)
        self.list.show_sort(column, descending=descending)
        self.list.dim(())
        self.list.replace(rows, total.value, keep=keep, position=rows.position)

    async def _say_if_nothing(self, query: "Query", total: Count) -> None:
        """Never leave an empty list without a sentence and a key."""
        if not total.value:
            self.follow(None)
            said = await asyncio.to_thread(labels.nothing_here, self.desk, self.view, query)
            self.list.show_notice(said)

    def _look_busy(self) -> None:
        self.list.busy = True

    @desk_work("counts", exclusive=True)
    async def count(self) -> None:
        """Count the list, the views and the values of the filter; rows never wait for it."""
        listing, reader = self.listing, self.lister
        if self.query_now is None or listing is None:
            return
        listed = await asyncio.to_thread(reader.count, listing)
        if listing is self.listing:
            self._show_total(listed)
        views = await asyncio.to_thread(reader.view_counts)
        self.views = self.desk.views()
        total = await asyncio.to_thread(reader.total)
        self.facets = await asyncio.to_thread(reader.facets, self.query_now)
        self._show_views(views)
        header = self.status.header
        header.waiting, header.total = views.get(VIEWS[0].name), Count(total)
        self.query_one(FilterLine).total = Count(total)
        self.query_one(Rail).groups = labels.rail_groups(
            self.facets, self.query_now, me=self.agent, ascii=self.ascii
        )
        self.status.live()
        self.counted()

    def _show_total(self, total: Count) -> None:
        self.query_one(FilterLine).shown = total
        if self.list.total != total.value:
            self.list.total = total.value

    def counted(self) -> None:
        """Take notice of new counts."""

    def enter(self, view: View) -> None:
        """Say everywhere which view is open."""
        self.view = view
        self.status.header.view = view.name
        for bar in (self.query_one(Rail), self.query_one(ViewTabs)):
            bar.now_open = view.name

    def reload(self, *, move_on: bool = False) -> "Worker[None] | None":
        """Read the list again under the same filter; return the worker that does it."""
        return None if self.query_now is None else self.show(self.query_now, move_on=move_on)

    @on(SendList.Moved)
    def _moved(self, event: SendList.Moved) -> None:
        # A held key passes many sends; only where the cursor rests is the case worth reading.
        former, self._moved_at = self._moved_at, monotonic()
        self.follow(event.send, wait=_REST if self._moved_at - former < _REST else 0.0)
        is_elsewhere = event.send is None or event.send.id != self.left
        if self.left is not None and is_elsewhere and not self.runs("list"):
            self.merge()

    @on(SendList.Failed)
    def _not_read(self, event: SendList.Failed) -> None:
        if isinstance(event.error, Cancelled):
            self.say("The range was not marked: another list came first.", "warning")
        self.fail(event.error)

    def _show_views(self, counts: dict[str, Count]) -> None:
        tabs = labels.view_tabs(self.views, counts)
        for bar in (self.query_one(Rail), self.query_one(ViewTabs)):
            bar.views, bar.now_open = tabs, self.view.name
