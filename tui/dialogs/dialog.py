"""The base of every dialog: a box over the desk with a title, one answer, and the keys at its foot."""

from pathlib import Path
from typing import ClassVar, Generic, TypeVar

from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.keys import Hints
from tui.widgets.bindings import bindings
from tui.widgets.key_hints import KeyHints
from tui.widgets.styled_text import QUIET, STRONG, safe_text

Answer = TypeVar("Answer")
WIDTH = 70
"""Cells that a dialog has for its text at 80 columns."""


class Dialog(ModalScreen[Answer | None], Generic[Answer]):
    """A modal question. `Esc` answers None, which changes nothing."""

    CSS_PATH = Path(__file__).with_name("dialog.tcss")
    HORIZONTAL_BREAKPOINTS = [(0, "-thin"), (60, "-usual")]
    VERTICAL_BREAKPOINTS = [
        (0, "-tiny"), (14, "-low"), (20, "-short"), (30, "-tall"), (50, "-high"),
    ]  # fmt: skip
    BINDINGS: ClassVar = bindings("dialog")
    HINTS: ClassVar[Hints] = (("enter", "choose"), ("{dialog.back}", "cancel"))
    """The keys at the foot when the dialog opens."""
    TELLS_WHEN: ClassVar[bool] = False
    """Whether its title says so if what it shows is of the past: the mark on the desk is hidden."""
    as_of = ""
    """The moment of the past that the desk shows; empty for the present."""

    def heading(self, title: str, subtitle: str = "") -> Static:
        """Return the first line of the box."""
        return Static(self._titled(title, subtitle), classes="dialog-title")

    def change_heading(self, title: str, subtitle: str = "") -> None:
        """Write another first line."""
        self.query_one(".dialog-title", Static).update(self._titled(title, subtitle))

    def foot(self) -> KeyHints:
        """Return the last line of the box: the keys that work."""
        return KeyHints(self.HINTS, id="dialog-keys")

    def show_keys(self, hints: Hints) -> None:
        """Show *hints*, the keys that work now, at the foot."""
        self.query_one(KeyHints).hints = hints

    def action_back(self) -> None:
        """Close the dialog with None as its answer."""
        self.dismiss(None)

    def _titled(self, title: str, subtitle: str) -> Content:
        is_past = self.TELLS_WHEN and self.as_of
        when = safe_text(f" as it was {self.as_of}" if is_past else "", "$text-warning", limit=60)
        about = safe_text(subtitle, QUIET, limit=120)
        line = Content.assemble(safe_text(title, STRONG), when, "   ", about)
        return line.truncate(WIDTH, ellipsis=True)
