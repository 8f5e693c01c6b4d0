"""A widget that paints its own lines, scrolls over rows without limit and has its own scrollbar."""

from collections.abc import Iterable
from typing import ClassVar, Final

from textual import events
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from tui.style.glyphs import plain
from tui.widgets.sends.row_text import Colours, Pieces, RowStyle, TextStyle, strip
from tui.widgets.sends.viewport import Viewport

HEADER: Final = 1
"""Lines above the first row."""
_WHEEL: Final = 3
_ROW_STYLES: tuple[RowStyle, ...] = ("row", "cursor", "gone", "cursor_gone", "busy", "header")
_TEXT_STYLES: tuple[TextStyle, ...] = (
    "error", "warning", "success", "primary", "secondary", "accent", "muted", "text", "scrollbar",
)  # fmt: skip


class LineView(Widget, can_focus=True):
    """Keeps the lines that it has painted and paints only those again that changed.

    It has no padding and no border: it paints every one of its cells itself.
    """

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"list--{name}" for name in (*_ROW_STYLES, *_TEXT_STYLES)
    }
    DEFAULT_CSS = """
    LineView {
        height: 1fr;
        background: $surface;
        color: $text;
        & > .list--row { background: $surface; color: $text; }
        & > .list--cursor, & > .list--cursor_gone {
            background: $block-cursor-blurred-background;
            color: $block-cursor-blurred-foreground;
            text-style: bold;
        }
        &:focus > .list--cursor, &:focus > .list--cursor_gone {
            background: $block-cursor-background;
            color: $block-cursor-foreground;
            text-style: bold;
        }
        & > .list--cursor_gone, &:focus > .list--cursor_gone { color: $text-muted; text-style: strike; }
        & > .list--gone { background: $surface; color: $text-muted; text-style: strike; }
        & > .list--busy { background: $surface; color: $text-muted; }
        & > .list--header { background: $surface; color: $text-muted; }
        & > .list--text { color: $text; }
        & > .list--muted { color: $text-muted; }
        & > .list--error { color: $text-error; }
        & > .list--warning { color: $text-warning; }
        & > .list--success { color: $text-success; }
        & > .list--primary { color: $text-primary; }
        & > .list--secondary { color: $text-secondary; }
        & > .list--accent { color: $text-accent; }
        & > .list--scrollbar { color: $scrollbar; }
    }
    """

    def __init__(self, *, ascii: bool = False, id: str | None = None) -> None:
        super().__init__(id=id)
        self._ascii = ascii
        self._view = Viewport()
        self._row_height = 1
        self._lines: dict[int, Strip] = {}
        self._colours: Colours | None = None
        self._thumb_grabbed = False

    def line(self, y: int) -> tuple[RowStyle, Pieces]:
        """Return the style of line *y* and its text, one cell narrower than the widget."""
        raise NotImplementedError

    def view_changed(self) -> None:
        """Hook; called after the view was scrolled with the mouse."""

    def notify_style_update(self) -> None:
        """Drop the colours and the lines: theme, focus or style sheet have changed."""
        super().notify_style_update()
        self._colours = None
        self._lines.clear()

    def render_line(self, y: int) -> Strip:
        """Return the line at *y*, which is painted only if it changed."""
        line = self._lines.get(y)
        if line is None:
            line = self._lines[y] = self._draw(y)
        return line

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the lines within *crop*, through the filters of the app."""
        strips = [self.render_line(y) for y in crop.line_range]
        background = self.background_colors[1]
        for line_filter in self.get_line_filters():
            strips = [line.apply_filter(line_filter, background) for line in strips]
        if crop.column_span == (0, self.size.width):
            return strips
        return [line.crop(*crop.column_span) for line in strips]

    def _repaint(self, rows: Iterable[int] | None = None) -> None:
        """Paint the rows at these places again, or everything."""
        if rows is None:
            self._lines.clear()
            self.refresh()
            return
        lines = self._row_height
        for index in rows:
            if self._view.top <= index < self._view.bottom:
                y = HEADER + (index - self._view.top) * lines
                for line in range(y, y + lines):
                    self._lines.pop(line, None)
                self.refresh(Region(0, y, self.size.width, lines))

    def _repaint_below_header(self) -> None:
        """Paint everything but the lines above the first row again."""
        self._lines = {y: line for y, line in self._lines.items() if y < HEADER}
        self.refresh(Region(0, HEADER, self.size.width, self.size.height - HEADER))

    def _draw(self, y: int) -> Strip:
        row_style, pieces = self.line(y)
        return strip([*pieces, self._bar(y)], self.size.width, row_style, self._palette())

    def _bar(self, y: int) -> tuple[str, TextStyle]:
        thumb = self._view.thumb(self.size.height - HEADER)
        return (plain("▐", self._ascii), "scrollbar") if y - HEADER in thumb else (" ", "muted")

    def _palette(self) -> Colours:
        if self._colours is None:
            style = self.get_component_rich_style
            self._colours = Colours(
                {name: style(f"list--{name}") for name in _ROW_STYLES},
                {name: style(f"list--{name}") for name in _TEXT_STYLES},
                {},
            )
        return self._colours

    def _scroll_view(self, top: int) -> None:
        former = self._view.top
        self._view.scroll_to(top)
        if self._view.top != former:
            self.view_changed()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll three rows down."""
        event.stop()
        self._scroll_view(self._view.top + _WHEEL)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll three rows up."""
        event.stop()
        self._scroll_view(self._view.top - _WHEEL)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Begin to drag the scrollbar."""
        if event.x == self.size.width - 1 and event.y >= HEADER:
            self._thumb_grabbed = True
            self.capture_mouse()
            self._drag(event.y)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Scroll to where the scrollbar is dragged."""
        if self._thumb_grabbed:
            self._drag(event.y)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Stop dragging."""
        if self._thumb_grabbed:
            self._thumb_grabbed = False
            self.release_mouse()

    def _drag(self, y: int) -> None:
        self._scroll_view(self._view.top_at(y - HEADER, self.size.height - HEADER))
