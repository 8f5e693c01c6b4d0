"""One send as one line of the list, or two where it is narrow: record, layout and colours to strips. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from models.records import SendRecord
from tui.signs import Tone, plain
from tui.widgets.column_layout import GAP, GUTTER, Layout
from tui.widgets.columns import COLUMNS, Piece, Scene, fit

Surface = Literal["row", "cursor", "gone", "cursor_gone", "busy", "header"]
Ink = Tone | Literal["scrollbar"]
Pieces = list[tuple[str, Ink]]


@dataclass(frozen=True, slots=True)
class Colours:
    """The styles of a list: what a line stands on, and the inks that are written on it."""

    surfaces: Mapping[Surface, Style]
    inks: Mapping[Ink, Style]
    cache: dict[tuple[Surface, Ink], Style]

    def style(self, surface: Surface, ink: Ink) -> Style:
        """Return *ink* on *surface*; under the cursor and on headings one ink serves for all."""
        found = self.cache.get((surface, ink))
        if found is None:
            found = self.surfaces[surface]
            if ink == "scrollbar" or surface == "row":
                found += Style(color=self.inks[ink].color)
            self.cache[surface, ink] = found
        return found


@dataclass(frozen=True, slots=True)
class State:
    """What a row is besides its send."""

    cursor: bool = False
    marked: bool = False
    in_range: bool = False
    """Between the anchor of a range and the cursor."""


def send_lines(
    send: SendRecord | None, layout: Layout, scene: Scene, state: State
) -> Iterator[Pieces]:
    """Yield the lines of one send, each `layout.width` cells wide; an unknown send is an ellipsis."""
    first, second = _gutter(state, scene.ascii)
    if send is None:
        yield _filled([(first, "text"), (plain("…", scene.ascii), "muted")], layout.width)
        if layout.stacked:
            yield _filled([(second, "text")], layout.width)
    elif layout.stacked:
        yield _beside(first, _halves(send, scene, layout.width, "status", "id"), layout.width)
        yield _beside(second, _halves(send, scene, layout.width, "recipient", "due"), layout.width)
    else:
        yield _filled([(first, "text"), *_cells(send, layout, scene)], layout.width)


def heading(layout: Layout, sort: tuple[str, bool] | None, ascii: bool) -> Pieces:
    """Return the line of titles; the column that the list is sorted by has an arrow.

    Args:
        layout: The columns shown.
        sort: The key of that column and whether it descends.
        ascii: Draw with ASCII signs only.
    """
    columns = layout.columns or (
        (COLUMNS["status"], 8),
        (COLUMNS["recipient"], 10),
        (COLUMNS["due"], 6),
    )
    pieces: Pieces = [(" " * GUTTER, "muted")]
    for at, (column, width) in enumerate(columns):
        title = column.heading(width)
        if sort is not None and sort[0] == column.key:
            title = f"{column.heading(width - 2)} {plain('↓' if sort[1] else '↑', ascii)}"
        title = fit(title, width)
        blank = " " * (width - cell_len(title))
        gap = " " * GAP if at + 1 < len(columns) else ""
        pieces.append(((blank + title if column.right else title + blank) + gap, "muted"))
    return _filled(pieces, layout.width)


def strip(pieces: Iterable[tuple[str, Ink]], surface: Surface, colours: Colours) -> Strip:
    """Return *pieces* as a strip with as few changes of style as they allow.

    Blanks take the style beside them: every change costs bytes on the way to the terminal.
    """
    segments: list[Segment] = []
    for text, ink in pieces:
        style = colours.style(surface, ink)
        former = segments[-1] if segments else Segment("")
        if former.style == style or (segments and text.isspace()):
            segments[-1] = Segment(former.text + text, former.style)
        elif segments and former.text.isspace():
            segments[-1] = Segment(former.text + text, style)
        elif text:
            segments.append(Segment(text, style))
    return Strip(segments)


def _gutter(state: State, ascii: bool) -> tuple[str, str]:
    bar = plain("▌", ascii) if state.cursor else " "
    mark = plain("✓", ascii) if state.marked else plain("·", ascii) if state.in_range else " "
    return f"{bar}{mark} ".ljust(GUTTER), bar.ljust(GUTTER)


def _cells(send: SendRecord, layout: Layout, scene: Scene) -> Iterator[tuple[str, Ink]]:
    for at, (column, width) in enumerate(layout.columns):
        if at:
            yield " " * GAP, "muted"
        pieces = column.cell(send, scene, width)
        blank = " " * (width - _width(pieces))
        if column.right:
            yield blank, "muted"
        yield from pieces
        if not column.right:
            yield blank, "muted"


def _halves(
    send: SendRecord, scene: Scene, width: int, left: str, right: str
) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Return two cells that share a line; the right one has what it needs, the left one the rest."""
    room = max(width - GUTTER, 0)
    end = COLUMNS[right].cell(send, scene, min(COLUMNS[right].most, room))
    return COLUMNS[left].cell(send, scene, max(room - _width(end) - GAP, 0)), end


def _beside(gutter: str, halves: tuple[tuple[Piece, ...], tuple[Piece, ...]], width: int) -> Pieces:
    left, right = halves
    blank = " " * max(width - GUTTER - _width(left) - _width(right), 0)
    return _filled([(gutter, "text"), *left, (blank, "muted"), *right], width)


def _width(pieces: Iterable[tuple[str, Ink]]) -> int:
    return sum(cell_len(text) for text, _ in pieces)


def _filled(pieces: Iterable[tuple[str, Ink]], width: int) -> Pieces:
    """Return *pieces* as exactly *width* cells: cut, or with blanks at the end."""
    line: Pieces = []
    room = width
    for text, ink in pieces:
        kept = fit(text, room, "")
        line.append((kept, ink))
        room -= cell_len(kept)
    return [*line, (" " * room, "muted")]
