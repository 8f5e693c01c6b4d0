"""With `--ascii` nothing that we or Textual draw leaves ASCII, whatever is open."""

import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.containers import VerticalScroll
from textual.filter import LineFilter
from textual.widgets import Static

from tests.support.app_driver import desk_open
from tests.support.pilot import running
from tests.support.stage import Stage, shown
from tui.terminal.ascii_filter import AsciiFilter, table

BLACK = Color(0, 0, 0)
OPENED_BY = {
    "help": "?",
    "palette": ":",
    "facets": "f",
    "status": "s",
    "escalate": "e",
    "assign": "A",
    "note": "c",
    "snooze": "z",
    "columns": "C",
    "sort": "S",
    "copy": "Y",
    "export": "x",
    "save view": "W",
    "filter": "/",
    "history": "]",
    "guidance": "[",
    "mark": "space",
}


class Plain(Stage):
    """A stage in ASCII."""

    def get_line_filters(self) -> Sequence[LineFilter]:
        return [AsciiFilter(), *super().get_line_filters()]


def is_data(character: str) -> bool:
    """Whether *character* is a letter of some script or a currency, as only data has."""
    return unicodedata.category(character)[0] in "LM" or unicodedata.category(character) == "Sc"


def drawn(text: str) -> set[str]:
    """Return the characters outside ASCII that were drawn."""
    return {each for each in text if not each.isascii() and not is_data(each)}


@pytest.mark.parametrize(
    ("size", "names"),
    [((80, 24), OPENED_BY), ((120, 40), OPENED_BY), ((200, 60), ("history", "guidance", "filter"))],
    ids=["80x24", "120x40", "200x60, the desk without dialogs"],
)
async def test_the_desk_and_every_dialog_are_drawn_in_ascii(
    demo_file: Path, size: tuple[int, int], names: Iterable[str]
) -> None:
    async with desk_open(demo_file, size, ascii=True) as desk:
        assert "^" in desk.text
        found = {"the desk": drawn(desk.text)}
        for name in names:
            await desk.press(OPENED_BY[name])
            found[name] = drawn(desk.text)
            await desk.press("escape", "escape")

    assert {name: signs for name, signs in found.items() if signs} == {}


async def test_without_it_signs_are_drawn(demo_file: Path) -> None:
    async with desk_open(demo_file) as desk:
        assert {"▲", "│", "·"} <= drawn(desk.text)


@pytest.mark.parametrize("border", ["round", "heavy", "double", "tall", "outer", "dashed", "vkey"])
async def test_every_border_and_scrollbar_is_ascii(border: str) -> None:
    framed = VerticalScroll(Static("\n".join(map(str, range(50)))))
    framed.styles.border = (border, "red")
    async with running(Plain(framed)) as pilot:
        assert drawn(shown(pilot.app)) == set()


@pytest.mark.parametrize("name", ["株式会社さくら", "Zoë Ünal", "Łódź", "Ελένη", "ירושלים"])
def test_names_in_other_scripts_stay(name: str) -> None:
    (segment,) = AsciiFilter().apply([Segment(name)], BLACK)

    assert segment.text == name


def test_look_and_width_stay() -> None:
    style = Style(bold=True)

    (segment,) = AsciiFilter().apply([Segment("╭─ ▲ 3d over · next → ✔ ─╮", style)], BLACK)

    assert segment == Segment("+- ^ 3d over - next > v -+", style)


def test_every_sign_has_an_ascii_form_of_its_own_width() -> None:
    for code, form in table().items():
        assert form.isascii()
        assert cell_len(form) == cell_len(chr(code)) == 1
