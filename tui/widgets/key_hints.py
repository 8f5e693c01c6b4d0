"""The bottom line: the keys that work here and now."""

from typing import Final

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tui.keys import Hints
from tui.widgets.bindings import keys_of
from tui.widgets.styled_text import hint_line

HINTS: Final[Hints] = (
    ("{desk.filter}", "filter"),
    ("{desk.status}", "status"),
    ("{desk.escalate}", "escalate"),
    ("{desk.take}", "take"),
    ("{desk.note}", "note"),
    ("{desk.snooze}", "snooze"),
    ("{desk.done}", "done"),
    ("{list.mark}", "mark"),
    ("{desk.undo}", "undo"),
    ("{desk.next_overdue}", "next overdue"),
    ("{desk.palette}", "commands"),
    ("{desk.help}", "help"),
)
"""The keys of the desk that agents need most."""


class KeyHints(Widget):
    """Shows as many key hints as there is room for; the last one always stays."""

    hints: reactive[Hints] = reactive(HINTS)
    """Keys with what they do, the most useful first."""

    def render(self) -> Content:
        """Return the hints on one line."""
        return hint_line(keys_of(self.app).hints(self.hints), self.size.width)
