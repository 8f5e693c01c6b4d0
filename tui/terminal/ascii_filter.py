"""The last step of `--ascii`: every sign of ours and every border of Textual's becomes ASCII."""

from functools import cache
from typing import Final

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from tui.style.glyphs import ASCII_FORMS

_BOXES: Final = range(0x2500, 0x2580)
_BLOCKS: Final = range(0x2580, 0x25A0)
_TRIANGLES: Final = {"▶": ">", "▼": "v", "◀": "<", "◢": "/", "◣": "\\", "◤": "/", "◥": "\\"}
_LEVEL: Final = "─━╌╍┄┅┈┉═╴╶╸╺╼╾"
_UPRIGHT: Final = "│┃╎╏┆┇┊┋║╵╷╹╻╽╿"
_SLANTED: Final = {"╱": "/", "╲": "\\", "╳": "X"}
_EDGES: Final = {"▔": "-", "▁": "_", "▀": "-", "▄": "_", "▏": "|", "▎": "|", "▍": "|", "▕": "|"}


class AsciiFilter(LineFilter):
    """Replaces drawing signs by ASCII. Names in other scripts are data and stay as they are."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the line's segments with every sign of ours in ASCII, of the same width."""
        return [
            segment
            if segment.text.isascii()
            else Segment(segment.text.translate(table()), segment.style, segment.control)
            for segment in segments
        ]


@cache
def table() -> dict[int, str]:
    """Return what each drawing sign becomes, as `str.translate` takes it."""
    drawn = {chr(code): "+" for code in _BOXES} | {chr(code): "#" for code in _BLOCKS}
    drawn |= dict.fromkeys(_LEVEL, "-") | dict.fromkeys(_UPRIGHT, "|")
    return str.maketrans(drawn | _SLANTED | _EDGES | _TRIANGLES | ASCII_FORMS)
