"""What is sent to the terminal leaves it showing exactly what was drawn, and is no more than needed."""

import pyte
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Size
from textual.strip import Strip

from tui.terminal.cell_style import RESET, cell_style, sgr_between
from tui.terminal.renderer import CellRenderer, PlacedStrips

SIZE = Size(12, 3)
TRUE = ColorSystem.TRUECOLOR
RED = Style.parse("#ff0000 on #101010")
BLUE = Style.parse("#0000ff on #101010")
LOUD = Style.parse("bold underline #00ff00 on #202020")
INVERSE = Style.parse("reverse")
CHARACTERS = st.sampled_from(["a", "b", " ", "é", "株", "▲"])
STYLES = st.sampled_from([None, RED, BLUE, LOUD, INVERSE, Style.parse("dim italic")])


def row(*segments: tuple[str, Style | None]) -> Strip:
    """Return a line of these texts."""
    return Strip([Segment(text, style) for text, style in segments])


@st.composite
def pieces(draw: st.DrawFn) -> PlacedStrips:
    """Draw a piece of a line that ends within the screen."""
    column = draw(st.integers(0, SIZE.width - 1))
    texts = draw(st.lists(st.tuples(st.text(CHARACTERS, min_size=1, max_size=4), STYLES)))
    strip = row(*texts)
    kept = strip.crop(0, SIZE.width - column)
    return draw(st.integers(0, SIZE.height - 1)), column, (kept,)


def frame(renderer: CellRenderer, *lines: PlacedStrips) -> str:
    """Return what the renderer writes for *lines*."""
    return renderer.paint(lines, SIZE, TRUE)


def painted(screen: pyte.Screen) -> list[object]:
    """Return everything that can be seen on *screen*."""
    seen: list[object] = []
    for line in range(SIZE.height):
        for column in range(SIZE.width):
            cell = screen.buffer[line][column]
            drawn = (cell.underscore, cell.reverse, cell.strikethrough)
            foreground = (cell.fg, cell.bold) if cell.data.strip() or any(drawn) else ()
            seen.append((cell.data, cell.bg, drawn, foreground))
    return seen


def naively(line: PlacedStrips) -> str:
    """Return a piece as Textual would send it."""
    at, column, strips = line
    texts = "".join(
        f"\x1b[m\x1b[{Strip.render_ansi(style, TRUE)}m{text}" if style else f"\x1b[m{text}"
        for strip in strips
        for text, style, _ in strip
    )
    return f"\x1b[{at + 1};{column + 1}H{texts}\x1b[m"


def blank_lines() -> list[PlacedStrips]:
    """Return the screen without anything on it."""
    return [(line, 0, (row((" " * SIZE.width, RED)),)) for line in range(SIZE.height)]


@given(st.lists(st.lists(pieces(), max_size=4), max_size=5))
@settings(max_examples=150, deadline=None)
def test_the_terminal_shows_what_was_drawn(frames: list[list[PlacedStrips]]) -> None:
    lean, plain = pyte.Screen(*SIZE), pyte.Screen(*SIZE)
    to_lean, to_plain = pyte.Stream(lean), pyte.Stream(plain)
    renderer = CellRenderer()
    for lines in [blank_lines(), *frames]:
        drawn: list[PlacedStrips] = []
        for line in lines:
            # Half a wide character is never left: whoever covers the other half draws a blank.
            if not _cuts(plain, line):
                drawn.append(line)
                to_plain.feed(naively(line))
        to_lean.feed(renderer.paint(drawn, SIZE, TRUE))
        assert painted(lean) == painted(plain)


def _cuts(screen: pyte.Screen, line: PlacedStrips) -> bool:
    at, column, strips = line
    end = column + sum(strip.cell_length for strip in strips)
    halves = [place for place in (column, end) if 0 < place < SIZE.width]
    return any(screen.buffer[at][place].data == "" for place in halves)


