"""How cells look on a terminal, and the shortest sequence from one look to another. Pure."""

from functools import lru_cache
from typing import Final, NamedTuple

from rich.color import Color, ColorSystem
from rich.style import Style

ANY: Final = ""
"""The ink of a blank: whichever the terminal has just now."""
_BITS: Final = (
    ("1", 1 << 0), ("2", 1 << 1), ("3", 1 << 2), ("4", 1 << 3 | 1 << 9), ("5", 1 << 4 | 1 << 5),
    ("7", 1 << 6), ("8", 1 << 7), ("9", 1 << 8), ("53", 1 << 12),
)  # fmt: skip
"""What the terminal calls the attributes that Rich keeps as bits."""
_OFF: Final = {
    "1": "22", "2": "22", "3": "23", "4": "24", "5": "25", "7": "27", "8": "28", "9": "29", "53": "55",
}  # fmt: skip
_SHOWN_ON_BLANKS: Final = frozenset({"4", "7", "9", "53"})


class Look(NamedTuple):
    """What a cell looks like besides its character, in the terminal's own numbers."""

    ground: str
    marks: tuple[str, ...]
    """Bold and the like, in ascending order."""
    ink: str


PLAIN: Final = Look("49", (), "39")
"""How a terminal writes after a reset."""


def look_of(style: Style | None, system: ColorSystem) -> Look:
    """Return the look of *style* on a terminal with the colours of *system*."""
    if style is None:
        return PLAIN
    # A style also carries where its text came from, so that hardly two are equal.
    return _look(style.color, style.bgcolor, style._attributes, system)


@lru_cache(maxsize=4096)
def _look(ink: Color | None, ground: Color | None, bits: int, system: ColorSystem) -> Look:
    marks = tuple(mark for mark, mask in _BITS if bits & mask)
    shown_on = _numbers(ground, system, foreground=False)
    return Look(shown_on, marks, _numbers(ink, system, foreground=True))


@lru_cache(maxsize=4096)
def blank_of(look: Look) -> Look:
    """Return what can be seen of *look* on a cell without a character."""
    return look if _SHOWN_ON_BLANKS.intersection(look.marks) else Look(look.ground, (), ANY)


@lru_cache(maxsize=4096)
def turn(former: Look, wanted: Look) -> tuple[str, Look]:
    """Return the sequence that takes the terminal from *former* to *wanted*, and where it then is."""
    if wanted.ink == ANY:
        kept = tuple(mark for mark in former.marks if mark not in _SHOWN_ON_BLANKS)
        wanted = Look(wanted.ground, kept, former.ink)
    if wanted == former:
        return "", wanted
    steps, afresh = ";".join(_steps(former, wanted)), ";".join(_afresh(wanted))
    return f"\x1b[{min(steps, afresh, key=len)}m", wanted


def _steps(former: Look, wanted: Look) -> list[str]:
    off = {_OFF[mark] for mark in former.marks if mark not in wanted.marks}
    on = [mark for mark in wanted.marks if mark not in former.marks or _OFF[mark] in off]
    ground = [wanted.ground] if wanted.ground != former.ground else []
    ink = [wanted.ink] if wanted.ink != former.ink else []
    return [*sorted(off), *on, *ink, *ground]


def _afresh(wanted: Look) -> list[str]:
    ground = [wanted.ground] if wanted.ground != PLAIN.ground else []
    ink = [wanted.ink] if wanted.ink != PLAIN.ink else []
    numbers = [*wanted.marks, *ink, *ground]
    return ["0", *numbers] if numbers else []


def _numbers(color: Color | None, system: ColorSystem, *, foreground: bool) -> str:
    if color is None:
        return PLAIN.ink if foreground else PLAIN.ground
    return ";".join(color.downgrade(system).get_ansi_codes(foreground))
