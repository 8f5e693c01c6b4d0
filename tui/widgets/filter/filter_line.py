"""The filter line: what the list is narrowed to, and where the agent types another filter."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static

from models.errors import BadQuery
from models.reading.counts import Count
from tui.widgets.desk_header import number
from tui.widgets.filter.filter_input import FilterInput
from tui.widgets.filter.text import (
    LONGEST,
    Completion,
    HistoryCursor,
    coloured,
    completed,
    explained,
    offered,
    start_of,
)
from tui.widgets.styled_text import KEY, QUIET

_DELAY = 0.12
"""Seconds without a key press before the list follows what is typed."""
_MOST_ROWS = 10
_WIDEST_BOX = 72
_NARROWEST_BOX = 36
_ROWS_BELOW = 1
"""Rows that the completions leave at the bottom of the screen: that of the keys."""


class FilterLine(Widget):
    """Shows the filter and its count; `edit` opens the field.

    The list follows while the agent types; a filter that cannot be read leaves the list as it is.
    """

    text: reactive[str] = reactive("")
    """The filter in force, in its canonical spelling."""
    shown: reactive[Count | None] = reactive(None)
    """How many sends the filter leaves."""
    total: reactive[Count | None] = reactive(None)
    """How many sends there are."""
    is_of_total: reactive[bool] = reactive(True)
    """Whether what is shown is among them: batches are none."""
    error: reactive[BadQuery | None] = reactive(None)
    """Why the text in the field cannot be read."""
    completions: reactive[tuple[Completion, ...]] = reactive(())
    """Ways to finish the word at the cursor, from the screen."""
    editing: reactive[bool] = reactive(False)

    @dataclass
    class Clicked(Message):
        """The line was clicked while it only shows the filter."""

    @dataclass
    class Changed(Message):
        """The agent stopped typing for a moment."""

        text: str
        cursor: int
        """Where the cursor stands, for completions."""

    @dataclass
    class Submitted(Message):
        """The agent wants this filter."""

        text: str

    @dataclass
    class Cancelled(Message):
        """The agent left the line; the filter from before holds again."""

        text: str
        """That filter."""

    def __init__(self, *, delay: float = _DELAY) -> None:
        super().__init__()
        self._delay = delay
        self._timer: Timer | None = None
        self.recent: Sequence[str] = ()
        """The agent's last filters, the newest first, from the screen."""
        self._history = HistoryCursor()

    def compose(self) -> ComposeResult:
        """Lay the line out over its error and its completions."""
        with Horizontal(id="filter-row"):
            yield Static(id="filter-sign")
            yield Static(id="filter-text")
            yield FilterInput(self, id="filter-input", max_length=LONGEST)
            yield Static(id="filter-count")
        yield Static(id="filter-error")
        yield OptionList(id="filter-completions", compact=True)

    def on_mount(self) -> None:
        """Show the filter; the completions never take the focus."""
        self._completions.can_focus = False
        self._input.select_on_focus = False
        for name in ("text", "shown", "total", "is_of_total", "error", "editing"):
            self.watch(self, name, self._show)

    @property
    def is_waiting(self) -> bool:
        """Whether something was typed that `Changed` has not reported yet."""
        return self._timer is not None

    @property
    def is_choosing(self) -> bool:
        """Whether one of the completions is chosen."""
        return self._completions.highlighted is not None

    def on_descendant_blur(self) -> None:
        """Close the field if the agent goes on in another widget; the list keeps its filter."""
        focused = self.screen.focused
        if self.editing and focused is not None and focused is not self._input:
            self.close()

    def edit(self, text: str | None = None) -> None:
        """Open the field, with *text* or else with the filter in force."""
        value = self.text if text is None else text
        self._put(f"{value} " if value and text is None else value)
        self._history = HistoryCursor(self.recent, self._input.value)
        self.editing = True
        self._input.focus()

    def close(self) -> None:
        """Close the field and forget its error."""
        self._stop_timer()
        self.error = None
        self.completions = ()
        self.editing = False

    def accept(self) -> bool:
        """Take the chosen completion, else the first; return whether there was one."""
        if not self.completions:
            return False
        self._take(self.completions[self._completions.highlighted or 0])
        return True

    def accept_pointed(self) -> bool:
        """Take the chosen completion; return whether one was chosen."""
        return self.is_choosing and self.accept()

    def point(self, by: int) -> None:
        """Choose the next (1) or previous (-1) completion, or recall a newer (1) or older (-1) filter.

        The arrows recall filters as long as nothing else was typed; in an empty field `↑` always does.
        """
        pointed, value = self._completions.highlighted, self._input.value
        back_from_nothing = not value and by < 0 and pointed is None
        if back_from_nothing:
            self._history = HistoryCursor(self.recent)
        if back_from_nothing or (not self.completions and value == self._history.text):
            self._recall(self._history.move(-by))
        elif self.completions:
            start = -1 if pointed is None and by > 0 else pointed or 0
            self._completions.highlighted = (start + by) % len(self.completions)

    def leave(self) -> None:
        """Close the completions if they are open, else the line."""
        if self.completions:
            self.completions = ()
            return
        self.close()
        self.post_message(self.Cancelled(self.text))

    def on_click(self, event: events.Click) -> None:
        """Ask for the field."""
        event.stop()
        if not self.editing:
            self.post_message(self.Clicked())

    @on(Input.Changed)
    def _follow(self, event: Input.Changed) -> None:
        event.stop()
        self._stop_timer()
        if not self.editing:
            return
        if self._delay:
            self._timer = self.set_timer(self._delay, self._announce)
        else:
            self._announce()

    @on(Input.Submitted)
    def _run(self, event: Input.Submitted) -> None:
        event.stop()
        self._stop_timer()
        self.completions = ()
        self.post_message(self.Submitted(event.value.strip()))

    @on(OptionList.OptionSelected)
    def _take_clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self._take(self.completions[event.option_index])

    def watch_completions(self, completions: Sequence[Completion]) -> None:
        """Show the completions under the field; none is chosen yet."""
        if not self.is_mounted:
            return
        self._completions.set_options(offered(completions))
        self._completions.highlighted = None
        self._completions.display = bool(completions)
        if completions:
            self._place(completions[0])

    def on_resize(self) -> None:
        """Keep the completions under their word."""
        if self.completions:
            self._place(self.completions[0])

    @property
    def _input(self) -> FilterInput:
        return self.query_one(FilterInput)

    @property
    def _completions(self) -> OptionList:
        return self.query_one(OptionList)

    def _place(self, first: Completion) -> None:
        """Put the box under the part of the line that *first* would replace.

        Near the right edge it is narrower, and moves to the left only where it would be too narrow.
        """
        field, box = self._input, self._completions
        start = start_of(field.value, field.cursor_position, first)
        column = field.region.x - self.region.x + cell_len(field.value[:start])
        # Its text, not its edge, stands under the word.
        left = max(column - field.scroll_offset.x - 1, 0)
        box.styles.offset = (left, 0)
        below = self.screen.size.height - field.region.bottom - _ROWS_BELOW
        box.styles.max_height = max(min(below, _MOST_ROWS), 1)
        room = max(self.screen.size.width - left, _NARROWEST_BOX)
        box.styles.max_width = min(room, self.screen.size.width, _WIDEST_BOX)

    def _recall(self, text: str | None) -> None:
        """Put an older filter in the field, to be run or changed."""
        if text is not None:
            self._stop_timer()
            self.completions, self.error = (), None
            self._put(text)

    def _put(self, text: str) -> None:
        """Fill the field without reporting a change."""
        with self.prevent(Input.Changed):
            self._input.value = text
        self._input.cursor_position = len(text)

    def _announce(self) -> None:
        self._stop_timer()
        self.post_message(self.Changed(self._input.value, self._input.cursor_position))

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def _take(self, completion: Completion) -> None:
        """Put *completion* in the place of the word at the cursor."""
        field = self._input
        field.value, field.cursor_position = completed(
            field.value, field.cursor_position, completion
        )
        self.completions = ()

    def _show(self) -> None:
        if not self.is_mounted:
            return
        sign = Content.styled("✗", "bold $text-error") if self.error else Content.styled("/", KEY)
        self.query_one("#filter-sign", Static).update(sign)
        quiet = Content.styled("every send", QUIET)
        text = self.query_one("#filter-text", Static)
        text.update(coloured(self.text) if self.text else quiet)
        text.display = not self.editing
        self._input.display = self.editing
        self.query_one("#filter-count", Static).update(Content.styled(self.counted, QUIET))
        error = self.query_one("#filter-error", Static)
        error.display = self.error is not None
        error.update(explained(self.error, self.size.width) if self.error else Content())
        if not self.editing:
            self._completions.display = False

    @property
    def counted(self) -> str:
        """How many the filter leaves, and of how many: `63 of 1,200`."""
        if self.total is None or self.shown == self.total or not self.is_of_total:
            return number(self.shown)
        return f"{number(self.shown)} of {number(self.total)}"
