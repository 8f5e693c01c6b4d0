"""The report at the end of a round of triage, ready to be copied for the next agent."""

from collections.abc import Callable
from typing import ClassVar

from tui.dialogs.text import TextDialog
from tui.keys import Hints
from tui.widgets.bindings import bindings


class HandOverDialog(TextDialog):
    """Shows the summary; `y` copies it."""

    HINTS: ClassVar[Hints] = (
        ("{handover.copy}", "copy it"),
        ("{text.down} {text.up}", "scroll"),
        ("{dialog.back}", "close"),
    )
    BINDINGS: ClassVar = bindings("handover")

    def __init__(self, text: str, copy: Callable[[str], str]) -> None:
        """Show *text*; *copy* copies it and says where it went."""
        super().__init__("The round is over", text)
        self._copy = copy

    def action_copy(self) -> None:
        """Copy the summary."""
        self.change_heading("The round is over", self._copy(self._text))
