"""Lines of text as the cells of a terminal, and the runs of cells that have to be painted. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import repeat
from typing import Final

from rich.cells import cell_len
from rich.color import ColorSystem
from rich.segment import Segment

from tui.terminal.cell_style import Look, blank_of, look_of

Cell = tuple[str, Look]
"""A character with its look; the further cells of a wide character are empty."""
_NEAR: Final = 5
"""Unchanged cells that are painted again because going around them takes as many bytes."""
_MOST_KNOWN: Final = 2000
_FIRST_DOUBTFUL: Final = "\U0001f000"
"""From here on, terminals and tables of widths disagree too often."""


@dataclass(slots=True)
class Run:
    """Neighbouring cells of one look that are painted at once."""

    row: int
    column: int
    look: Look
    end: int
    """The column behind it."""
    whole: bool
    """Whether it is a text in one piece."""
    text: str = ""
    in_order: bool = False
    """Whether it has to be painted after everything on its left."""

    def add(self, cells: Sequence[Cell | None]) -> bool:
        """Go on with *cells*, if all of them can be painted in one look with what is there."""
        joined = self.look
        for cell in cells:
            if cell is None or (cell[0] and (self.whole or is_doubtful(cell[0]))):
                return False
            look = cell[1]
            if joined != look and blank_of(joined) != look:
                if blank_of(look) != joined:
                    return False
                joined = look
        self.look = joined
        self.end += len(cells)
        return True


def is_doubtful(glyph: str) -> bool:
    """Whether *glyph* is a text in one piece, because terminals disagree on how wide it is."""
    return len(glyph) > 1


def lengths(line: Sequence[Cell | None]) -> set[int]:
    """Return how many characters the cells of *line* have: 1, the further ones of a wide character 0.

    More than one is a text in one piece.
    """
    return {len(cell[0]) for cell in line if cell}


def cells_of(segments: Iterable[Segment], system: ColorSystem) -> tuple[list[Cell], bool]:
    """Return the cells of a line, and whether each of them is a character of its own.

    Args:
        segments: The line.
        system: The colours that the terminal has.
    """
    cells: list[Cell] = []
    is_simple = True
    for text, style, control in segments:
        if control:
            continue
        known = _alphabet(look_of(style, system))
        if text.isascii() or _is_simple(text):
            cells += map(known.__getitem__, text)
        else:
            cells += _cells(text, known)
            is_simple = False
    return cells, is_simple


def runs(
    row: int, old: Sequence[Cell | None], new: Sequence[Cell | None], *, is_simple: bool
) -> Iterator[Run]:
    """Yield what takes the line from *old* to *new*, from left to right; an unknown cell stays.

    Args:
        row: Where the line is.
        old: What the terminal shows.
        new: What it is to show.
        is_simple: Whether each cell of *new* is a character of its own.
    """
    run: Run | None = None
    blank: Look | None = None
    changed = _changed(old, new)
    for at in changed if is_simple else _whole(changed, new):
        cell = new[at]
        if cell is None:
            continue
        glyph, look = cell
        if run:
            # Nearly every cell just goes on with its neighbour's look.
            is_next = at == run.end and (look is run.look or look is blank)
            if is_next and len(glyph) == 1 and not run.whole:
                run.end += 1
                continue
            if at - run.end < _NEAR and run.add(new[run.end : at + 1]):
                blank = blank_of(run.look)
                continue
            yield _written(run, new)
        run, blank = Run(row, at, look, at + 1, is_doubtful(glyph)), blank_of(look)
    if run:
        yield _written(run, new)


def _written(run: Run, line: Sequence[Cell | None]) -> Run:
    run.text = "".join([cell[0] for cell in line[run.column : run.end] if cell])
    return run


def _changed(old: Sequence[Cell | None], new: Sequence[Cell | None]) -> list[int]:
    """Return the places of the known cells that differ."""
    pairs = enumerate(zip(new, old, strict=True))
    # Nearly every cell that is like another one is that one.
    return [at for at, (cell, former) in pairs if cell is not former and cell and cell != former]


def _whole(changed: list[int], line: Sequence[Cell | None]) -> list[int]:
    """Return the places that *changed*, and of a wide character all if one is among them."""
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
    """The cells of one look, made once: a page has thousands, and a cell compares as fast as it is one."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.look = look
        self.further: Cell = ("", look)

    def __missing__(self, glyph: str) -> Cell:
        cell = (glyph, blank_of(self.look) if glyph == " " else self.look)
        if len(self) < _MOST_KNOWN:
            self[glyph] = cell
        return cell


@lru_cache(maxsize=512)
def _alphabet(look: Look) -> _Alphabet:
    return _Alphabet(look)


class _Widths(dict[str, int]):
    """How many cells a character takes, measured once."""

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
        # Terminals disagree on its width: in one piece no half of it is ever left behind.
        return [(text, known.look), *repeat(known.further, max(cell_len(text) - 1, 0))]
    return _spelt(text, widths, known)


def _spelt(text: str, widths: Iterable[int], known: _Alphabet) -> Iterator[Cell]:
    for glyph, width in zip(text, widths, strict=True):
        yield known[glyph]
        if width == 2:
            yield known.further
