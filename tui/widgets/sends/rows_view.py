"""A view into a list of any length that reads the rows it shows, and a few more on both sides."""

from collections.abc import Iterable
from concurrent.futures import Executor
from datetime import UTC, tzinfo
from functools import partial
from typing import Final, Protocol

from rich.cells import cell_len
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip

from models.errors import DeskError
from models.records import SendRecord
from models.rules.due import USUAL_WARNINGS
from models.rules.send_columns import SHOWN_BY
from models.values.clock import Clock, utc_now
from models.values.text import display_text
from tui.style.glyphs import plain
from tui.widgets.sends.background_reader import BackgroundReader
from tui.widgets.sends.column_layout import GUTTER, arrange
from tui.widgets.sends.columns import LIST_COLUMNS, RenderContext, fit
from tui.widgets.sends.line_view import HEADER, LineView
from tui.widgets.sends.row_cache import RowCache
from tui.widgets.sends.row_text import Pieces, RowState, RowStyle, heading, send_lines

PATIENCE: Final = 0.008
"""Seconds that a movement waits for its rows: nearly every read ends within them, and no `…` is shown."""


class RowSource(Protocol):
    """Where the rows come from; called on the reading thread only."""

    def window(self, start: int, count: int) -> tuple[SendRecord, ...]:
        """Return up to *count* rows from place *start* on.

        Raises:
            DeskError: If they cannot be read.
        """


