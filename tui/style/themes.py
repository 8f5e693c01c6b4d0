"""The colours of the desk: quiet backgrounds, one alarm colour, and text readable on every background.

Widgets name tokens only. Each theme fixes the text tokens itself instead of letting Textual mix
them, so that the contrast on every zone is known and tested.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from textual.theme import Theme

DARK = "send-desk-dark"
LIGHT = "send-desk-light"
ZONES = ("background", "surface", "panel", "surface-lighten-1", "block-cursor-background")
"""What text stands on: rail, list, case, header, and the row under the cursor."""
TEXT = (
    "foreground",
    "text-muted",
    "text-primary",
    "text-secondary",
    "text-accent",
    "text-success",
    "text-warning",
    "text-error",
)
"""The tokens that colour text."""


class ThemeColours(NamedTuple):
    """One set of colours, each named for what it does on the desk."""

    name: str
    dark: bool
    rail: str
    sheet: str
    pane: str
    bar: str
    cursor: str
    line: str
    text: str
    quiet: str
    link: str
    moving: str
    fresh: str
    good: str
    soon: str
    alarm: str
    good_wash: str
    soon_wash: str
    alarm_wash: str
    link_wash: str

    def theme(self) -> Theme:
        """Return the colours as a Textual theme."""
        is_ansi = self.rail == "ansi_default"
        return Theme(
            name=self.name,
            dark=self.dark,
            primary=self.link,
            secondary=self.moving,
            accent=self.fresh,
            success=self.good,
            warning=self.soon,
            error=self.alarm,
            foreground=self.text,
            background=self.rail,
            surface=self.sheet,
            panel=self.pane,
            boost=self.bar,
            variables={**self._variables(), **(self._of_terminal() if is_ansi else {})},
            ansi=is_ansi,
        )

    def _of_terminal(self) -> Mapping[str, str]:
        """Return what Textual mixes from other colours, which the terminal's own cannot be."""
        black, white = ("ansi_black", "ansi_white") if self.dark else ("ansi_white", "ansi_black")
        return {
            "ansi-background": black,
            "ansi-foreground": white,
            "foreground-disabled": self.quiet,
            "surface-active": self.sheet,
            "input-cursor-background": white,
            "input-cursor-foreground": black,
        }

    def _variables(self) -> Mapping[str, str]:
        text = {
            "text": self.text,
            "text-muted": self.quiet,
            "text-disabled": self.quiet,
            "text-primary": self.link,
            "text-secondary": self.moving,
            "text-accent": self.fresh,
            "text-success": self.good,
            "text-warning": self.soon,
            "text-error": self.alarm,
        }
        washes = {
            "primary-muted": self.link_wash,
            "success-muted": self.good_wash,
            "warning-muted": self.soon_wash,
            "error-muted": self.alarm_wash,
        }
        furniture = {
            "surface-lighten-1": self.bar,
            "block-cursor-background": self.cursor,
            "block-cursor-foreground": self.text,
            "block-cursor-blurred-background": self.link_wash,
            "block-cursor-blurred-foreground": self.text,
            "block-hover-background": self.bar,
            "border": self.link,
            "border-blurred": self.line,
            "input-cursor-background": self.text,
            "input-cursor-foreground": self.rail,
            "input-selection-background": self.cursor,
            "scrollbar": self.line,
            "scrollbar-hover": self.quiet,
            "scrollbar-active": self.link,
            "scrollbar-background": self.sheet,
            "scrollbar-background-hover": self.sheet,
            "scrollbar-background-active": self.sheet,
            "footer-background": self.rail,
            "footer-foreground": self.quiet,
            "footer-key-foreground": self.link,
            "footer-description-foreground": self.quiet,
            "button-foreground": self.text,
            "button-color-foreground": self.rail,
        }
        return text | washes | furniture


