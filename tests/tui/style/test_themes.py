"""Every theme can be read, and colour-blind agents tell alarm from success."""

import pytest
from textual.color import Color
from textual.theme import Theme

from tui.style.themes import TEXT, THEME_LABELS, THEMES, ZONES, known_theme

OWN = [theme for theme in THEMES if not theme.ansi]
"""The themes that bring their own colours."""


def contrast(one: Color, other: Color) -> float:
    """Return the contrast of two colours by WCAG 2.2: 1 to 21."""

    def luminance(colour: Color) -> float:
        parts = [value / 255 for value in colour.rgb]
        linear = [
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
        ]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", OWN, ids=lambda theme: theme.name)
@pytest.mark.parametrize("zone", [*ZONES, "error-muted", "warning-muted", "primary-muted"])
def test_every_text_can_be_read_on_every_zone(theme: Theme, zone: str) -> None:
    colours = theme.to_color_system().generate() | theme.variables
    ground = Color.parse(colours[zone])

    faint = {
        token: round(contrast(Color.parse(colours[token]), ground), 2)
        for token in TEXT
        if contrast(Color.parse(colours[token]), ground) < 4.5
    }

    assert faint == {}


@pytest.mark.parametrize("theme", OWN[2:], ids=lambda theme: theme.name)
def test_colour_blind_themes_tell_alarm_from_success_by_more_than_red_and_green(
    theme: Theme,
) -> None:
    alarm, good = Color.parse(theme.error or ""), Color.parse(theme.success or "")

    assert alarm.b + 80 < good.b
    assert alarm.r > good.r + 80


def test_every_theme_has_a_name_for_agents() -> None:
    assert list(THEME_LABELS) == [theme.name for theme in THEMES]
    assert known_theme("send-desk-light") == "send-desk-light"
    assert known_theme("solarized") == known_theme("") == "send-desk-dark"


@pytest.mark.parametrize(
    "theme", [theme for theme in THEMES if theme.ansi], ids=lambda theme: theme.name
)
def test_the_terminals_own_colours_are_all_that_such_a_theme_has(theme: Theme) -> None:
    ours = [theme.primary, theme.error, theme.background, *theme.variables.values()]
    assert all(str(colour).startswith("ansi_") for colour in ours)
    ground = theme.variables["block-cursor-background"]
    assert ground not in {theme.variables[token] for token in TEXT if token in theme.variables}
