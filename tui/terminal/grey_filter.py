"""The colours of an agent who wants none (`NO_COLOR`): greys, so that zones and rows stay apart."""

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter, monochrome_style


class GreyFilter(LineFilter):
    """Turns colours into greys, as Textual's own filter does, which fails at text without a style."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the line's segments in grey."""
        return [
            Segment(text, style and monochrome_style(style), control)
            for text, style, control in segments
        ]
