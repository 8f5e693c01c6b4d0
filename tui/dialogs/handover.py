"""A text on what an agent has done, ready to be copied for the next one."""

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

    def __init__(
        self, text: str, copy: Callable[[str], str], *, title: str = "The round is over"
    ) -> None:
        """Show *text* below *title*; *copy* copies it and says where it went."""
        super().__init__(title, text)
        self._copy = copy

    def action_copy(self) -> None:
        """Copy the summary."""
        self.change_heading(self._heading, self._copy(self._text))
