"""The choke point: the last step before a line is drawn, where nothing but text passes."""

import re
from functools import lru_cache

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

from models.values.text import UNSAFE

_SCROLLBAR = {"grab", "scroll_up", "scroll_down"}


class OnlyText(LineFilter):
    """Takes out of every line what is no text: commands to the terminal, links, actions in the data.

    Text from outside has been through `display_text` long before. This holds where someone forgot.
    What is taken out leaves as many spaces as it had cells, so that no layout moves.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the line's segments with nothing but text and colours in them."""
        return [segment if _is_harmless(segment) else _only_text(segment) for segment in segments]


def _is_harmless(segment: Segment) -> bool:
    # Nearly every segment ends here, on every line that is drawn; Rich's own properties cost more.
    text, style, _ = segment
    is_plain = text.isascii() and text.isprintable()
    return is_plain and (style is None or (style._meta is None and style._link is None))


def _only_text(segment: Segment) -> Segment:
    text, style, control = segment
    return Segment(UNSAFE.sub(_blank, text), style and _only_look(style), control)


def _blank(match: re.Match[str]) -> str:
    return " " * cell_len(match.group())


@lru_cache(maxsize=4096)
def _only_look(style: Style) -> Style:
    actions = {key: value for key, value in style.meta.items() if key.startswith("@")}
    if actions and not _SCROLLBAR.issuperset(map(str, actions.values())):
        return style.clear_meta_and_links()
    return style.update_link(None) if style.link else style
