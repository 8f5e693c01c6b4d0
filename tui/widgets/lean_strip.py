"""A line that tells the terminal only what changes of its style, so that a page is small on the wire."""

from collections.abc import Iterable
from functools import lru_cache

from rich.color import ColorSystem
from rich.console import COLOR_SYSTEMS, Console
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter
from textual.strip import Strip

_RESET = "\x1b[m"


class LeanStrip(Strip):
    """A strip whose segments all have a style and no links.

    Textual ends each segment with a reset and begins the next with its whole style again; along one
    row the background hardly ever changes, so that this is most of what would be sent.
    """

    def __init__(self, segments: Iterable[Segment], cell_length: int | None = None) -> None:
        super().__init__(segments, cell_length)
        self._sent: str | None = None

    def apply_filter(self, line_filter: LineFilter, background: Color) -> Strip:
        """Return the strip through *line_filter*, as lean as before."""
        return LeanStrip(super().apply_filter(line_filter, background))

    def render(self, console: Console) -> str:
        """Return the text with its escape sequences."""
        if self._sent is None:
            system = COLOR_SYSTEMS[console.color_system or "truecolor"]
            sent: list[str] = []
            former: Style | None = None
            for text, style, _ in self:
                sent += (_change(former, style or Style.null(), system), text)
                former = style
            self._sent = "".join([*sent, _RESET])
        return self._sent


@lru_cache(maxsize=1024)
def _change(former: Style | None, style: Style, system: ColorSystem) -> str:
    """Return the sequence that takes the terminal from one style to another."""
    if former == style:
        return ""
    same_ground = former is not None and former.bgcolor == style.bgcolor
    if same_ground and style.color and former and former.without_color == style.without_color:
        return f"\x1b[{';'.join(style.color.downgrade(system).get_ansi_codes())}m"
    return f"{_RESET if former else ''}\x1b[{Strip.render_ansi(style, system)}m"
