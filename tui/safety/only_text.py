"""The choke point: the last step before a line is drawn, where nothing but text passes."""

import re
from functools import lru_cache

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

from models.text import UNSAFE

_SCROLLBAR = {"grab", "scroll_up", "scroll_down"}


class OnlyText(LineFilter):
    """Takes out of every line what is no text: commands to the terminal, links, actions in the data.

    Text from outside has been through `display_text` long before. This holds where someone forgot.
    What is taken out leaves as many spaces as it had cells, so that no layout moves.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the line's segments with nothing but text and colours in them."""
        return [
            Segment(
                UNSAFE.sub(_blank, text) if UNSAFE.search(text) else text,
                style and _only_look(style),
                control,
            )
            for text, style, control in segments
        ]


def _blank(match: re.Match[str]) -> str:
    return " " * cell_len(match.group())


@lru_cache(maxsize=4096)
def _only_look(style: Style) -> Style:
    actions = {key: value for key, value in style.meta.items() if key.startswith("@")}
    if actions and not _SCROLLBAR.issuperset(map(str, actions.values())):
        return style.clear_meta_and_links()
    return style.update_link(None) if style.link else style
