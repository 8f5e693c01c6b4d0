"""Tables and texts on stdout: given as `Text`, never as markup; coloured on terminals only."""

import sys
from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

_GAP = "  "
_WIDEST = 48
_READABLE = 12
"""Cells that any text needs to be worth reading."""


class Paper(Console):
    """What the command line prints on.

    Args:
        stderr: Whether it is for sentences and progress instead of data.
        width: In cells; None for that of the terminal.
    """

    def __init__(self, *, stderr: bool = False, width: int | None = None) -> None:
        super().__init__(
            file=sys.stderr if stderr else sys.stdout,
            markup=False,
            highlight=False,
            emoji=False,
            width=width,
        )

    def on_broken_pipe(self) -> None:
        """Leave it to the command line what happens when the reader has left."""
        raise BrokenPipeError


class Rows:
    """A table printed as its rows come, with the widths that the first of them need.

    On a terminal it keeps to its width; elsewhere no cell is cut.

    Args:
        titles: The headings.
        firm: How many of the first columns are never cut.
        spare: Whether the last columns may be left out where there is no room for all.
        ascii: Whether what is cut ends in an ASCII sign.
    """

    def __init__(
        self, titles: Sequence[str], *, firm: int = 1, spare: bool = False, ascii: bool = False
    ) -> None:
        self._titles = titles
        self._firm = firm
        self._spare = spare
        self._more = "~" if ascii else "…"
        self._paper = Paper()
        self._widths: list[int] = []

    def print(self, rows: Sequence[Sequence[Text]]) -> None:
        """Print some rows, below the headings if they are the first."""
        if not self._widths:
            titles = [Text(title, "bold") for title in self._titles]
            self._widths = self._fitting([titles, *rows])
            self._print(titles)
        for row in rows:
            self._print(row)

    def _fitting(self, rows: Sequence[Sequence[Text]]) -> list[int]:
        widths = [max(cell.cell_len for cell in column) for column in zip(*rows, strict=True)]
        if not self._paper.is_terminal:
            return widths
        firm = self._firm
        widths = [*widths[:firm], *(min(width, _WIDEST) for width in widths[firm:])]
        least = [*widths[:firm], *(min(width, _READABLE) for width in widths[firm:])]
        while self._spare and len(least) > firm + 1 and self._lacking(least) > 0:
            least.pop()
        widths = widths[: len(least)]
        while self._lacking(widths) > 0 and max(widths[firm:], default=0) > 1:
            widths[widths.index(max(widths[firm:]), firm)] -= 1
        return widths

    def _lacking(self, widths: Sequence[int]) -> int:
        """Return how many cells columns of these widths need beyond the terminal's."""
        return sum(widths) + len(_GAP) * (len(widths) - 1) - self._paper.width

    def _print(self, row: Sequence[Text]) -> None:
        printed = Text()
        for cell, width in zip(row, self._widths, strict=False):
            printed.append_text(self._fit(cell, width))
            printed.append(_GAP)
        printed.rstrip()
        self._paper.print(printed, soft_wrap=True)

    def _fit(self, cell: Text, width: int) -> Text:
        if cell.cell_len > width and self._paper.is_terminal:
            cell = cell.copy()
            cell.truncate(width - 1)
            cell.append(self._more)
        return cell + " " * max(width - cell.cell_len, 0)