class RowsView(LineView):
    """The rows in view under a line of titles, read as they come into view.

    Attributes:
        patience: Seconds that a movement waits for its rows.
        warnings: How long before their limits sends count as due soon.
    """

    class Failed(Message, namespace="send_list"):
        """Rows could not be read; the rows on the screen stay."""

        def __init__(self, error: DeskError) -> None:
            super().__init__()
            self.error = error

    class Woken(Message):
        """The reader has something to collect."""

    def __init__(
        self,
        executor: Executor,
        clock: Clock = utc_now,
        *,
        zone: tzinfo = UTC,
        ascii: bool = False,
        id: str | None = None,
    ) -> None:
        super().__init__(ascii=ascii, id=id)
        self.patience = PATIENCE
        self.warnings = USUAL_WARNINGS
        self._clock = clock
        self._zone = zone
        self._source: RowSource | None = None
        self._reader = BackgroundReader(executor, lambda: self.post_message(self.Woken()))
        self._cache = RowCache()
        self._names: tuple[str, ...] = tuple(LIST_COLUMNS)
        self._left_out: tuple[str, ...] = ()
        self._scroll = 0
        self._layout = arrange((), 0)
        self._arranged: Size | None = None
        self._sort: tuple[str, bool] | None = None
        self._shows_all = False
        self._notice: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """How many rows the list has, in view or not."""
        return self._view.total

    @total.setter
    def total(self, total: int) -> None:
        self._cache.drop(self.total)
        self._view.fit(total=total)
        self._load()
        self.rows_came()
        self._repaint()

    def set_columns(self, names: Iterable[str]) -> None:
        """Show the columns *names* (keys of `LIST_COLUMNS`), in this order, as far as there is room."""
        self._names, self._scroll = tuple(names), 0
        self._arrange()

    def leave_out(self, names: tuple[str, ...]) -> None:
        """Show the columns *names* no more, until this is called with others."""
        if names != self._left_out:
            self._left_out, self._scroll = names, 0
            self._arrange()

    def show_sort(self, key: str | None, *, descending: bool = False) -> None:
        """Put an arrow beside the title of the column with the sort key *key*; None removes it."""
        sort = None if key is None else (key, descending)
        moves = _column_of(sort) != _column_of(self._sort)
        self._sort = sort
        if moves and self._arranged is not None:
            self._arrange()
        else:
            self._repaint()

    @property
    def shows_all(self) -> bool:
        """Whether each send has a line more where its columns have no room beside each other."""
        return self._shows_all

    @shows_all.setter
    def shows_all(self, shows_all: bool) -> None:
        if shows_all != self._shows_all:
            self._shows_all, self._scroll = shows_all, 0
            self._arrange()

    def show_notice(self, sentence: str) -> None:
        """Show *sentence*, one line or more, while the list has no rows."""
        self._notice = tuple(display_text(sentence, one_line=False).split("\n"))
        self._repaint()

    def action_scroll_columns(self, step: int) -> None:
        """Scroll the columns that are not frozen by *step*."""
        scroll = min(max(self._scroll + step, 0), self._layout.furthest)
        if scroll != self._scroll:
            self._scroll = scroll
            self._arrange()

    def state_of(self, index: int, send: SendRecord | None) -> tuple[RowStyle, RowState]:
        """Return how the row at *index* is painted."""
        return "row", RowState()

    def row_at(self, index: int) -> SendRecord | None:
        """Return the send at *index*, or None while it is not read."""
        return self._cache.row(index) if index < self.total else None

    def rows_came(self) -> None:
        """Hook; called after rows were read."""

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the lines within *crop*; the first frame is painted before any resize event."""
        if self._arranged != self.size:
            self._arrange()
        return super().render_lines(crop)

    def _arrange(self) -> None:
        self._arranged = self.size
        self._layout = arrange(
            [name for name in self._names if name not in self._left_out],
            max(self.size.width - 1, 0),
            self._scroll,
            sorted_by=_column_of(self._sort),
            with_rest=self._shows_all,
        )
        self._row_height = self._layout.lines
        self._view.fit(rows=(self.size.height - HEADER) // self._row_height)
        self._load()
        self._repaint()

    def _load(self, also: Iterable[str] = ()) -> None:
        """Read the rows in view, wait for them a moment, and read ahead on both sides."""
        source, windows, reader = self._source, self._cache, self._reader
        if source is None or not self.total:
            return
        seen = windows.starts(self._view.top, self._view.bottom)
        size = windows.size
        near = windows.starts(max(seen[0] - size, 0), min(seen[-1] + 2 * size, self.total))
        reader.forget(unless=lambda key: not isinstance(key, int) or key in near)
        lacking = windows.missing(seen)
        for start in (*lacking, *windows.missing(near)):
            reader.ask(start, partial(source.window, start, size), partial(self._take, start))
        if lacking or also:
            self._collect((*also, *lacking))

    def _take(self, start: int, rows: tuple[SendRecord, ...]) -> None:
        self._cache.put(start, rows)
        self.rows_came()
        if start < self._view.bottom and start + self._cache.size > self._view.top:
            self._repaint_below_header()

    def _collect(self, keys: Iterable[object] = ()) -> None:
        try:
            self._reader.wait(keys, self.patience)
        except DeskError as error:
            self.post_message(self.Failed(error))

    def on_rows_view_woken(self, event: Woken) -> None:
        """Collect what the reading thread has read."""
        event.stop()
        self._collect()

    def on_resize(self) -> None:
        """Fit the columns and the rows to the new size."""
        if self._arranged != self.size:
            self._arrange()

    def line(self, y: int) -> tuple[RowStyle, Pieces]:
        """Return the line of titles, a row, or the sentence that an empty list shows."""
        layout = self._layout
        if y < HEADER:
            return "header", heading(layout, self._sort, self._ascii)
        row, part = divmod(y - HEADER, layout.lines)
        index = self._view.top + row
        if index < self._view.bottom and row < self._view.rows:
            send = self.row_at(index)
            row_style, state = self.state_of(index, send)
            context = RenderContext(self._clock(), self._zone, self._ascii, self.warnings)
            return row_style, list(send_lines(send, layout, context, state))[part]
        said = self._notice[y - 2] if not self.total and 0 <= y - 2 < len(self._notice) else ""
        text = fit(" " * GUTTER + said, layout.width, plain("…", self._ascii))
        return "row", [(text, "muted"), (" " * (layout.width - cell_len(text)), "muted")]


def _column_of(sort: tuple[str, bool] | None) -> str:
    """Return the column that shows what a list is sorted by, or an empty string."""
    return SHOWN_BY[sort[0]] if sort is not None else ""
