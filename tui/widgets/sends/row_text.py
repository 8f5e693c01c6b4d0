"""Draws a send as one line of the list, or as two lines where the list is narrow. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Literal, NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from models.records import SendRecord
from models.rules.send_columns import COLUMNS, SHOWN_BY, SORTS
from tui.style.glyphs import Tone, plain
from tui.widgets.sends.column_layout import GAP, GUTTER, ColumnLayout
from tui.widgets.sends.columns import LIST_COLUMNS, Piece, RenderContext, fit

_INDENT: Final = 2
"""Cells before the line of columns that have no place of their own."""

RowStyle = Literal["row", "cursor", "gone", "cursor_gone", "busy", "header"]
TextStyle = Tone | Literal["scrollbar"]
Pieces = list[tuple[str, TextStyle]]


class Colours(NamedTuple):
    """The styles of a list: those of its lines, and those of text on them."""

    row_styles: Mapping[RowStyle, Style]
    text_styles: Mapping[TextStyle, Style]
    cache: dict[tuple[RowStyle, TextStyle], Style]

    def style(self, row_style: RowStyle, text_style: TextStyle) -> Style:
        """Return the style of text on a line; the cursor and the titles have one colour for all text."""
        found = self.cache.get((row_style, text_style))
        if found is None:
            found = self.row_styles[row_style]
            if text_style == "scrollbar" or row_style == "row":
                found += Style(color=self.text_styles[text_style].color)
            self.cache[row_style, text_style] = found
        return found


class RowState(NamedTuple):
    """How a row is marked, besides what its send says."""

    cursor: bool = False
    marked: bool = False
    in_range: bool = False
    """Between the anchor of a range and the cursor."""
    arrived: bool = False
    """Time has brought it, and the cursor has not been on it since."""


def send_lines(
    send: SendRecord | None, layout: ColumnLayout, context: RenderContext, state: RowState
) -> Iterator[Pieces]:
    """Yield the lines of one send, each `layout.width` cells wide; an unknown send is an ellipsis."""
    first, second = _gutter(state, context.ascii)
    if send is None:
        yield _filled([(first, "text"), (plain("…", context.ascii), "muted")], layout.width)
        for _ in range(1, layout.lines):
            yield _filled([(second, "text")], layout.width)
    elif layout.stacked:
        yield _beside(first, _halves(send, context, layout.width, "status", "id"), layout.width)
        yield _beside(
            second, _halves(send, context, layout.width, "recipient", "due"), layout.width
        )
    else:
        yield _filled([(first, "text"), *_cells(send, layout, context)], layout.width)
    if send is not None and layout.rest:
        yield _filled([(second, "text"), *_rest(send, layout, context)], layout.width)


_STACKED_TITLES: Final = (
    (LIST_COLUMNS["status"], 8),
    (LIST_COLUMNS["recipient"], 10),
    (LIST_COLUMNS["due"], 6),
)
"""The titles where each send takes two lines, with their widths."""


def column_at(layout: ColumnLayout, place: int) -> str | None:
    """Return the key of the column whose title stands at the cell *place*, or None."""
    start = GUTTER
    for column, width in layout.columns or _STACKED_TITLES:
        if start <= place < start + width:
            return column.key
        start += width + GAP
    return None


def heading(layout: ColumnLayout, sort: tuple[str, bool] | None, ascii: bool) -> Pieces:
    """Return the line of titles; the column that the list is sorted by has an arrow.

    Args:
        layout: The columns shown.
        sort: The sort key of the list and whether it descends.
        ascii: Draw with ASCII signs only.
    """
    columns = layout.columns or _STACKED_TITLES
    pieces: Pieces = [(" " * GUTTER, "muted")]
    for at, (column, width) in enumerate(columns):
        title = COLUMNS[column.key].title
        if sort is not None and SHOWN_BY[sort[0]] == column.key:
            falls = sort[1] != SORTS[sort[0]].falls
            title = f"{COLUMNS[column.key].title} {plain('↓' if falls else '↑', ascii)}"
        title = fit(title, width)
        blank = " " * (width - cell_len(title))
        gap = " " * GAP if at + 1 < len(columns) else ""
        pieces.append(
            ((blank + title if column.is_right_aligned else title + blank) + gap, "muted")
        )
    return _filled(pieces, layout.width)


def strip(
    pieces: Iterable[tuple[str, TextStyle]], width: int, row_style: RowStyle, colours: Colours
) -> Strip:
    """Return *pieces*, *width* cells in all, as a strip with as few changes of style as they allow.

    Blanks take the style beside them: every change of style costs bytes to the terminal.
    """
    segments: list[Segment] = []
    line, style = "", None
    for text, text_style in pieces:
        wanted = colours.style(row_style, text_style)
        if style is None or line.isspace():
            style = wanted
        elif wanted is not style and text and not text.isspace():
            segments.append(Segment(line, style))
            line, style = "", wanted
        line += text
    return Strip([*segments, Segment(line, style)], width)


def _gutter(state: RowState, ascii: bool) -> tuple[str, str]:
    bar = plain("▌", ascii) if state.cursor else " "
    mark = " "
    if state.marked:
        mark = plain("✓", ascii)
    elif state.in_range:
        mark = plain("·", ascii)
    elif state.arrived:
        mark = "+"
    return f"{bar}{mark} ".ljust(GUTTER), bar.ljust(GUTTER)


def _cells(
    send: SendRecord, layout: ColumnLayout, context: RenderContext
) -> Iterator[tuple[str, TextStyle]]:
    gap = 0
    for column, width in layout.columns:
        pieces = column.cell(send, context, width)
        blank = width - _width(pieces)
        before, after = (blank, 0) if column.is_right_aligned else (0, blank)
        if gap + before:
            yield " " * (gap + before), "muted"
        yield from pieces
        gap = after + GAP


def _rest(
    send: SendRecord, layout: ColumnLayout, context: RenderContext
) -> Iterator[tuple[str, TextStyle]]:
    """Yield what the columns without a place of their own say, one behind the other, as far as there is room."""
    nothing = plain("–", context.ascii)
    said = [
        "".join(text for text, _ in column.cell(send, context, column.max_width)).strip()
        for column in layout.rest
    ]
    joined = f" {plain('·', context.ascii)} ".join(
        text for text in said if text not in ("", nothing)
    )
    room = layout.width - GUTTER - _INDENT
    yield " " * _INDENT + fit(joined, room, plain("…", context.ascii)), "muted"


def _halves(
    send: SendRecord, context: RenderContext, width: int, left: str, right: str
) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Return two cells that share a line; the right one is as wide as it needs, the left one has the rest."""
    room = max(width - GUTTER, 0)
    end = LIST_COLUMNS[right].cell(send, context, min(LIST_COLUMNS[right].max_width, room))
    return LIST_COLUMNS[left].cell(send, context, max(room - _width(end) - GAP, 0)), end


def _beside(gutter: str, halves: tuple[tuple[Piece, ...], tuple[Piece, ...]], width: int) -> Pieces:
    left, right = halves
    blank = " " * max(width - GUTTER - _width(left) - _width(right), 0)
    return _filled([(gutter, "text"), *left, (blank, "muted"), *right], width)


def _width(pieces: Iterable[tuple[str, TextStyle]]) -> int:
    return sum([cell_len(text) for text, _ in pieces])


def _filled(pieces: Iterable[tuple[str, TextStyle]], width: int) -> Pieces:
    """Return *pieces* as exactly *width* cells: cut, or with blanks at the end."""
    line = list(pieces)
    room = width - _width(line)
    if room >= 0:
        return [*line, (" " * room, "muted")]
    room = width
    for at, (text, text_style) in enumerate(line):
        line[at] = (fit(text, room, ""), text_style)
        room -= cell_len(line[at][0])
    return [*line, (" " * room, "muted")]
