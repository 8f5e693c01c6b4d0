"""Sends the terminal only the cells that changed: it remembers what the terminal shows."""

from collections.abc import Iterable, Iterator

from rich.color import ColorSystem
from rich.console import COLOR_SYSTEMS, Console, ConsoleOptions, RenderResult
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.geometry import Size
from textual.strip import Strip

from tui.terminal.cell_style import RESET, CellStyle, sgr_between
from tui.terminal.cells import Cell, CellRun, cells_of, lengths, runs

PlacedStrips = tuple[int, int, Iterable[Strip]]
"""Row, first column, and the strips from there on."""
Position = tuple[int, int]
"""Row and column of a cell."""


class CellRenderer:
    """Turns a frame into the sequences that change what the terminal shows into that frame.

    Changing the colour costs up to nineteen bytes, moving the cursor at most eight. So everything in
    one colour is painted before the next one, wherever it stands. One move in a list of sends takes
    0.3 to 1.0 kB this way (`python -m tests.benchmarks`). A frame is written in one piece.
    """

    def __init__(self) -> None:
        self._size = Size(0, 0)
        self._rows: list[list[Cell | None]] = []
        self._wide_rows: set[int] = set()
        """Rows with wide characters, or with text kept together."""

    def forget(self) -> None:
        """Forget what the terminal shows, so that the next frame is painted whole."""
        self._size = Size(0, 0)

    def paint(self, pieces: Iterable[PlacedStrips], size: Size, system: ColorSystem) -> str:
        """Return what has to be written to the terminal, and remember that it shows it.

        Args:
            pieces: The parts of the frame that may have changed.
            size: Of the terminal, in cells; another size than before repaints everything.
            system: The colours that the terminal has.
        """
        if size != self._size:
            self._size = size
            self._rows = [[None] * size.width for _ in range(size.height)]
            self._wide_rows.clear()
        shown: dict[int, list[Cell | None]] = {}
        for row, column, strips in pieces:
            if 0 <= row < size.height:
                if row not in shown:
                    shown[row] = self._rows[row][:]
                for strip in strips:
                    cells, is_simple = cells_of(strip, system)
                    if not is_simple:
                        self._wide_rows.add(row)
                    self._put(row, column, cells[: max(size.width - column, 0)])
                    column += len(cells)
        found = [run for row in shown for run in self._changed(row, shown[row])]
        return _sequences(found, size.width)

    def _put(self, row: int, column: int, cells: list[Cell]) -> None:
        line, end = self._rows[row], column + len(cells)
        if line[column:end] != cells:
            if row in self._wide_rows:
                _cut(line, column, -1)
                _cut(line, end, 1)
            line[column:end] = cells

    def _changed(self, row: int, shown: list[Cell | None]) -> list[CellRun]:
        line = self._rows[row]
        if line == shown:
            return []
        if row not in self._wide_rows:
            return list(runs(row, shown, line, is_simple=True))
        found = lengths(line)
        if found <= {1}:
            self._wide_rows.discard(row)
        if max(found | lengths(shown), default=0) <= 1:
            return list(runs(row, shown, line, is_simple=False))
        # A terminal may draw such text wider than it is counted. Painting the row from left to right
        # puts what follows over the surplus.
        whole = list(runs(row, [None] * len(line), line, is_simple=False))
        for run in whole:
            run.in_order = True
        return whole


class DiffUpdate(CompositorUpdate):
    """An update of Textual's that is written by a `CellRenderer`."""

    def __init__(
        self, update: ChopsUpdate | LayoutUpdate, renderer: CellRenderer, size: Size
    ) -> None:
        self._update = update
        self._renderer = renderer
        self._size = size

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the update as it was."""
        yield from self._update.__rich_console__(console, options)

    def render_segments(self, console: Console) -> str:
        """Return what has to be written to the terminal."""
        update = self._update
        pieces = _of_layout(update) if isinstance(update, LayoutUpdate) else _of_chops(update)
        system = COLOR_SYSTEMS[console.color_system or "truecolor"]
        return self._renderer.paint(pieces, self._size, system)


def _of_layout(update: LayoutUpdate) -> Iterator[PlacedStrips]:
    for row, strips in enumerate(update.strips, update.region.y):
        yield row, update.region.x, strips


def _of_chops(update: ChopsUpdate) -> Iterator[PlacedStrips]:
    for row, start, stop in update.spans:
        for end, (column, strip) in zip(
            update.chop_ends[row], update.chops[row].items(), strict=False
        ):
            if strip is not None and column <= stop and end > start:
                yield row, column, (strip.crop(0, min(end, stop) - column),)


def _cut(line: list[Cell | None], edge: int, by: int) -> None:
    """Mark the wide character that *edge* cuts in two as unknown: half of it is about to be overwritten.

    Args:
        line: The cells of a row.
        edge: The column between the two parts.
        by: -1 for what stands left of *edge*, 1 for what stands right of it.
    """
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


def _sequences(found: list[CellRun], width: int) -> str:
    found.sort(key=_painting_order)
    sent: list[str] = []
    style, at = RESET, None
    for run in found:
        change, style = sgr_between(style, run.style)
        sent += (_cursor_move(at, (run.row, run.column)), change, run.text)
        at = None if run.whole or run.end == width else (run.row, run.end)
    if style != RESET:
        sent.append("\x1b[m")
    return "".join(sent)


def _cursor_move(before: Position | None, wanted: Position) -> str:
    """Return the shortest sequence that moves the cursor.

    If the cursor's position is unknown, *before* is None and only the absolute sequence is safe. That
    is so after the last column too, where terminals differ.
    """
    row, column = wanted
    absolute = f"\x1b[{row + 1};{column + 1}H"
    if before is None:
        return absolute
    if before == wanted:
        return ""
    forward = column - (before[1] if row == before[0] else 0)
    right = f"\x1b[{forward if forward > 1 else ''}C" if forward else ""
    match row - before[0]:
        case 0 if forward > 0:
            return right
        case 0:
            return f"\x1b[{column + 1}G" if column else "\r"
        case 1:
            return min(absolute, f"\r\n{right}", key=len)
        case _:
            return absolute


def _painting_order(run: CellRun) -> tuple[bool, CellStyle, int, int]:
    return run.in_order, RESET if run.in_order else run.style, run.row, run.column
