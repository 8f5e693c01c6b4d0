"""The last filter before a line is drawn: nothing but text and colours passes."""

import re
from functools import lru_cache

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

from models.values.text import UNSAFE

_SCROLLBAR = {"grab", "scroll_up", "scroll_down"}


class TextFilter(LineFilter):
    """Removes what is not text from every line: terminal commands, links and actions in the data.

    Text from outside has been through `display_text` before; this is the safeguard where a call was
    forgotten. What is removed leaves as many spaces as it had cells, so that the layout stays.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the line's segments with nothing but text and colours in them."""
        return [segment if _is_harmless(segment) else _text_filter(segment) for segment in segments]


def _is_harmless(segment: Segment) -> bool:
    # Runs for every segment of every line drawn, and nearly all end here: the private attributes
    # are read because Rich's properties cost a call, and `meta` unpickles.
    text, style, _ = segment
    is_plain = text.isascii() and text.isprintable()
    return is_plain and (style is None or (style._meta is None and style._link is None))


def _text_filter(segment: Segment) -> Segment:
    text, style, control = segment
    return Segment(UNSAFE.sub(_blank, text), style and _without_actions(style), control)


def _blank(match: re.Match[str]) -> str:
    return " " * cell_len(match.group())


@lru_cache(maxsize=4096)
def _without_actions(style: Style) -> Style:
    actions = {key: value for key, value in style.meta.items() if key.startswith("@")}
    if actions and not _SCROLLBAR.issuperset(map(str, actions.values())):
        return style.clear_meta_and_links()
    return style.update_link(None) if style.link else style
