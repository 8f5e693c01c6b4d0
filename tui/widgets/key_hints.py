"""The bottom line: the keys that work here and now."""

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tui.widgets.ink import keys


class KeyHints(Widget):
    """Shows as many key hints as there is room for; the last one always stays."""

    hints: reactive[tuple[tuple[str, str], ...]] = reactive(())
    """Keys with what they do, the most useful first."""

    def render(self) -> Content:
        """Return the hints on one line."""
        return keys(self.hints, self.size.width)
