"""The list of sends: a cursor and marks that belong to sends, not to places in the list."""

from collections.abc import Iterable
from concurrent.futures import Executor
from datetime import UTC, tzinfo
from functools import partial
from typing import ClassVar, Final

from textual import events
from textual.message import Message

from models.records import SendRecord
from models.values.clock import Clock, utc_now
from tui.widgets.bindings import bindings
from tui.widgets.sends.cursor_view import CursorView
from tui.widgets.sends.line_view import HEADER
from tui.widgets.sends.row_text import RowState, RowStyle, column_at

MOST_MARKED_AT_ONCE: Final = 5_000
"""The longest range, and the longest list, that is marked; for more sends there is `senddesk set --query`."""


class SendList(CursorView):
    """Any number of sends, one of them under the cursor, some of them marked.

    The cursor stays on its send when the list is replaced or grows above it, and the row under the
    cursor always shows the send that `cursor_send` is.

    Args:
        executor: One thread that reads rows; it belongs to the caller.
        clock: Tells the present, for due times and ages.
        zone: The time zone that moments are shown in.
        ascii: Draw with ASCII signs only.
        id: The widget's id.
    """

    BINDINGS: ClassVar = bindings("list")

    class Opened(Message):
        """The agent wants to see this send in full."""

        def __init__(self, send: SendRecord) -> None:
            super().__init__()
            self.send = send

    class Marked(Message):
        """The number of marked sends has changed."""

        def __init__(self, count: int) -> None:
            super().__init__()
            self.count = count

    class TitleClicked(Message):
        """The title of the column with the key *column* was clicked."""

        def __init__(self, column: str) -> None:
            super().__init__()
            self.column = column

    class RangeTooLong(Message):
        """A range of *count* rows was not marked, since it is longer than `MOST_MARKED_AT_ONCE`."""

        def __init__(self, count: int) -> None:
            super().__init__()
            self.count = count

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
        self._marks: dict[int, SendRecord] = {}
        self._anchor: int | None = None
        self._gone: frozenset[int] = frozenset()
        self._arrived: frozenset[int] = frozenset()
        self._busy = False

    @property
    def busy(self) -> bool:
        """Whether the list waits for other rows, and looks like it."""
        return self._busy

    @busy.setter
    def busy(self, busy: bool) -> None:
        if busy != self._busy:
            self._busy = busy
            self._repaint()

    @property
    def is_ranging(self) -> bool:
        """Whether a range was begun and not yet marked."""
        return self._anchor is not None

    def marked(self) -> tuple[SendRecord, ...]:
        """Return the marked sends in the order they were marked."""
        return tuple(self._marks.values())

    def mark_sends(self, sends: Iterable[SendRecord]) -> None:
        """Mark *sends* too, whether or not they are in the list."""
        self._marks.update((send.id, send) for send in sends)
        self._marks_changed()

    def unmark(self, ids: Iterable[int]) -> None:
        """Take the marks of the sends with these *ids* away, and the beginning of a range."""
        for each in ids:
            self._marks.pop(each, None)
        self._anchor = None
        self._marks_changed()

    def correct(self, sends: Iterable[SendRecord]) -> None:
        """Show *sends* with their new state, in their present rows and wherever they are marked."""
        corrected = tuple(sends)
        self._marks.update((send.id, send) for send in corrected if send.id in self._marks)
        super().correct(corrected)

    def dim(self, ids: Iterable[int]) -> None:
        """Strike through the sends with these *ids*, and no others: they no longer fit the filter."""
        self._gone = frozenset(ids)
        self._repaint()

    def show_arrived(self, ids: Iterable[int]) -> None:
        """Put a sign on the sends with these *ids*, and on no others: time has brought them."""
        arrived = frozenset(ids)
        if arrived != self._arrived:
            self._arrived = arrived
            self._repaint()

    def on_mount(self) -> None:
        """Repaint every minute, so that due times and ages follow the clock."""
        self.set_interval(60, self._repaint)

    def action_open(self) -> None:
        """Ask for the send under the cursor in full."""
        if self._at is not None:
            self.post_message(self.Opened(self._at))

    def action_mark(self) -> None:
        """Mark the send under the cursor, or take its mark away, and move down."""
        if self._at is None:
            return
        if self._marks.pop(self._at.id, None) is None:
            self._marks[self._at.id] = self._at
        self._marks_changed([self.cursor_index])
        self.action_move(1)

    def action_range(self) -> None:
        """Begin a range at the cursor, or mark the one that was begun."""
        if self._anchor is None:
            self._anchor = self.cursor_index if self.total else None
            self._repaint([self.cursor_index])
            return
        first, last = sorted((self._anchor, self.cursor_index))
        self._anchor = None
        if last - first < MOST_MARKED_AT_ONCE and self._source is not None:
            job = partial(self._source.window, first, last - first + 1)
            self._reader.ask("range", job, self.mark_sends)
            self._collect(["range"])
        else:
            self.post_message(self.RangeTooLong(last - first + 1))
        self._repaint()

    async def close_range(self) -> bool:
        """Mark the range that was begun, if one was; return whether all of it is marked."""
        if self._anchor is None:
            return True
        ends = {self._anchor, self.cursor_index}
        self.action_range()
        while await self._reader.done(["range"]):
            self._collect()
        # A range that could not be read, or was too long, leaves its ends without a mark.
        rows = map(self.row_at, ends)
        return all(send is None or send.id in self._marks for send in rows) and bool(self._marks)

    def action_clear_marks(self) -> None:
        """Take every mark away, and the beginning of a range."""
        self._marks.clear()
        self._anchor = None
        self._marks_changed()

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the row, or open the row that has it; a title sorts by its column."""
        if event.y < HEADER:
            column = column_at(self._layout, event.x)
            if column is not None:
                self.post_message(self.TitleClicked(column))
            return
        index = self._view.top + (event.y - HEADER) // self._row_height
        if event.x >= self.size.width - 1 or index >= self._view.bottom:
            return
        if index == self.cursor_index:
            self.action_open()
        else:
            self._go(lambda: self._view.move(index))

    def state_of(self, index: int, send: SendRecord | None) -> tuple[RowStyle, RowState]:
        """Return how the row at *index* is painted: cursor, mark, range, left the filter."""
        cursor = index == self.cursor_index
        anchor = cursor if self._anchor is None else self._anchor
        low, high = sorted((anchor, self.cursor_index))
        in_range = self._anchor is not None and low <= index <= high
        marked = send is not None and send.id in self._marks
        row_style: RowStyle = "cursor" if cursor else "row"
        if send is not None and send.id in self._gone:
            row_style = "cursor_gone" if cursor else "gone"
        elif self._busy and not cursor:
            row_style = "busy"
        arrived = send is not None and send.id in self._arrived
        return row_style, RowState(cursor=cursor, marked=marked, in_range=in_range, arrived=arrived)

    def rows_came(self) -> None:
        """Keep the cursor on its send, and take the newest state of the marked sends."""
        super().rows_came()
        if self._marks:
            seen = map(self.row_at, range(self._view.top, self._view.bottom))
            self._marks.update((send.id, send) for send in seen if send and send.id in self._marks)

    def cursor_passed(self, rows: Iterable[int]) -> None:
        """Repaint the rows that the cursor left and reached; while a range is open, all between them."""
        low, high = sorted(rows)
        super().cursor_passed((low, high) if self._anchor is None else range(low, high + 1))

    def cursor_carried(self, rows: int) -> None:
        """Move the beginning of a range by as many rows."""
        if self._anchor is not None:
            self._anchor += rows

    def _marks_changed(self, rows: Iterable[int] | None = None) -> None:
        self._repaint(rows)
        self.post_message(self.Marked(len(self._marks)))
