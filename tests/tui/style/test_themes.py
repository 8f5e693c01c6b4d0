"""Every theme can be read, and colour-blind agents tell alarm from success."""

import pytest
from textual.color import Color
from textual.theme import Theme

from tui.style.themes import TEXT, THEMES, ZONES


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


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
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


@pytest.mark.parametrize("theme", THEMES[2:], ids=lambda theme: theme.name)
def test_colour_blind_themes_tell_alarm_from_success_by_more_than_red_and_green(
    theme: Theme,
) -> None:
    alarm, good = Color.parse(theme.error or ""), Color.parse(theme.success or "")

    assert alarm.b + 80 < good.b
    assert alarm.r > good.r + 80
