"""The end of a round of triage, ready to be handed over."""

from collections.abc import Callable
from typing import ClassVar

from textual.binding import Binding, BindingType

from tui.dialogs.dialog import Hints
from tui.dialogs.text import TextDialog


class HandOverDialog(TextDialog):
    """Shows the summary; `y` copies it."""

    HINTS: ClassVar[Hints] = (("y", "copy it"), ("j k", "scroll"), ("esc", "close"))
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "copy", "Copy", show=False, id="handover.copy"),
    ]

    def __init__(self, text: str, copy: Callable[[str], str]) -> None:
        """Show *text*; *copy* copies it and says where it went."""
        super().__init__("The round is over", text)
        self._copy = copy

    def action_copy(self) -> None:
        """Copy the summary."""
        self.change_heading("The round is over", self._copy(self._text))
