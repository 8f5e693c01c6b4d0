"""Lines of text as the cells of a terminal, and the runs of cells that have to be painted. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import repeat
from typing import Final

from rich.cells import cell_len
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style

from tui.wire.looks import Look, blank_of, look_of

Cell = tuple[str, Look]
"""A character with its look; the further cells of a wide character are empty."""
_NEAR: Final = 7
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


def has_doubtful(line: Sequence[Cell | None]) -> bool:
    """Whether a text in one piece is on *line*."""
    return max([len(cell[0]) for cell in line if cell], default=0) > 1


def cells_of(segments: Iterable[Segment], system: ColorSystem) -> list[Cell]:
    """Return the cells of a line on a terminal with the colours of *system*."""
    cells: list[Cell] = []
    for text, style, control in segments:
        if not control:
            cells += _cells(text, style, system)
    return cells


def runs(row: int, old: Sequence[Cell | None], new: Sequence[Cell | None]) -> Iterator[Run]:
    """Yield what takes the line from *old* to *new*, from left to right; an unknown cell stays."""
    run: Run | None = None
    for at in _changed(old, new):
        cell = new[at]
        if cell is None:
            continue
        glyph, look = cell
        if run:
            # Nearly every cell just goes on with its neighbour's look.
            if at == run.end and look is run.look and len(glyph) == 1 and not run.whole:
                run.end += 1
                continue
            if at - run.end < _NEAR and run.add(new[run.end : at + 1]):
                continue
            yield _written(run, new)
        run = Run(row, at, look, at + 1, is_doubtful(glyph))
    if run:
        yield _written(run, new)


def _written(run: Run, line: Sequence[Cell | None]) -> Run:
    run.text = "".join([cell[0] for cell in line[run.column : run.end] if cell])
    return run


def _changed(old: Sequence[Cell | None], new: Sequence[Cell | None]) -> list[int]:
    """Return the places of the known cells that differ; of a wide character all or none."""
    changed = [at for at, cell in enumerate(new) if cell and cell != old[at]]
    further = {at for at, cell in enumerate(new) if cell and not cell[0]}
    if not further:
        return changed
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


def _cells(text: str, style: Style | None, system: ColorSystem) -> Iterable[Cell]:
    known = _alphabet(look_of(style, system))
    if text.isascii():
        return map(known.__getitem__, text)
    widths = list(map(cell_len, text))
    if max(text) >= _FIRST_DOUBTFUL or 0 in widths or sum(widths) != cell_len(text):
        # Terminals disagree on its width: in one piece no half of it is ever left behind.
        return [(text, known.look), *repeat(known.further, max(cell_len(text) - 1, 0))]
    return _spelt(text, widths, known)


def _spelt(text: str, widths: Iterable[int], known: _Alphabet) -> Iterator[Cell]:
    for glyph, width in zip(text, widths, strict=True):
        yield known[glyph]
        if width == 2:
            yield known.further
