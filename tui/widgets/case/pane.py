"""The case: everything about the send under the cursor, and what to do about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from itertools import zip_longest
from typing import ClassVar, Final

from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip
from textual.visual import Visual

from models.records import Case
from models.values.local_time import LocalTime
from tui.widgets.bindings import bindings, keys_of
from tui.widgets.case.summary import Page
from tui.widgets.case.tabs import TABS, Tab, Unread, lines, tab_at

_MARGIN: Final = 1
"""Cells between the text and the scrollbar."""
_LEAST: Final = 20
"""Cells below which nothing is cut further."""


class CasePane(ScrollView, can_focus=True):
    """Shows one `Case`; scrolls with `j` and `k` while it has the focus.

    The case is laid out once; of its lines only those that changed are painted again.
    """

    BINDINGS: ClassVar = bindings("case", "round")

    case: reactive[Case | None] = reactive(None, repaint=False)
    """The case shown, or None while the list has no send under its cursor."""
    now: reactive[datetime] = reactive(datetime.fromtimestamp(0, UTC), init=False, repaint=False)
    """The present moment, from the screen's clock."""
    tab: reactive[Tab] = reactive("Summary", repaint=False)
    """One of `TABS`, or in a round of triage one of those of the cockpit."""
    in_round: reactive[bool] = reactive(False, repaint=False)
    """Whether sends are gone through one by one: the case shows what an agent decides by."""

    @dataclass
    class Answered(Message):
        """A key of a usual answer was pressed in a round of triage."""

        digit: str
        """The last part of the key's id: `1` of `round.1`."""

    def __init__(self, *, zone: tzinfo = UTC, ascii: bool = False) -> None:
        super().__init__()
        self._zone = zone
        self._ascii = ascii
        self._unread: Unread | None = None
        self._text: list[Content] = []
        self._strips: list[Strip] = []

    @property
    def painted(self) -> Sequence[Strip]:
        """Every line of the case, in view or not."""
        return self._strips

    def show_unread(self, unread: Unread | None) -> None:
        """Show that there is no case: of which send and why, or None without a send."""
        before, self._unread = self._unread, unread
        if self.case is not None:
            self.case = None
        elif unread != before:
            self._write()

    def next_tab(self) -> None:
        """Show the tab to the right, after the last one the first."""
        self._turn(1)

    def previous_tab(self) -> None:
        """Show the tab to the left, before the first one the last."""
        self._turn(-1)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let the keys of usual answers be those of the desk outside a round."""
        return self.in_round if action == "answer" else super().check_action(action, parameters)

    def action_answer(self, digit: str) -> None:
        """Give a usual answer."""
        self.post_message(self.Answered(digit))

    def render_line(self, y: int) -> Strip:
        """Return the line at *y* of the part that is in view."""
        at, width = y + self.scroll_offset.y, self.scrollable_content_region.width
        strip = self._strips[at] if at < len(self._strips) else Strip.blank(0)
        return strip.extend_cell_length(width, self.rich_style)

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """Return the text that is selected with the mouse."""
        return selection.extract("\n".join(line.plain for line in self._text)), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        """Show what is selected."""
        self._draw()

    def notify_style_update(self) -> None:
        """Draw in the new colours: theme or style sheet have changed."""
        super().notify_style_update()
        self._draw()

    def watch_case(self, before: Case | None, after: Case | None) -> None:
        """Write the new case; another send starts at the top."""
        if before is None or after is None or before.send.id != after.send.id:
            self.scroll_home(animate=False)
        self._write()

    def watch_now(self) -> None:
        """Write the case again: its ages have changed."""
        self._write()

    def watch_tab(self) -> None:
        """Write the tab that was chosen, from its top."""
        self.scroll_home(animate=False)
        self._write()

    def watch_in_round(self) -> None:
        """Begin with the first tab of the round, or go back to that of the case."""
        self.tab = self._tabs()[0]
        self._write()

    def watch_has_focus(self, focused: bool) -> None:
        """Show on the tabs whether keys go here."""
        super().watch_has_focus(focused)
        self._write()

    def on_resize(self, event: events.Resize) -> None:
        """Wrap the text for the new width."""
        self._write()

    def on_click(self, event: events.Click) -> None:
        """Turn to the tab that was clicked."""
        place = event.get_content_offset_capture(self)
        line = place.y + self.scroll_offset.y
        tab = tab_at(self._tabs(), self._text[line], place.x) if line < len(self._text) else None
        if tab is not None:
            self.tab = tab

    def _turn(self, by: int) -> None:
        tabs = self._tabs()
        place = tabs.index(self.tab) if self.tab in tabs else 0
        self.tab = tabs[(place + by) % len(tabs)]

    def _tabs(self) -> tuple[Tab, ...]:
        """Return what the case shows by turns."""
        if not self.in_round:
            return TABS
        from tui.widgets.case.cockpit import tabs_in_round

        return tabs_in_round(self._page())

    def _page(self) -> Page:
        width = self.scrollable_content_region.width - _MARGIN
        local = LocalTime(self.now, self._zone)
        return Page(max(width, _LEAST), local, self._ascii, keys_of(self.app))

    def _write(self) -> None:
        """Lay the case out for the width that there is."""
        if not self.is_mounted or self.scrollable_content_region.width <= _MARGIN:
            return
        page = self._page()
        if self.in_round and (self.case is not None or self._unread is None):
            from tui.widgets.case.cockpit import cockpit

            self._text = cockpit(self.case, self.tab, page)
        else:
            self._text = lines(
                self.case, self.tab, page, focused=self.has_focus, unread=self._unread
            )
        self._draw()

    def _draw(self) -> None:
        """Turn the lines into strips and have those painted that differ from what is painted."""
        width = self.scrollable_content_region.width
        if not self.is_mounted or width <= 0:
            return
        content = Content("\n").join(self._text)
        former, self._strips = (
            self._strips,
            Visual.to_strips(self, content, width, None, self.visual_style),
        )
        self.virtual_size = Size(width, len(self._strips))
        for y, (before, after) in enumerate(zip_longest(former, self._strips)):
            if before != after:
                self.refresh_line(y)
