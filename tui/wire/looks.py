"""How cells look on a terminal, and the shortest sequence from one look to another. Pure."""

from functools import lru_cache
from typing import Final, NamedTuple

from rich.color import Color, ColorSystem
from rich.style import Style

ANY: Final = ""
"""The ink of a blank: whichever the terminal has just now."""
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


@lru_cache(maxsize=4096)
def look_of(style: Style | None, system: ColorSystem) -> Look:
    """Return the look of *style* on a terminal with the colours of *system*."""
    if style is None:
        return PLAIN
    wanted = {
        "1": style.bold, "2": style.dim, "3": style.italic, "4": style.underline or style.underline2,
        "5": style.blink or style.blink2, "7": style.reverse, "8": style.conceal, "9": style.strike,
        "53": style.overline,
    }  # fmt: skip
    marks = tuple(mark for mark, is_on in wanted.items() if is_on)
    ink = _numbers(style.color, system, foreground=True)
    return Look(_numbers(style.bgcolor, system, foreground=False), marks, ink)


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