_NIGHT = ThemeColours(
    name=DARK,
    dark=True,
    rail="#16161e",
    sheet="#1a1b26",
    pane="#1f2335",
    bar="#222639",
    cursor="#283457",
    line="#3b4261",
    text="#c0caf5",
    quiet="#979fc8",
    link="#7aa2f7",
    moving="#bb9af7",
    fresh="#7dcfff",
    good="#9ece6a",
    soon="#e0af68",
    alarm="#f7768e",
    good_wash="#1f2a25",
    soon_wash="#2b2628",
    alarm_wash="#2a1f2b",
    link_wash="#20263d",
)
_DAY = ThemeColours(
    name=LIGHT,
    dark=False,
    rail="#e9ebf2",
    sheet="#fafbfd",
    pane="#f2f4f9",
    bar="#e4e8f2",
    cursor="#d3def5",
    line="#b8bfd1",
    text="#262c40",
    quiet="#535b75",
    link="#2450a8",
    moving="#6a3bb0",
    fresh="#03617f",
    good="#2c6312",
    soon="#7d4c00",
    alarm="#ab1734",
    good_wash="#e6f1df",
    soon_wash="#f7eddb",
    alarm_wash="#fae4e8",
    link_wash="#e0e8f8",
)
_NIGHT_FOR_ALL = ThemeColours(
    name="send-desk-dark-blue-orange",
    dark=True,
    rail="#14171d",
    sheet="#181c24",
    pane="#1d232e",
    bar="#212835",
    cursor="#24395a",
    line="#3c4759",
    text="#d0d8e4",
    quiet="#98a5b9",
    link="#7fb2ff",
    moving="#c3b3e6",
    fresh="#86d3f0",
    good="#6db9ff",
    soon="#f0e08a",
    alarm="#ff9d4d",
    good_wash="#1a2a3c",
    soon_wash="#2a2a22",
    alarm_wash="#2e241e",
    link_wash="#1f2b40",
)
_DAY_FOR_ALL = ThemeColours(
    name="send-desk-light-blue-orange",
    dark=False,
    rail="#e9ecf0",
    sheet="#fbfcfd",
    pane="#f2f5f8",
    bar="#e3e8ef",
    cursor="#cfdff2",
    line="#b6c0cd",
    text="#232a35",
    quiet="#4f5a6b",
    link="#0b4a9c",
    moving="#5b3f96",
    fresh="#075a75",
    good="#07539f",
    soon="#665400",
    alarm="#973c00",
    good_wash="#dfeaf7",
    soon_wash="#f4f0d8",
    alarm_wash="#fbe8da",
    link_wash="#dde8f6",
)

_TERMINAL_DARK = ThemeColours(
    name="send-desk-ansi-dark",
    dark=True,
    rail="ansi_default",
    sheet="ansi_default",
    pane="ansi_default",
    bar="ansi_default",
    cursor="ansi_bright_black",
    line="ansi_bright_black",
    text="ansi_default",
    quiet="ansi_white",
    link="ansi_bright_blue",
    moving="ansi_bright_magenta",
    fresh="ansi_bright_cyan",
    good="ansi_bright_green",
    soon="ansi_bright_yellow",
    alarm="ansi_bright_red",
    good_wash="ansi_default",
    soon_wash="ansi_default",
    alarm_wash="ansi_default",
    link_wash="ansi_default",
)
_TERMINAL_LIGHT = ThemeColours(
    name="send-desk-ansi-light",
    dark=False,
    rail="ansi_default",
    sheet="ansi_default",
    pane="ansi_default",
    bar="ansi_default",
    cursor="ansi_white",
    line="ansi_white",
    text="ansi_default",
    quiet="ansi_bright_black",
    link="ansi_blue",
    moving="ansi_magenta",
    fresh="ansi_cyan",
    good="ansi_green",
    soon="ansi_magenta",
    alarm="ansi_red",
    good_wash="ansi_default",
    soon_wash="ansi_default",
    alarm_wash="ansi_default",
    link_wash="ansi_default",
)

PALETTES = (_NIGHT, _DAY, _NIGHT_FOR_ALL, _DAY_FOR_ALL, _TERMINAL_DARK, _TERMINAL_LIGHT)
THEMES: tuple[Theme, ...] = tuple(palette.theme() for palette in PALETTES)
"""Every theme of the desk.

Those for blue and orange keep alarm and success apart for colour-blind eyes. The last two take the
sixteen colours that the agent's terminal has.
"""
THEME_LABELS: Mapping[str, str] = MappingProxyType(
    {
        DARK: "Dark",
        LIGHT: "Light",
        "send-desk-dark-blue-orange": "Dark, blue and orange",
        "send-desk-light-blue-orange": "Light, blue and orange",
        "send-desk-ansi-dark": "Colours of the terminal, dark",
        "send-desk-ansi-light": "Colours of the terminal, light",
    }
)
"""What agents call each theme, by its name."""


def known_theme(name: str) -> str:
    """Return *name* if there is a theme called that, else the name of the usual one."""
    return name if name in THEME_LABELS else DARK
