"""Lines of text without limit: each is made when it is shown."""

from collections.abc import Callable
from typing import ClassVar

from textual.containers import ScrollableContainer
from textual.content import Content
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual

from tui.widgets.bindings import bindings

Line = Callable[[int], Content]
"""Returns the line at a place, counted from 0."""


class TextKeys(ScrollableContainer):
    """Gives what scrolls the keys of a text."""

    BINDINGS: ClassVar = bindings("text")


class Lines(TextKeys, ScrollView, can_focus=True):
    """Shows any number of lines, one for each place."""

    def __init__(self, count: int, line: Line, *, classes: str = "") -> None:
        super().__init__(classes=classes)
        self._line = line
        self._count = count

    def on_mount(self) -> None:
        """Take as many rows as there are lines; the style sheet bounds what is seen of them."""
        self.show(self._count)

    def show(self, count: int) -> None:
        """Show *count* lines, which may be others than before."""
        self._count = count
        self.virtual_size = Size(0, count)
        self.styles.height = max(count, 1)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Return the line at *y* of the widget."""
        place, width = y + self.scroll_offset.y, self.size.width
        if place >= self._count:
            return Strip.blank(width, self.rich_style)
        line = self._line(place).truncate(width, ellipsis=True)
        return Visual.to_strips(self, line, width, 1, self.visual_style, pad=True)[0]
