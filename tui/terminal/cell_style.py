"""The style of a terminal cell, and the shortest SGR sequence from one style to another. Pure.

SGR is the escape sequence that sets colours and attributes: `ESC [ numbers m`. The numbers here are
the terminal's own: 1 is bold, 39 the default foreground, 49 the default background.
"""

from functools import lru_cache
from typing import Final, NamedTuple

from rich.color import Color, ColorSystem
from rich.style import Style

ANY_FOREGROUND: Final = ""
"""The foreground of a cell without a character: it cannot be seen, so the present one will do."""
_ATTRIBUTES: Final = (
    ("1", 1 << 0), ("2", 1 << 1), ("3", 1 << 2), ("4", 1 << 3 | 1 << 9), ("5", 1 << 4 | 1 << 5),
    ("7", 1 << 6), ("8", 1 << 7), ("9", 1 << 8), ("53", 1 << 12),
)  # fmt: skip
"""The number of each attribute, and the bits that Rich keeps it in."""
_OFF: Final = {
    "1": "22", "2": "22", "3": "23", "4": "24", "5": "25", "7": "27", "8": "28", "9": "29", "53": "55",
}  # fmt: skip
"""The number that ends each attribute; bold and dim share theirs."""
_SEEN_ON_BLANKS: Final = frozenset({"4", "7", "9", "53"})
"""Underline, reverse, strike and overline."""


class CellStyle(NamedTuple):
    """How a cell looks besides its character, as SGR numbers."""

    background: str
    attributes: tuple[str, ...]
    """Bold and the like, in ascending order."""
    foreground: str


RESET: Final = CellStyle("49", (), "39")
"""How a terminal writes after `ESC [ m`."""


def cell_style(style: Style | None, system: ColorSystem) -> CellStyle:
    """Return *style* in the numbers of a terminal that has the colours of *system*."""
    if style is None:
        return RESET
    # A style also carries where its text came from, so that hardly two are equal: the cache behind
    # is asked with what can be seen only.
    return _cell_style(style.color, style.bgcolor, style._attributes, system)


@lru_cache(maxsize=4096)
def _cell_style(
    foreground: Color | None, background: Color | None, bits: int, system: ColorSystem
) -> CellStyle:
    return CellStyle(
        _numbers(background, system, foreground=False),
        tuple(number for number, mask in _ATTRIBUTES if bits & mask),
        _numbers(foreground, system, foreground=True),
    )


@lru_cache(maxsize=4096)
def on_blank(style: CellStyle) -> CellStyle:
    """Return the part of *style* that can be seen on a cell without a character."""
    if _SEEN_ON_BLANKS.intersection(style.attributes):
        return style
    return CellStyle(style.background, (), ANY_FOREGROUND)


@lru_cache(maxsize=4096)
def sgr_between(before: CellStyle, wanted: CellStyle) -> tuple[str, CellStyle]:
    """Return the shortest SGR sequence from *before* to *wanted*, and the style it leads to.

    The style may differ from *wanted* in what cannot be seen: the foreground of a blank stays as it is.
    """
    if wanted.foreground == ANY_FOREGROUND:
        kept = tuple(number for number in before.attributes if number not in _SEEN_ON_BLANKS)
        wanted = CellStyle(wanted.background, kept, before.foreground)
    if wanted == before:
        return "", wanted
    changes, from_reset = ";".join(_changes(before, wanted)), ";".join(_from_reset(wanted))
    return f"\x1b[{min(changes, from_reset, key=len)}m", wanted


def _changes(before: CellStyle, wanted: CellStyle) -> list[str]:
    """Return the numbers that take *before* to *wanted*."""
    off = {_OFF[number] for number in before.attributes if number not in wanted.attributes}
    on = [
        number
        for number in wanted.attributes
        if number not in before.attributes or _OFF[number] in off
    ]
    foreground = [wanted.foreground] if wanted.foreground != before.foreground else []
    background = [wanted.background] if wanted.background != before.background else []
    return [*sorted(off), *on, *foreground, *background]


def _from_reset(wanted: CellStyle) -> list[str]:
    """Return the numbers that reset the terminal and then take it to *wanted*."""
    foreground = [wanted.foreground] if wanted.foreground != RESET.foreground else []
    background = [wanted.background] if wanted.background != RESET.background else []
    numbers = [*wanted.attributes, *foreground, *background]
    return ["0", *numbers] if numbers else []


def _numbers(color: Color | None, system: ColorSystem, *, foreground: bool) -> str:
    if color is None:
        return RESET.foreground if foreground else RESET.background
    return ";".join(color.downgrade(system).get_ansi_codes(foreground))
