"""The signs that the desk draws with, their ASCII twins, and the tones they have. Pure."""

from typing import Final, Literal

Tone = Literal["error", "warning", "success", "primary", "secondary", "accent", "muted", "text"]
"""The name of a theme token, so that colour follows the theme."""

ASCII_TWINS: Final = {
    "▲": "^",
    "◔": "~",
    "◑": "*",
    "◕": ">",
    "✔": "v",
    "✖": "x",
    "○": "-",
    "▌": ">",
    "▐": "#",
    "✓": "+",
    "✎": "*",
    "…": "~",
    "↑": "^",
    "↓": "v",
    "●": "*",
    "◉": "@",
    "─": "-",
    "│": "|",
    "·": "-",
    "–": "-",
    "—": "-",
    "−": "-",
    "→": ">",
    "←": "<",
    "▸": ">",
    "›": ">",
    "‹": "<",
    "✗": "x",
    "×": "x",
    "’": "'",
    "‘": "'",
    "“": '"',
    "”": '"',
}
"""What each sign of ours becomes on a terminal that has ASCII only; of the same width."""


def plain(glyph: str, ascii: bool) -> str:
    """Return *glyph*, or its ASCII twin if *ascii* is true; unknown glyphs become `?`."""
    if not ascii or glyph.isascii():
        return glyph
    return ASCII_TWINS.get(glyph, "?")
