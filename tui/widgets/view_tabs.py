"""The views on one line. It is part of the first frame, so it must import little."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from models.reading.counts import Count
from tui.widgets.bindings import keys_of
from tui.widgets.desk_header import short_number
from tui.widgets.styled_text import KEY, QUIET, STRONG, safe_text

_BAR: Final = " │ "
_MARK: Final = 2
"""Cells of a mark that says that there are more views."""


@dataclass(frozen=True, slots=True)
class ViewTab:
    """A view as the rail and the tabs show it."""

    digit: str
    name: str
    count: Count | None = None
    """None until it has been counted."""
    urgent: bool = False
    """Whether a count above zero deserves the colour of an alarm."""


class ViewTabs(Widget):
    """The views on one line, for screens without room for the rail; a click opens one.

    Where they have no room, `‹` and `›` say that there are more; a click on these shows them.
    """

    views: reactive[tuple[ViewTab, ...]] = reactive(())
    now_open: reactive[str] = reactive("")
    scrolled: reactive[int | None] = reactive(None)
    """The first view that the agent has scrolled to; None shows the open one."""

    @dataclass
    class ViewChosen(Message):
        """A view was clicked."""

        view: ViewTab

    def watch_now_open(self) -> None:
        """Show the view that was opened."""
        self.scrolled = None

    def on_resize(self) -> None:
        """Show the open view, whatever was scrolled to in the former width."""
        self.scrolled = None

    def render(self) -> Content:
        """Return as many views as fit; the open one is among them unless others were scrolled to."""
        return Content.assemble(*(piece for piece, _ in self._pieces())).truncate(
            self.size.width, ellipsis=True
        )

    def on_click(self, event: events.Click) -> None:
        """Open the view that was clicked, or show the next ones."""
        event.stop()
        place = event.get_content_offset_capture(self).x
        for piece, target in self._pieces():
            place -= piece.cell_length
            if place < 0:
                if isinstance(target, int):
                    self._scroll(target)
                elif target is not None:
                    self.post_message(self.ViewChosen(target))
                return

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Show the views to the right."""
        event.stop()
        self._scroll(1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Show the views to the left."""
        event.stop()
        self._scroll(-1)

    def _scroll(self, by: int) -> None:
        first, end = self._shown()
        if by < 0 < first or (by > 0 and end < len(self.views)):
            self.scrolled = first + by

    def _pieces(self) -> Iterator[tuple[Content, ViewTab | int | None]]:
        """Yield the pieces of the line, each with what a click on it opens, or scrolls by."""
        first, end = self._shown()
        if first:
            yield Content.styled("‹ ", KEY), -1
        for place, view in enumerate(self.views[first:end]):
            if place:
                yield Content.styled(_BAR, QUIET), None
            yield self._piece(view), view
        if end < len(self.views):
            yield Content.styled(" ›", KEY), 1

    def _shown(self) -> tuple[int, int]:
        """Return the first view that is shown, and the one after the last."""
        if self.scrolled is not None:
            return self.scrolled, self._end_from(self.scrolled)
        here = next((at for at, view in enumerate(self.views) if view.name == self.now_open), 0)
        first = next((at for at in range(here) if self._end_from(at) > here), here)
        return first, self._end_from(first)

    def _end_from(self, first: int) -> int:
        """Return the end of the views that fit if the line begins with the one at *first*."""
        widths = [self._piece(view).cell_length for view in self.views[first:]]
        room = self.size.width - (_MARK if first else 0)
        for count in range(len(widths), 1, -1):
            needed = sum(widths[:count]) + len(_BAR) * (count - 1)
            if needed + (_MARK if count < len(widths) else 0) <= room:
                return first + count
        return min(first + 1, len(self.views))

    def _piece(self, view: ViewTab) -> Content:
        here = view.name == self.now_open
        loud = view.urgent and view.count is not None and view.count.value > 0
        count = "$text-error" if loud else "$text" if here else QUIET
        name = STRONG if here else QUIET
        return Content.assemble(
            (f"{keys_of(self.app).of_view(view.digit)} ", name),
            safe_text(view.name, name, limit=30),
            (f" {short_number(view.count)}", count),
        )
