"""The way to the terminal, which remembers what the terminal shows."""

from collections.abc import Iterable, Iterator

from rich.color import ColorSystem
from rich.console import COLOR_SYSTEMS, Console, ConsoleOptions, RenderResult
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.geometry import Size
from textual.strip import Strip

from tui.terminal.cell_style import PLAIN, Look, turn
from tui.terminal.cells import Cell, Run, cells_of, lengths, runs

Piece = tuple[int, int, Iterable[Strip]]
"""Row, first column, and the strips from there on."""
Place = tuple[int, int]
"""Row and column of a cell."""


class Wire:
    """Paints what differs from what the terminal shows, one colour after the other.

    A colour costs up to nineteen bytes, a way to another cell eight at most: so everything of one
    colour is painted before the next. A frame reaches the terminal in one piece.
    """

    def __init__(self) -> None:
        self._size = Size(0, 0)
        self._rows: list[list[Cell | None]] = []
        self._broad: set[int] = set()
        """Rows with cells that are not a character of their own."""

    def forget(self) -> None:
        """Take nothing on the terminal for granted, so that the next frame paints all it holds."""
        self._size = Size(0, 0)

    def paint(self, pieces: Iterable[Piece], size: Size, system: ColorSystem) -> str:
        """Return what the terminal has to be sent, and remember that it was."""
        if size != self._size:
            self._size = size
            self._rows = [[None] * size.width for _ in range(size.height)]
            self._broad.clear()
        shown: dict[int, list[Cell | None]] = {}
        for row, column, strips in pieces:
            if 0 <= row < size.height:
                if row not in shown:
                    shown[row] = self._rows[row][:]
                for strip in strips:
                    cells, is_simple = cells_of(strip, system)
                    if not is_simple:
                        self._broad.add(row)
                    self._put(row, column, cells[: max(size.width - column, 0)])
                    column += len(cells)
        found = [run for row in shown for run in self._changed(row, shown[row])]
        return _script(found, size.width)

    def _put(self, row: int, column: int, cells: list[Cell]) -> None:
        line, end = self._rows[row], column + len(cells)
        if line[column:end] != cells:
            if row in self._broad:
                _cut(line, column, -1)
                _cut(line, end, 1)
            line[column:end] = cells

    def _changed(self, row: int, shown: list[Cell | None]) -> list[Run]:
        line = self._rows[row]
        if line == shown:
            return []
        if row not in self._broad:
            return list(runs(row, shown, line, is_simple=True))
        found = lengths(line)
        if found <= {1}:
            self._broad.discard(row)
        if max(found | lengths(shown), default=0) <= 1:
            return list(runs(row, shown, line, is_simple=False))
        # Where a terminal draws it broader than it is taken for, what follows lies under it.
        whole = list(runs(row, [None] * len(line), line, is_simple=False))
        for run in whole:
            run.in_order = True
        return whole


class LeanUpdate(CompositorUpdate):
    """An update of Textual's that is sent by the wire."""

    def __init__(self, update: ChopsUpdate | LayoutUpdate, wire: Wire, size: Size) -> None:
        self._update = update
        self._wire = wire
        self._size = size

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the update as it was."""
        yield from self._update.__rich_console__(console, options)

    def render_segments(self, console: Console) -> str:
        """Return what the terminal has to be sent."""
        update = self._update
        pieces = _of_layout(update) if isinstance(update, LayoutUpdate) else _of_chops(update)
        system = COLOR_SYSTEMS[console.color_system or "truecolor"]
        return self._wire.paint(pieces, self._size, system)


def _of_layout(update: LayoutUpdate) -> Iterator[Piece]:
    for row, strips in enumerate(update.strips, update.region.y):
        yield row, update.region.x, strips


def _of_chops(update: ChopsUpdate) -> Iterator[Piece]:
    for row, start, stop in update.spans:
        for end, (column, strip) in zip(
            update.chop_ends[row], update.chops[row].items(), strict=False
        ):
            if strip is not None and column <= stop and end > start:
                yield row, column, (strip.crop(0, min(end, stop) - column),)


def _cut(line: list[Cell | None], edge: int, by: int) -> None:
    """Forget the wide character that *edge* goes through: half of it is about to be painted over."""
    if not 0 < edge < len(line) or (cell := line[edge]) is None or cell[0]:
        return
    at = edge - 1 if by < 0 else edge
    while 0 <= at < len(line) and (cell := line[at]) is not None:
        if by > 0 and cell[0]:
            return
        line[at] = None
        if cell[0]:
            return
        at += by


def _script(found: list[Run], width: int) -> str:
    found.sort(key=_turn_of)
    sent: list[str] = []
    look, at = PLAIN, None
    for run in found:
        change, look = turn(look, run.look)
        sent += (_way(at, (run.row, run.column)), change, run.text)
        at = None if run.whole or run.end == width else (run.row, run.end)
    if look != PLAIN:
        sent.append("\x1b[m")
    return "".join(sent)


def _way(former: Place | None, wanted: Place) -> str:
    """Return the shortest way to a cell; from nowhere, or from behind the last column, only one is sure."""
    row, column = wanted
    straight = f"\x1b[{row + 1};{column + 1}H"
    if former is None:
        return straight
    if former == wanted:
        return ""
    forward = column - (former[1] if row == former[0] else 0)
    steps = f"\x1b[{forward if forward > 1 else ''}C" if forward else ""
    match row - former[0]:
        case 0 if forward > 0:
            return steps
        case 0:
            return f"\x1b[{column + 1}G" if column else "\r"
        case 1:
            return min(straight, f"\r\n{steps}", key=len)
        case _:
            return straight


def _turn_of(run: Run) -> tuple[bool, Look, int, int]:
    return run.in_order, PLAIN if run.in_order else run.look, run.row, run.column
