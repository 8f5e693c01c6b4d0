"""The bottom line: the keys that work here and now."""

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tui.widgets.styled_text import keys

HINTS = (
    ("/", "filter"), ("s", "status"), ("e", "escalate"), ("a", "take"), ("c", "note"), ("z", "snooze"),
    ("d", "done"), ("space", "mark"), ("u", "undo"), ("b", "next breach"), (":", "commands"), ("?", "help"),
)  # fmt: skip
"""The keys of the desk that agents need most."""


class KeyHints(Widget):
    """Shows as many key hints as there is room for; the last one always stays."""

    hints: reactive[tuple[tuple[str, str], ...]] = reactive(HINTS)
    """Keys with what they do, the most useful first."""

    def render(self) -> Content:
        """Return the hints on one line."""
        return keys(self.hints, self.size.width)
