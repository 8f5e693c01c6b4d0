"""A scrollbar whose thumb is one cell."""

from rich.color import Color
from rich.segment import Segment, Segments
from rich.style import Style
from textual.scrollbar import ScrollBarRender

_MARK = "▐"
_BACK, _BAR = Color.parse("black"), Color.parse("white")


class ScrollMark(ScrollBarRender):
    """Paints a mark of one cell on the track; no mark while everything is in view.

    A thumb as long as the view has another length for every case, so that nearly all of it would be
    painted again with each move of the cursor.
    """

    @classmethod
    def render_bar(
        cls,
        size: int = 25,
        virtual_size: float = 50,
        window_size: float = 20,
        position: float = 0,
        thickness: int = 1,
        vertical: bool = True,
        back_color: Color = _BACK,
        bar_color: Color = _BAR,
    ) -> Segments:
        """Return the track, a segment for each cell."""
        hidden = virtual_size - window_size if window_size else 0
        at = round((size - 1) * min(position / hidden, 1)) if hidden > 0 else size
        track = [
            Segment(" " * thickness, Style(bgcolor=back_color, meta={"@mouse.down": press}))
            for press in ("scroll_up", "scroll_down")
        ]
        grabbed = Style(color=bar_color, bgcolor=back_color, meta={"@mouse.down": "grab"})
        cells = [track[0]] * at + [Segment(_MARK * thickness, grabbed)] + [track[1]] * size
        return Segments(cells[:size], new_lines=vertical)