@given(STYLES, STYLES)
def test_a_change_of_look_is_never_longer_than_a_fresh_start(
    before: Style | None, wanted: Style | None
) -> None:
    before, after = cell_style(before, TRUE), cell_style(wanted, TRUE)

    change, style = sgr_between(before, after)

    assert style == after
    assert len(change) <= len(sgr_between(RESET, after)[0]) + len("\x1b[0;m")


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("bold", ("1",)), ("dim", ("2",)), ("italic", ("3",)), ("underline", ("4",)),
        ("underline2", ("4",)), ("blink", ("5",)), ("blink2", ("5",)), ("reverse", ("7",)),
        ("conceal", ("8",)), ("strike", ("9",)), ("overline", ("53",)),
        ("bold not italic reverse", ("1", "7")), ("not bold", ()),
    ],
)  # fmt: skip
def test_every_attribute_is_told(words: str, numbers: tuple[str, ...]) -> None:
    assert cell_style(Style.parse(words), TRUE).attributes == numbers


def test_what_is_there_already_is_not_sent_again() -> None:
    renderer = CellRenderer()
    line = (0, 0, (row(("one ", RED), ("two", BLUE)),))

    assert frame(renderer, line)
    assert frame(renderer, line) == ""


def test_only_the_cells_that_differ_are_sent() -> None:
    renderer = CellRenderer()
    frame(renderer, (1, 0, (row(("18 days over", RED)),)))

    assert frame(renderer, (1, 0, (row(("17 days over", RED)),))) == (
        "\x1b[2;2H\x1b[38;2;255;0;0;48;2;16;16;16m7\x1b[m"
    )


def test_a_colour_is_told_once_for_all_its_cells() -> None:
    lines = [(at, 0, (row(("red", RED), ("blue", BLUE)),)) for at in range(3)]

    sent = frame(CellRenderer(), *lines)

    assert sent.count("38;2;255;0;0") == sent.count("38;2;0;0;255") == 1


def test_a_blank_takes_the_colour_that_is_there() -> None:
    sent = frame(CellRenderer(), (0, 0, (row(("a", RED), ("  ", BLUE), ("b", RED)),)))

    assert "a  b" in sent


@pytest.mark.parametrize(
    ("places", "way"),
    [
        (((30, 10), (30, 16)), "\x1b[5C"),
        (((30, 10), (31, 0)), "\r\n"),
        (((30, 10), (31, 40)), "\r\n\x1b[40C"),
        (((30, 10), (32, 40)), "\x1b[33;41H"),
        (((30, 79), (31, 40)), "\x1b[32;41H"),
    ],
)
def test_the_way_to_the_next_cell_is_short_and_never_doubtful(
    places: tuple[tuple[int, int], tuple[int, int]], way: str
) -> None:
    pieces = [(at, column, (row(("x", RED)),)) for at, column in places]

    assert f"x{way}x" in CellRenderer().paint(pieces, Size(80, 40), TRUE)


def test_another_colour_on_the_same_line_is_not_far_away() -> None:
    renderer = CellRenderer()
    frame(renderer, *blank_lines())

    sent = frame(renderer, (1, 0, (row(("red", RED), ("blue", BLUE), ("red", RED)),)))

    assert sent == (
        "\x1b[2;4H\x1b[38;2;0;0;255;48;2;16;16;16mblue\r\x1b[38;2;255;0;0mred\x1b[4Cred\x1b[m"
    )


def test_nothing_is_taken_for_granted_after_forgetting() -> None:
    renderer = CellRenderer()
    line = (0, 0, (row(("text", RED)),))
    first = frame(renderer, line)

    renderer.forget()

    assert frame(renderer, line) == first


def test_another_size_begins_anew() -> None:
    renderer = CellRenderer()
    line = (0, 0, (row(("text", RED)),))
    first = frame(renderer, line)

    assert renderer.paint([line], Size(20, 5), TRUE) == first


def test_what_lies_outside_the_screen_is_left_out() -> None:
    assert (
        frame(CellRenderer(), (99, 0, (row(("text", RED)),)), (0, 99, (row(("text", RED)),))) == ""
    )


def test_text_of_doubtful_width_is_sent_whole_with_what_follows_it_in_order() -> None:
    renderer = CellRenderer()
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    frame(renderer, (0, 0, (row((family, RED), ("x", BLUE), ("y", RED)),)))

    sent = frame(renderer, (0, 0, (row((family, RED), ("x", BLUE), ("z", RED)),)))

    assert sent.index(family) < sent.index("x") < sent.index("z")


def test_half_of_a_wide_character_that_was_painted_over_is_painted_again() -> None:
    renderer = CellRenderer()
    wide = (0, 0, (row(("株", RED)),))
    frame(renderer, wide)
    frame(renderer, (0, 1, (row(("a", RED)),)))

    assert "株" in frame(renderer, wide)
