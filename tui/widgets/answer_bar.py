"""The usual answers to the send of a round of triage, each with its key."""

from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.reactive import reactive
from textual.widget import Widget

from tui.keys import Hints
from tui.widgets.bindings import keys_of, press
from tui.widgets.styled_text import hint_at, hint_lines, hint_rows, stacked

_LINES = 3
"""The most lines that it takes."""
_PART = 6
"""A low screen gives it one line of so many; what is cut keeps its key."""


class AnswerBar(Widget):
    """Shows keys with what they do to the send, on as many lines as that takes."""

    answers: reactive[Hints] = reactive((), layout=True)
    """Keys with what they do, the most likely first."""

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return how many lines there are; an empty bar keeps one, so that nothing jumps."""
        return max(len(self._lines(width)), 1)

    def render(self) -> Content:
        """Return the lines."""
        return stacked(self._lines(self.size.width))

    def on_click(self, event: events.Click) -> None:
        """Do what the key of the answer does that was clicked."""
        event.stop()
        keys, width = keys_of(self.app), self.size.width
        place = event.get_content_offset_capture(self)
        rows = hint_rows(keys.hints(self.answers), width)
        found = hint_at(rows[place.y], width, place.x) if place.y < len(rows) else None
        if found is not None:
            index = sum(map(len, rows[: place.y])) + found[0]
            press(self.app, keys.pressed(keys.offered(self.answers)[index][0], found[1]))

    def _lines(self, width: int) -> list[Content]:
        most = min(max(self.app.size.height // _PART, 1), _LINES)
        return hint_lines(keys_of(self.app).hints(self.answers), width, style="$text")[:most]
