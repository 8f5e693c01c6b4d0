"""A question with a few answers, each with its letter."""

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList

from tui.dialogs.dialog import Dialog
from tui.widgets.letter_menu import Choice, LetterMenu
from tui.widgets.styled_text import QUIET, safe_text


class MenuDialog(Dialog[str]):
    """Answers the key of the line that was chosen."""

    def __init__(self, title: str, lines: Sequence[tuple[str, str, str, str]]) -> None:
        """Ask under *title*; each of *lines* is letter, key, label and what it stands for."""
        super().__init__()
        self._title = title
        self._lines = lines

    def compose(self) -> ComposeResult:
        """Lay out one line for each answer."""
        choices = [
            Choice(
                letter, Content.assemble(label.ljust(20), safe_text(value, QUIET, limit=60)), key
            )
            for letter, key, label, value in self._lines
        ]
        with Vertical(classes="dialog"):
            yield self.heading(self._title)
            yield LetterMenu(choices)
            yield self.foot()

    @on(OptionList.OptionSelected)
    def _answer(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(event.option_id)
