"""Tables on stdout, printed as their rows come: text is never read as markup, colours are for terminals."""

import sys
from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

_GAP = "  "
_MAX_WIDTH = 48
_MIN_WIDTH = 12
"""A column narrower than this many cells is left out before it is cut further."""


class PlainConsole(Console):
    """A Rich console that prints text as it is: no markup, no highlighting, no emoji names.

    Args:
        stderr: Whether it prints on stderr, for sentences and progress, instead of stdout.
        width: In cells; None for the width of the terminal.
    """

    def __init__(self, *, stderr: bool = False, width: int | None = None) -> None:
        super().__init__(
            file=sys.stderr if stderr else sys.stdout,
            markup=False,
            highlight=False,
            emoji=False,
            width=width,
        )
        self.cuts = self.file.isatty()
        """Whether it prints on a terminal, whose width is worth keeping to; FORCE_COLOR makes none."""

    def on_broken_pipe(self) -> None:
        """Raise the error instead of ending the process: `tui.cli` decides what follows.

        Raises:
            BrokenPipeError: Always.
        """
        raise BrokenPipeError


class TablePrinter:
    """Prints a table row by row; the first rows decide how wide its columns are.

    On a terminal the table is as wide as the terminal at most; elsewhere no cell is cut.

    Args:
        titles: The headings.
        firm: How many of the first columns are never cut.
        spare: Whether the last columns may be left out where there is no room for all.
        ascii: Whether what is cut ends in an ASCII sign.
    """

    def __init__(
        self, titles: Sequence[str], *, fixed: int = 1, may_drop: bool = False, ascii: bool = False
    ) -> None:
        self._titles = titles
        self._fixed = fixed
        self._may_drop = may_drop
        self._more = "~" if ascii else "…"
        self._console = PlainConsole()
        self._widths: list[int] = []

    def print(self, rows: Sequence[Sequence[Text]]) -> None:
        """Print some rows, below the headings if they are the first."""
        if not self._widths:
            titles = [Text(title, "bold") for title in self._titles]
            self._widths = self._widths_for([titles, *rows])
            self._print(titles)
        for row in rows:
            self._print(row)

    def _widths_for(self, rows: Sequence[Sequence[Text]]) -> list[int]:
        widths = [max(cell.cell_len for cell in column) for column in zip(*rows, strict=True)]
        if not self._console.cuts:
            return widths
        fixed = self._fixed
        widths = [*widths[:fixed], *(min(width, _MAX_WIDTH) for width in widths[fixed:])]
        least = [*widths[:fixed], *(min(width, _MIN_WIDTH) for width in widths[fixed:])]
        while self._may_drop and len(least) > fixed + 1 and self._overflow(least) > 0:
            least.pop()
        widths = widths[: len(least)]
        while self._overflow(widths) > 0 and max(widths[fixed:], default=0) > 1:
            widths[widths.index(max(widths[fixed:]), fixed)] -= 1
        return widths

    def _overflow(self, widths: Sequence[int]) -> int:
        """Return how many cells columns of these widths need beyond the terminal's."""
        return sum(widths) + len(_GAP) * (len(widths) - 1) - self._console.width

    def _print(self, row: Sequence[Text]) -> None:
        printed = Text()
        for cell, width in zip(row, self._widths, strict=False):
            printed.append_text(self._fit(cell, width))
            printed.append(_GAP)
        printed.rstrip()
        self._console.print(printed, soft_wrap=True)

    def _fit(self, cell: Text, width: int) -> Text:
        if cell.cell_len > width and self._console.cuts:
            cell = cell.copy()
            cell.truncate(width - 1)
            cell.append(self._more)
        return cell + " " * max(width - cell.cell_len, 0)
