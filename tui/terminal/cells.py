"""Lines of text as cells of a terminal, and the runs of cells that have to be painted. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import repeat
from typing import Final

from rich.cells import cell_len
from rich.color import ColorSystem
from rich.segment import Segment

from tui.terminal.cell_style import CellStyle, cell_style, on_blank

Cell = tuple[str, CellStyle]
"""A character with its style; the second cell of a wide character has an empty text."""
_SAME_RUN: Final = 5
"""Up to so many unchanged cells are painted again: moving the cursor over them takes as many bytes."""
_MOST_KNOWN: Final = 2000
"""Characters that a cache keeps: any text may come from outside, and memory must not grow with it."""
_FIRST_DOUBTFUL: Final = "\U0001f000"
"""The first emoji: from here on terminals disagree on widths with each other and with Rich's table."""


@dataclass(slots=True)
class CellRun:
    """Neighbouring cells of one style that are painted at once."""

    row: int
    column: int
    style: CellStyle
    end: int
    """The first column after it."""
    whole: bool
    """Whether it is one piece of text whose width is not sure."""
    text: str = ""
    in_order: bool = False
    """Whether it must be painted after what stands at its left."""

    def add(self, cells: Sequence[Cell | None]) -> bool:
        """Extend the run by *cells* if one style serves for all; return whether it was."""
        joined = self.style
        for cell in cells:
            if cell is None or (cell[0] and (self.whole or is_one_piece(cell[0]))):
                return False
            style = cell[1]
            if joined != style and on_blank(joined) != style:
                if on_blank(style) != joined:
                    return False
                joined = style
        self.style = joined
        self.end += len(cells)
        return True


def is_one_piece(glyph: str) -> bool:
    """Whether *glyph* is several characters kept together because terminals disagree on their width."""
    return len(glyph) > 1


def lengths(line: Sequence[Cell | None]) -> set[int]:
    """Return which numbers of characters the cells of *line* have.

    0 is the second cell of a wide character, 1 a character, more a piece of text kept together.
    """
    return {len(cell[0]) for cell in line if cell}


def cells_of(segments: Iterable[Segment], system: ColorSystem) -> tuple[list[Cell], bool]:
    """Return the cells of a line, and whether each of them holds exactly one character.

    Args:
        segments: The line.
        system: The colours that the terminal has.
    """
    cells: list[Cell] = []
    is_simple = True
    for text, style, control in segments:
        if control:
            continue
        known = _alphabet(cell_style(style, system))
        if text.isascii() or _is_simple(text):
            cells += map(known.__getitem__, text)
        else:
            cells += _cells(text, known)
            is_simple = False
    return cells, is_simple


def runs(
    row: int, old: Sequence[Cell | None], new: Sequence[Cell | None], *, is_simple: bool
) -> Iterator[CellRun]:
    """Yield what has to be painted to take the line from *old* to *new*, from left to right.

    A cell of *new* that is None is left as it is.

    Args:
        row: Where the line is.
        old: What the terminal shows.
        new: What it is to show.
        is_simple: Whether each cell of *new* holds exactly one character.
    """
    run: CellRun | None = None
    blank: CellStyle | None = None
    changed = _changed(old, new)
    for at in changed if is_simple else _whole(changed, new):
        cell = new[at]
        if cell is None:
            continue
        glyph, style = cell
        if run:
            # Nearly every cell has its neighbour's style: this test comes first for speed.
            is_next = at == run.end and (style is run.style or style is blank)
            if is_next and len(glyph) == 1 and not run.whole:
                run.end += 1
                continue
            if at - run.end < _SAME_RUN and run.add(new[run.end : at + 1]):
                blank = on_blank(run.style)
                continue
            yield _written(run, new)
        run, blank = CellRun(row, at, style, at + 1, is_one_piece(glyph)), on_blank(style)
    if run:
        yield _written(run, new)


def _written(run: CellRun, line: Sequence[Cell | None]) -> CellRun:
    run.text = "".join([cell[0] for cell in line[run.column : run.end] if cell])
    return run


def _changed(old: Sequence[Cell | None], new: Sequence[Cell | None]) -> list[int]:
    """Return the columns of the known cells that differ."""
    pairs = enumerate(zip(new, old, strict=True))
    # Equal cells are nearly always the same object: comparing identities first saves most comparisons.
    return [at for at, (cell, before) in pairs if cell is not before and cell and cell != before]


def _whole(changed: list[int], line: Sequence[Cell | None]) -> list[int]:
    """Return the columns of *changed*, and every cell of a wide character of which one changed."""
    further = {at for at, cell in enumerate(line) if cell and not cell[0]}
    whole: set[int] = set()
    for at in changed:
        first = last = at
        while first in further:
            first -= 1
        while last + 1 in further:
            last += 1
        whole.update(range(first, last + 1))
    return sorted(whole)


class _Alphabet(dict[str, Cell]):
    """The cells of one style by their character, each made once: a page has thousands of cells."""

    def __init__(self, style: CellStyle) -> None:
        super().__init__()
        self.style = style
        self.further: Cell = ("", style)

    def __missing__(self, glyph: str) -> Cell:
        cell = (glyph, on_blank(self.style) if glyph == " " else self.style)
        if len(self) < _MOST_KNOWN:
            self[glyph] = cell
        return cell


@lru_cache(maxsize=512)
def _alphabet(style: CellStyle) -> _Alphabet:
    return _Alphabet(style)


class _Widths(dict[str, int]):
    """How many cells each character takes, looked up once."""

    def __missing__(self, glyph: str) -> int:
        width = cell_len(glyph)
        if len(self) < _MOST_KNOWN:
            self[glyph] = width
        return width


_WIDTHS: Final = _Widths()


def _is_simple(text: str) -> bool:
    """Whether each character of *text* takes one cell on every terminal."""
    return max(text) < _FIRST_DOUBTFUL and set(map(_WIDTHS.__getitem__, text)) == {1}


def _cells(text: str, known: _Alphabet) -> Iterable[Cell]:
    widths = [_WIDTHS[glyph] for glyph in text]
    if max(text) >= _FIRST_DOUBTFUL or 0 in widths or sum(widths) != cell_len(text):
        # Terminals may draw it wider or narrower. As one piece it is always repainted whole,
        # so that no half of it stays on the screen.
        return [(text, known.style), *repeat(known.further, max(cell_len(text) - 1, 0))]
    return _spelt(text, widths, known)


def _spelt(text: str, widths: Iterable[int], known: _Alphabet) -> Iterator[Cell]:
    for glyph, width in zip(text, widths, strict=True):
        yield known[glyph]
        if width == 2:
            yield known.further
