"""The bottom line: the keys that work here and now."""

from typing import Final

from textual import events
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tui.keys import Hints
from tui.widgets.bindings import keys_of, press
from tui.widgets.styled_text import hint_at, hint_line

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
    """Shows as many key hints as there is room for; the last one always stays. A click presses its key."""

    hints: reactive[Hints] = reactive(HINTS)
    """Keys with what they do, the most useful first."""

    def __init__(self, hints: Hints = HINTS, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.set_reactive(KeyHints.hints, hints)

    def render(self) -> Content:
        """Return the hints on one line."""
        return hint_line(keys_of(self.app).hints(self.hints), self.size.width)

    def on_click(self, event: events.Click) -> None:
        """Do what the key of the hint does that was clicked."""
        event.stop()
        keys, width = keys_of(self.app), self.size.width
        place = event.get_content_offset_capture(self).x
        found = hint_at(keys.hints(self.hints), width, place)
        if found is not None:
            index, cell = found
            press(self.app, keys.pressed(keys.offered(self.hints)[index][0], cell))
