"""A list whose cursor belongs to a send, not to a place: it follows the send when rows come and go."""

from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from datetime import UTC, tzinfo
from functools import partial

from textual import events
from textual.message import Message

from models.records import SendRecord
from models.values.clock import Clock, utc_now
from tui.widgets.sends.rows_view import RowSource, RowsView

FindPlace = Callable[[int], int | None]
"""Returns the place of a send by its id, or None; called on the reading thread."""


class CursorView(RowsView):
    """Rows with a cursor; the row under it always shows the send that `cursor_send` is."""

    class Moved(Message, namespace="send_list"):
        """The cursor is on another send, or on a newer state of it; None in an empty list."""

        def __init__(self, send: SendRecord | None) -> None:
            super().__init__()
            self.send = send

    def __init__(
        self,
        executor: Executor,
        clock: Clock = utc_now,
        *,
        zone: tzinfo = UTC,
        ascii: bool = False,
        id: str | None = None,
    ) -> None:
        super().__init__(executor, clock, zone=zone, ascii=ascii, id=id)
        self._at: SendRecord | None = None
        self._reported: SendRecord | None = None
        self._report_pending = False
        self._seeking = False

    @property
    def cursor_send(self) -> SendRecord | None:
        """The send under the cursor as it was last read; None if its row has not been read."""
        return self._at

    @property
    def cursor_index(self) -> int:
        """The place of the cursor; 0 in an empty list."""
        return self._view.cursor

    async def on_key(self, event: events.Key) -> None:
        """Run the list's own keys here: Textual's lookup starts at the app and takes longer.

        The key passes every node from the list to the app before it is looked up there.
        """
        node, bindings = self.screen._binding_chain[0]
        mine = bindings.key_to_bindings.get(event.key, []) if node is self else []
        for binding in mine:
            if await self.app.run_action(binding.action, self):
                event.stop().prevent_default()
                return

    def replace(
        self, source: RowSource, total: int, *, keep: bool = True, position: FindPlace | None = None
    ) -> None:
        """Show the rows of *source*.

        Args:
            source: Where the rows come from.
            total: How many there are; set `total` when it becomes known better.
            keep: Leave the cursor on its send if it is still there, else at its place; what was shown
                stays until the new rows are read. Without it the list starts from the top.
            position: Finds the send under the cursor; without it only its surroundings are searched.
        """
        self._reader.forget(unless=lambda key: key == "range")
        self._cache.invalidate(keep=keep)
        self._source = source
        self._seeking = False
        sought = self._at if keep and total else None
        if not keep:
            self._view.scroll_to(0)
            self._view.move(0)
        self._view.fit(total=total)
        self._at = sought
        if sought is not None:
            find = position or partial(_nearby, source, self._view.cursor)
            self._seeking = True
            self._reader.ask("place", partial(find, sought.id), self._found)
        self._load(also=["place"] if self._seeking else ())
        self._adopt()
        self._repaint()

    async def cursor_found(self) -> None:
        """Wait until the cursor is on a row of the list that `replace` has begun to show."""
        size = self._cache.size
        while await self._reader.done(("place", self.cursor_index // size * size)):
            self._collect()

    def correct(self, sends: Iterable[SendRecord]) -> None:
        """Show *sends* with their new state in their present rows; the next read puts them in order."""
        known = {send.id: send for send in sends}
        self._cache.correct(known)
        if self._at is not None:
            self._at = known.get(self._at.id, self._at)
        self._repaint()

    def jump(self, index: int) -> None:
        """Put the cursor on the row at *index*, in the middle of the view if it was out of view."""
        self._go(lambda: self._view.centre(index))

    def advance(self) -> None:
        """Move to the next send, or from the last one back to the one before."""
        self.action_move(1 if self.cursor_index < self._view.last else -1)

    def action_move(self, rows: int) -> None:
        """Move the cursor by *rows*."""
        self._go(lambda: self._view.move(self._view.cursor + rows))

    def action_first(self) -> None:
        """Move to the first row."""
        self._go(lambda: self._view.move(0))

    def action_last(self) -> None:
        """Move to the last row."""
        self._go(lambda: self._view.move(self._view.last))

    def action_page(self, pages: float) -> None:
        """Move by *pages*, which may be a part of one; up if negative."""
        self._go(lambda: self._view.page(int(self._view.rows * pages)))

    def cursor_passed(self, rows: Iterable[int]) -> None:
        """Hook; called after the cursor moved within the view from one of *rows* to the other."""
        self._repaint(rows)

    def cursor_carried(self, rows: int) -> None:
        """Hook; called after the cursor's send was found *rows* further down in the list."""

    def row_at(self, index: int) -> SendRecord | None:
        """Return the send at *index*; under the cursor always the one that actions are for."""
        if index == self.cursor_index and self._at is not None:
            return self._at
        return super().row_at(index)

    def rows_came(self) -> None:
        """Look for the cursor's send among the rows that were just read."""
        self._adopt()

    def view_changed(self) -> None:
        """Move the cursor into a view that the mouse has scrolled."""
        self._settle()

    def _go(self, movement: Callable[[], None]) -> None:
        """Run *movement*, which moves the cursor, then read and paint what came into view."""
        view = self._view
        top, cursor = view.top, view.cursor
        movement()
        if view.top != top:
            self._settle()
        elif view.cursor != cursor:
            self._leave()
            self._adopt()
            self.cursor_passed((cursor, view.cursor))

    def _settle(self) -> None:
        self._leave()
        self._load()
        self._adopt()
        self._repaint_below_header()

    def _leave(self) -> None:
        """Take the send of the cursor's new row: the agent moved, so the old one is no longer looked for."""
        # A stale row may stand elsewhere once it is read again, and would take the cursor along.
        is_fresh = self._cache.is_fresh(self.cursor_index)
        self._at = super().row_at(self.cursor_index) if is_fresh else None
        self._seeking = False

    def _adopt(self) -> None:
        """Make the row under the cursor the cursor's send, or go after the send if it has moved."""
        row = super().row_at(self.cursor_index)
        is_fresh = self._cache.is_fresh(self.cursor_index)
        if self._at is None and row is not None and not is_fresh:
            return
        if self._at is None or row is None or row.id == self._at.id:
            self._at = row or self._at
            self._tell()
        elif not self._seeking and is_fresh:
            place = self._cache.find(self._at.id)
            self._place(place if place is not None and place < self.total else None)

    def _found(self, index: int | None) -> None:
        """Take the place where the send that was sought stands now, unless the agent has moved."""
        if self._seeking:
            self._seeking = False
            self._place(index)

    def _place(self, index: int | None) -> None:
        """Put the cursor on its send at *index*, at the same height; None lets the send go."""
        if index is None:
            self._at = None
        else:
            self.cursor_carried(index - self.cursor_index)
            self._view.place(index, self.cursor_index - self._view.top)
            self._load()
        self._adopt()
        self._repaint()

    def _tell(self) -> None:
        if not self._report_pending and self._at != self._reported:
            self._report_pending = self.call_after_refresh(self._say)

    def _say(self) -> None:
        """Tell where the cursor is, once for all moves since the last frame."""
        self._report_pending = False
        if self._at != self._reported and (self._at is not None or not self.total):
            self._reported = self._at
            self.post_message(self.Moved(self._at))


def _nearby(source: RowSource, index: int, send_id: int) -> int | None:
    """Look for a send around *index*; runs on the reader's thread."""
    start = max(index - 200, 0)
    rows = source.window(start, 400)
    return next((start + place for place, row in enumerate(rows) if row.id == send_id), None)
