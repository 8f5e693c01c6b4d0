"""The sort menu and the columns menu of the list."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from models.rules.send_columns import SORTS
from tui.dialogs.dialog import Dialog
from tui.dialogs.status_text import letters
from tui.keys import Hints
from tui.style.glyphs import plain
from tui.widgets.bindings import bindings
from tui.widgets.letter_menu import Choice, KeyList, LetterMenu
from tui.widgets.styled_text import QUIET


@dataclass(frozen=True, slots=True)
class Sorting:
    """By which column the list is sorted."""

    key: str
    descending: bool


class SortMenu(Dialog[Sorting]):
    """Asks for a column; the one that sorts already turns round."""

    HINTS: ClassVar[Hints] = (
        ("a letter", "sorts"),
        ("again", "turns round"),
        ("{dialog.back}", "cancel"),
    )

    def __init__(
        self, columns: Sequence[tuple[str, str]], now: Sorting | None, *, ascii: bool = False
    ) -> None:
        """Offer *columns* as pairs of key and label."""
        super().__init__()
        self._columns = tuple(columns)
        self._now = now
        self._ascii = ascii

    def compose(self) -> ComposeResult:
        """Lay out one line for each column."""
        given = letters(label for _, label in self._columns)
        with Vertical(classes="dialog narrow"):
            yield self.heading("Sort by")
            yield LetterMenu(
                [
                    Choice(letter, self._line(key, label), key)
                    for letter, (key, label) in zip(given, self._columns, strict=False)
                ]
            )
            yield self.foot()

    def on_mount(self) -> None:
        """Put the cursor on the column that sorts now."""
        if self._now is not None:
            self.query_one(LetterMenu).point_at(self._now.key)

    @on(OptionList.OptionSelected)
    def _choose(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        key = event.option_id or ""
        same = self._now is not None and self._now.key == key
        self.dismiss(Sorting(key, bool(same and self._now and not self._now.descending)))

    def _line(self, key: str, label: str) -> Content:
        if self._now is None or self._now.key != key:
            return Content(label)
        falls = self._now.descending != SORTS[key].falls
        arrow = plain("↓" if falls else "↑", self._ascii)
        return Content.assemble(label, (f"  {arrow} now", QUIET))


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """One column of the list."""

    key: str
    label: str
    shown: bool
    fixed: bool = False
    """Whether it can neither be hidden nor moved."""


class ColumnsMenu(Dialog[tuple[str, ...]]):
    """Shows, hides and orders columns; answers the keys of the shown ones in their order."""

    AUTO_FOCUS = "KeyList"
    HINTS: ClassVar[Hints] = (
        ("{columns.toggle}", "show or hide"),
        ("{columns.earlier} {columns.later}", "move"),
        ("enter", "keep"),
        ("{dialog.back}", "cancel"),
    )
    BINDINGS: ClassVar = bindings("columns")

    def __init__(self, columns: Sequence[ColumnChoice], *, ascii: bool = False) -> None:
        super().__init__()
        self._columns = list(columns)
        self._ascii = ascii

    def compose(self) -> ComposeResult:
        """Lay out one line for each column."""
        with Vertical(classes="dialog narrow"):
            yield self.heading("Columns")
            yield KeyList(*self._options(), classes="part", compact=True)
            yield self.foot()

    def action_show(self) -> None:
        """Show or hide the column under the cursor."""
        here = self._here
        if not self._columns[here].fixed:
            self._columns[here] = replace(self._columns[here], shown=not self._columns[here].shown)
            self._write(here)

    def action_shift(self, by: int) -> None:
        """Move the column under the cursor."""
        here, there = self._here, self._here + by
        columns = self._columns
        if not 0 <= there < len(columns) or columns[here].fixed or columns[there].fixed:
            return
        columns[here], columns[there] = columns[there], columns[here]
        self._write(there)

    @on(OptionList.OptionSelected)
    def _finish(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(tuple(each.key for each in self._columns if each.shown or each.fixed))

    @property
    def _here(self) -> int:
        return self.query_one(KeyList).highlighted or 0

    def _write(self, place: int) -> None:
        options = self.query_one(KeyList)
        options.set_options(self._options())
        options.highlighted = place

    def _options(self) -> list[Option]:
        return [Option(self._line(each), id=each.key) for each in self._columns]

    def _line(self, column: ColumnChoice) -> Content:
        if column.fixed:
            return Content.assemble("     ", (column.label, "$text"), ("  always shown", QUIET))
        box = plain("✓", self._ascii) if column.shown else " "
        style = "bold $text-success" if column.shown else QUIET
        return Content.assemble((f" [{box}] ", style), (column.label, "$text"))
