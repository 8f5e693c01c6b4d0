"""A yes-or-no question; the safe answer is the one under the cursor."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static

from tui.dialogs.dialog import Dialog
from tui.keys import Hints
from tui.widgets.letter_menu import Choice, LetterMenu
from tui.widgets.styled_text import safe_text


class ConfirmDialog(Dialog[bool]):
    """Answers True only for an explicit yes."""

    HINTS: ClassVar[Hints] = (("y", "yes"), ("n", "no"), ("{dialog.back}", "no"))

    def __init__(self, question: str, detail: str, *, yes: str, no: str = "leave it") -> None:
        """Ask *question*; *detail* says what would change, *yes* and *no* what the answers do."""
        super().__init__()
        self._question = question
        self._detail = detail
        self._yes = yes
        self._no = no

    def compose(self) -> ComposeResult:
        """Lay out the question over its answers, the safe one first."""
        with Vertical(classes="dialog"):
            yield self.heading(self._question)
            yield Static(safe_text(self._detail, limit=1000), classes="part")
            yield LetterMenu(
                [Choice("n", Content(self._no), "no"), Choice("y", Content(self._yes), "yes")]
            )
            yield self.foot()

    @on(OptionList.OptionSelected)
    def _answer(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(event.option_id == "yes")
