"""What the desk shows: one filter, its sends, the case under the cursor, and the counts."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

from textual import on
from textual.notifications import SeverityLevel
from textual.screen import Screen

from models.counts import Count, Facets
from models.errors import DeskError, DeskUnavailable, WrongSchema
from models.records import SendRecord
from models.views import VIEWS, View
from tui.screens import summary
from tui.screens.working import desk_work
from tui.settings import Settings
from tui.widgets.case_pane import CasePane
from tui.widgets.desk_header import DeskHeader
from tui.widgets.filter_line import FilterLine
from tui.widgets.notice import Notice
from tui.widgets.rail import NextStep, Rail, ViewTabs
from tui.widgets.send_list import SendList

if TYPE_CHECKING:
    from models.desk import Desk
    from models.listing import Listing
    from models.query import Query

T = TypeVar("T")
_PATIENCE = 0.2
"""Seconds before a list that is waited for looks like it."""
_REST = 0.08
"""Seconds between two moves that are one: more than between two keys of a keyboard that repeats."""


@dataclass(frozen=True, slots=True)
class ListedRows:
    """The rows of one listing, for the list's reader thread."""

    desk: "Desk"
    listing: "Listing"

    def window(self, start: int, count: int) -> tuple[SendRecord, ...]:
        """Return up to *count* rows from place *start* on."""
        return self.desk.window(self.listing, start, count)


class Browsing(Screen[None]):
    """Reads for its widgets; everything they show comes through here."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.clock = settings.clock
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
        self.reader = ThreadPoolExecutor(1, thread_name_prefix="rows")
        self._desk: Desk | None = None
        self._moved_at = 0.0

    @property
    def desk(self) -> "Desk":
        """The open desk; nothing that needs it is bound before it is there."""
        assert self._desk is not None
        return self._desk

    @property
    def is_open(self) -> bool:
        """Whether the database is open."""
        return self._desk is not None

    @property
    def list(self) -> SendList:
        """The list of sends."""
        return self.query_one(SendList)

    @property
    def pane(self) -> CasePane:
        """The case under the cursor."""
        return self.query_one(CasePane)

    async def read(self, job: Callable[..., T], *given: object) -> T:
        """Run *job* on the one thread that reads lists; its answers keep their order."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.reader, partial(job, *given))

    @desk_work("list", exclusive=True)
    async def show(self, query: "Query", *, keep: bool = True, move_on: bool = False) -> None:
        """Show the sends of *query*.

        Args:
            query: The filter and its order.
            keep: Leave the cursor on its send.
            move_on: Leave it for the next send, if its own is still in the list.
        """
        late = self.set_timer(_PATIENCE, self._look_busy)
        try:
            listing = self.desk.listing(query)
            total = await self.read(self.desk.count, listing)
            place = None
            if move_on and (send := self.list.cursor_send):
                place = await self.read(self.desk.position, listing, send.id)
        finally:
            late.stop()
            self.list.busy = False
        self._put(query, listing, total, keep=keep)
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
        listing = self.desk.listing(query)
        total = await self.read(self.desk.count, listing)
        left = send is not None and await self.read(self.desk.position, listing, send.id) is None
        if send is not None and left and self.list.cursor_send == send:
            self.left = send.id
            self.list.dim([send.id])
        else:
            self._put(query, listing, total, keep=True)
            await self._say_if_nothing(query, total)
        self.count()

    def _put(self, query: "Query", listing: "Listing", total: Count, *, keep: bool) -> None:
        """Give the list other rows."""
        self.query_now, self.listing, self.left = query, listing, None
        line = self.query_one(FilterLine)
        line.text, line.shown = str(query), total
        column, descending = summary.sort_shown(query)
        self.list.show_sort(column, descending=descending)
        self.list.dim(())
        self.list.replace(
            ListedRows(self.desk, listing),
            total.value,
            keep=keep,
            position=partial(self.desk.position, listing),
        )

    async def _say_if_nothing(self, query: "Query", total: Count) -> None:
        """Never leave an empty list without a sentence and a key."""
        if not total.value:
            self.follow(None)
            said = await asyncio.to_thread(summary.nothing_here, self.desk, self.view, query)
            self.list.show_notice(said)

    def _look_busy(self) -> None:
        self.list.busy = True

    @desk_work("counts", exclusive=True)
    async def count(self) -> None:
        """Count the views and the values of the filter; rows never wait for it."""
        if self.query_now is None:
            return
        views = await asyncio.to_thread(self.desk.view_counts)
        self.views = self.desk.views()
        total = await asyncio.to_thread(self.desk.total)
        self.facets = await asyncio.to_thread(self.desk.facets, self.query_now)
        self._show_views(views)
        header = self.query_one(DeskHeader)
        header.waiting, header.total = views.get(VIEWS[0].name), Count(total)
        self.query_one(FilterLine).total = Count(total)
        self.query_one(Rail).groups = summary.rail_groups(
            self.facets, self.query_now, me=self.agent, ascii=self.ascii
        )
        self.recover()
        self.counted()

    def counted(self) -> None:
        """Take notice of new counts."""

    def enter(self, view: View) -> None:
        """Say everywhere which view is open."""
        self.view = view
        self.query_one(DeskHeader).view = view.name
        for bar in (self.query_one(Rail), self.query_one(ViewTabs)):
            bar.now_open = view.name

    def reload(self, *, move_on: bool = False) -> None:
        """Read the list again under the same filter."""
        if self.query_now is not None:
            self.show(self.query_now, move_on=move_on)

    def say(self, sentence: str, severity: SeverityLevel = "information") -> None:
        """Tell the agent something that may quote data."""
        self.notify(sentence, severity=severity, markup=False)

    def fail(self, error: DeskError) -> None:
        """Say that something did not work; while the database does not answer, what is shown stays."""
        if not isinstance(error, DeskUnavailable | WrongSchema):
            self.say(str(error), severity="warning")
            return
        notice = self.query_one(Notice)
        notice.message, notice.key = str(error), "r try again"
        header = self.query_one(DeskHeader)
        header.state, header.fresh = "not up to date", False

    def recover(self) -> None:
        """Say that what is shown is what the database holds."""
        self.query_one(Notice).message = ""
        header = self.query_one(DeskHeader)
        header.state, header.fresh = "live", True

    @on(SendList.Moved)
    def _moved(self, event: SendList.Moved) -> None:
        # A held key passes many sends; only where the cursor rests is the case worth reading.
        former, self._moved_at = self._moved_at, monotonic()
        self.follow(event.send, wait=_REST if self._moved_at - former < _REST else 0.0)
        if self.left is not None and (event.send is None or event.send.id != self.left):
            self.merge()

    @on(SendList.Failed)
    def _not_read(self, event: SendList.Failed) -> None:
        self.fail(event.error)

    @desk_work("case", exclusive=True)
    async def follow(self, send: SendRecord | None, *, wait: float = 0.0) -> None:
        """Show the case of *send*, unless another is followed within *wait* seconds."""
        await asyncio.sleep(wait)
        case = await asyncio.to_thread(self.desk.case, send.id) if send and self.is_open else None
        self.pane.now = self.clock()
        self.pane.case = case
        step = self.query_one(NextStep)
        step.title, step.body = (case.advice.title, case.advice.body) if case else ("", "")
        step.tone = summary.tone_of(case.advice.urgency) if case else "muted"

    def _show_views(self, counts: dict[str, Count]) -> None:
        tabs = summary.view_tabs(self.views, counts)
        for bar in (self.query_one(Rail), self.query_one(ViewTabs)):
            bar.views, bar.now_open = tabs, self.view.name
