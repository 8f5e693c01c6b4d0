"""The field of the filter line, and the walk through the filters that were used before."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.widgets import Input

from tui.widgets.bindings import bindings

if TYPE_CHECKING:
    from tui.widgets.filter.filter_line import FilterLine


class Walk:
    """Steps from a text back through older ones and forth to it again.

    Args:
        recent: The older ones, the newest first.
        text: Where the walk begins.
    """

    def __init__(self, recent: Sequence[str] = (), text: str = "") -> None:
        self._texts = (text, *recent)
        self._place = 0

    @property
    def here(self) -> str:
        """The text at which the walk stands."""
        return self._texts[self._place]

    def step(self, by: int) -> str | None:
        """Go back (1) or forth (-1); None at either end."""
        if not 0 <= self._place + by < len(self._texts):
            return None
        self._place += by
        return self.here


class FilterInput(Input):
    """The field of the filter line; its arrows go through completions or through recent filters."""

    BINDINGS: ClassVar = bindings("filter")

    @property
    def line(self) -> "FilterLine":
        """The filter line that the field belongs to."""
        from tui.widgets.filter.filter_line import FilterLine

        return self.query_ancestor(FilterLine)

    def action_accept(self) -> None:
        """Take the completion, the first one if none is pointed at."""
        self.line.accept()

    def action_point(self, by: int) -> None:
        """Point at another completion, or put another recent filter in the field."""
        self.line.point(by)

    def action_leave(self) -> None:
        """Close the completions, or else leave the line."""
        self.line.leave()

    def action_cursor_right(self, select: bool = False) -> None:
        """Move right; at the end take the completion."""
        if select or self.cursor_position < len(self.value) or not self.line.accept():
            super().action_cursor_right(select)

    async def action_submit(self) -> None:
        """Take the completion that is pointed at, or else run the filter."""
        if not self.line.accept_pointed():
            await super().action_submit()
