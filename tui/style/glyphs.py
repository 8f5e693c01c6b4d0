"""The signs that the desk draws, their ASCII forms, and the names of its colours. Pure."""

from typing import Final, Literal

Tone = Literal["error", "warning", "success", "primary", "secondary", "accent", "muted", "text"]
"""The name of a theme token, so that colour follows the theme."""

ASCII_FORMS: Final = {
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
    "━": "=",
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
"""The ASCII form of each sign, one cell wide as the sign is."""


def plain(glyph: str, ascii: bool) -> str:
    """Return *glyph*, or its ASCII form if *ascii* is true; `?` for an unknown one."""
    if not ascii or glyph.isascii():
        return glyph
    return ASCII_FORMS.get(glyph, "?")
