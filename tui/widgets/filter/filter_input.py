"""The text field of the filter line; its keys complete the word at the cursor or recall filters."""

from typing import ClassVar, Protocol

from textual.widgets import Input

from tui.widgets.bindings import bindings


class FilterKeys(Protocol):
    """What the keys of the field do; the filter line does it."""

    def accept(self) -> bool:
        """Put the chosen completion, else the first one, into the field; return whether there was one."""

    def accept_pointed(self) -> bool:
        """Put the chosen completion into the field; return whether one was chosen."""

    def point(self, by: int) -> None:
        """Choose the next (1) or previous (-1) completion, or recall a newer or older filter."""

    def leave(self) -> None:
        """Close the completions if they are open, else the field."""


class FilterInput(Input):
    """The field of the filter line; its arrows go through completions or through recent filters."""

    BINDINGS: ClassVar = bindings("filter")

    def __init__(self, line: FilterKeys, *, max_length: int, id: str | None = None) -> None:
        """Make an empty field whose keys act on *line*, for at most *max_length* characters."""
        super().__init__(compact=True, max_length=max_length, id=id)
        self._line = line

    def action_accept(self) -> None:
        """Take the completion, the first one if none is chosen."""
        self._line.accept()

    def action_point(self, by: int) -> None:
        """Choose another completion, or put another recent filter in the field."""
        self._line.point(by)

    def action_leave(self) -> None:
        """Close the completions, or else leave the line."""
        self._line.leave()

    def action_cursor_right(self, select: bool = False) -> None:
        """Move right; at the end of the text take the completion."""
        if select or self.cursor_position < len(self.value) or not self._line.accept():
            super().action_cursor_right(select)

    async def action_submit(self) -> None:
        """Take the completion that is chosen, or else run the filter."""
        if not self._line.accept_pointed():
            await super().action_submit()
