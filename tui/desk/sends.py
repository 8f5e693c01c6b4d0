"""The list of sends: one filter, its rows, and what is being read for it."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from models.errors import Cancelled, DeskError, DeskUnavailable, UnknownSend
from models.reading.counts import Count
from models.rules.views import View
from tui.desk import labels
from tui.desk.jobs import Jobs
from tui.desk.rows import ActiveReads, ListingRows
from tui.desk.session import Session
from tui.desk.status import Status
from tui.widgets.filter.filter_line import FilterLine
from tui.widgets.sends.row_cache import WINDOW
from tui.widgets.sends.send_list import SendList

if TYPE_CHECKING:
    from textual.worker import Worker

    from models.desk import Desk
    from models.query import Query
    from models.records import SendRecord

_BUSY_AFTER = 0.2
"""Seconds before a list that is waited for looks like it."""


class Sends:
    """Reads the sends of one filter and gives them to the list; every other list is asked for here.

    Attributes:
        list: The list on the screen.
        line: The filter line above it.
        query: The filter in force; None until the first list is there.
        shown: The rows of the list on the screen; None until the first list is there.
        departed_id: The send that has left the filter while the cursor was on it.
        view: The view that is open, also where its filter was changed.
        on_view: Is called with each view that is opened.
        on_read: Each is called after each list that was read, when there is something new to count.
    """

    def __init__(self, session: Session, jobs: Jobs, status: Status) -> None:
        self.list = SendList(
            session.executor, session.clock, zone=session.options.zone, ascii=session.ascii
        )
        self.line = FilterLine()
        self.query: Query | None = None
        self.shown: ListingRows | None = None
        self.departed_id: int | None = None
        self.view: View = session.options.first_view
        self.on_view: Callable[[View], object] = lambda view: None
        self.on_read: list[Callable[[], object]] = []
        self._session = session
        self._jobs = jobs
        self._status = status
        self._reads = ActiveReads()
        self._view_shown = self.view

    def show(
        self, query: "Query", *, view: View | None = None, keep: bool = True, typed: bool = False
    ) -> "Worker[None]":
        """Show the sends of *query*, then how many they are; the list that is loading is cancelled.

        Args:
            query: The filter and its order.
            view: The view that is opened by it, if it is another one.
            keep: Leave the cursor on its send.
            typed: The agent is typing this filter: the filter line stays open.

        Returns:
            The worker that reads; it ends with the list on the screen.
        """
        if view is not None:
            self._enter(view)
        if self.line.editing and not typed:
            self.line.close()
            self.list.focus()
        return self._jobs.restart("list", self._show, query, keep=keep, move_on=False)

    def reload(self, *, move_on: bool = False) -> "Worker[None] | None":
        """Read the list again under the same filter.

        Args:
            move_on: Leave the send under the cursor for the next one, if it is still in the list.

        Returns:
            The worker that reads, or None without a list.
        """
        if self.query is None:
            return None
        return self._jobs.restart("list", self._show, self.query, keep=True, move_on=move_on)

    def refresh_quietly(self) -> None:
        """Show what others wrote; a send under the cursor stays there, dimmed, until the cursor leaves it."""
        self._jobs.restart("list", self._refresh)

    def cancel(self) -> None:
        """Stop waiting for another list; the one on the screen stays."""
        self._reads.cancel_loading()
        self._enter(self._view_shown)
        self._status.say("Called off: the list is as it was.")

    def cursor_moved(self, send: "SendRecord | None") -> None:
        """Drop the row of a send that has left the filter, once the cursor is on another *send*."""
        is_elsewhere = send is None or send.id != self.departed_id
        if self.departed_id is not None and is_elsewhere and not self._jobs.runs("list"):
            self.refresh_quietly()

    def read_failed(self, error: DeskError) -> None:
        """Say that rows, or the rows of a range, could not be read."""
        if isinstance(error, Cancelled):
            self._status.say(
                "The range was not marked because the list has changed: mark it again.", "warning"
            )
        self._status.fail(error)

    def close(self) -> None:
        """Cancel what is still read for any list."""
        self._reads.cancel_loading()
        self._reads.cancel_shown()

    def _enter(self, view: View) -> None:
        if view is not self.view:
            self._session.options.memory.view = view.name
        self.view = view
        self.on_view(view)

    async def _show(self, query: "Query", *, keep: bool, move_on: bool) -> None:
        reader = self._reads.begin(self._session.desk)
        late = self.list.set_timer(_BUSY_AFTER, self._look_busy)
        try:
            rows = await self._first_rows(reader, query)
            total = await self._total_at_first(rows, query, keep=keep)
            place = None
            if move_on and (send := self.list.cursor_send):
                place = await asyncio.to_thread(rows.position, send.id)
        except DeskUnavailable:
            # The list on the screen stays, and with it the name of its view.
            self._enter(self._view_shown)
            raise
        finally:
            late.stop()
            self.list.busy = False
        self._reads.cancel_shown()
        self._display(query, rows, total, keep=keep)
        if place is not None:
            self.list.advance()
        await self._explain_if_empty(query, total)
        self._tell_read()

    async def _refresh(self) -> None:
        # A cursor that is still on its way to the next send would be held on the one that it leaves.
        await self.list.cursor_found()
        query, send = self.query, self.list.cursor_send
        if query is None:
            return
        rows = await self._first_rows(self._reads.begin(self._session.desk), query)
        total = await asyncio.to_thread(rows.count)
        place = await asyncio.to_thread(rows.position, send.id) if send else None
        has_left = send is not None and place is None
        if send is not None and has_left:
            now, at = await asyncio.to_thread(self._as_it_is_now, rows, send, total.value)
            here = self.list.cursor_send
            has_left = here is not None and here.id == send.id
            if has_left:
                rows.keep(now, at)
        self._display(query, rows, total, keep=True)
        if send is not None and has_left:
            self.departed_id = send.id
            self.list.dim([send.id])
        else:
            await self._explain_if_empty(query, total)
        self._tell_read()

    def _as_it_is_now(
        self, rows: ListingRows, send: "SendRecord", total: int
    ) -> "tuple[SendRecord, int]":
        """Return *send*, which has left the list, with its new state and the place where it stays.

        It stays below the send that it stood below.

        Raises:
            DeskError: If the database cannot be read.
        """
        try:
            now = rows.desk.case(send.id).send
        except UnknownSend:
            now = send
        index = self.list.cursor_index
        above = self.list.row_at(index - 1) if index else None
        place = rows.position(above.id) if above else None
        if index and place is not None:
            return now, place + 1
        return now, min(index, total)

    def _tell_read(self) -> None:
        for hear in self.on_read:
            hear()

    async def _first_rows(self, reader: "Desk", query: "Query") -> ListingRows:
        listing = reader.listing(query)
        first = await asyncio.to_thread(reader.window, listing, 0, WINDOW)
        return ListingRows(reader, listing, first)

    async def _total_at_first(self, rows: ListingRows, query: "Query", *, keep: bool) -> Count:
        """Return how many sends the list has, as far as that is known or cannot wait."""
        send = self.list.cursor_send
        if rows.listing.total is not None:
            return Count(rows.listing.total)
        if self.line.text == str(query) and self.line.shown is not None:
            return self.line.shown
        if keep and send is not None and send.id not in (row.id for row in rows.first):
            # The cursor may have to go further down than there would be rows.
            return await asyncio.to_thread(rows.count)
        return Count(len(rows.first), exact=False)

    def _display(self, query: "Query", rows: ListingRows, total: Count, *, keep: bool) -> None:
        """Give the list other rows."""
        from models.query import is_of_batches

        self.query, self.shown, self.departed_id = query, rows, None
        self._view_shown = self.view
        self._reads.show(rows.desk)
        self.list.warnings = rows.desk.warnings()
        self.line.text, self.line.shown = str(query), total
        self.line.is_of_total = not is_of_batches(query)
        key, descending = labels.sort_shown(query)
        self.list.show_sort(key, descending=descending)
        self.list.dim(())
        self.list.leave_out(labels.columns_without_use(query))
        self.list.replace(rows, rows.length(total.value), keep=keep, position=rows.position)

    async def _explain_if_empty(self, query: "Query", total: Count) -> None:
        """Never leave an empty list without a sentence and a key."""
        if not total.value:
            session = self._session
            why = await asyncio.to_thread(
                labels.nothing_here, session.desk, self.view, query, session.keys
            )
            self.list.show_notice(why)

    def _look_busy(self) -> None:
        self.list.busy = True
