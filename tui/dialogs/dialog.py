"""What every dialog is: a quiet box over the desk with a title, its keys, and one answer."""

from pathlib import Path
from typing import ClassVar, Generic, TypeVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.widgets.styled_text import QUIET, STRONG, keys, words

Answer = TypeVar("Answer")
Hints = tuple[tuple[str, str], ...]
WIDTH = 70
"""Cells that a dialog has for its text at 80 columns."""


class Dialog(ModalScreen[Answer | None], Generic[Answer]):
    """A modal question. `Esc` answers None, which changes nothing."""

    CSS_PATH = Path(__file__).with_name("dialog.tcss")
    VERTICAL_BREAKPOINTS = [(0, "-short"), (30, "-tall"), (50, "-high")]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Cancel", show=False, id="dialog.back"),
    ]
    HINTS: ClassVar[Hints] = (("enter", "choose"), ("esc", "cancel"))
    """What the line at the bottom says at first."""

    def heading(self, title: str, subtitle: str = "") -> Static:
        """Return the first line of the box."""
        return Static(_heading(title, subtitle), classes="dialog-title")

    def change_heading(self, title: str, subtitle: str = "") -> None:
        """Write another first line."""
        self.query_one(".dialog-title", Static).update(_heading(title, subtitle))

    def foot(self) -> Static:
        """Return the last line of the box: the keys."""
        return Static(keys(self.HINTS, WIDTH), id="dialog-keys")

    def show_keys(self, hints: Hints) -> None:
        """Say which keys work now."""
        self.query_one("#dialog-keys", Static).update(keys(hints, WIDTH))

    def action_back(self) -> None:
        """Leave without an answer."""
        self.dismiss(None)


def _heading(title: str, subtitle: str) -> Content:
    line = Content.assemble(words(title, STRONG), "   ", words(subtitle, QUIET, limit=120))
    return line.truncate(WIDTH, ellipsis=True)
