"""A banner across the screen for what is wrong, such as a server that does not answer."""

from textual import events
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tui.widgets.bindings import keys_of, press
from tui.widgets.styled_text import KEY, safe_text


class Notice(Widget):
    """One sentence across the screen while something is wrong; takes no room otherwise."""

    message: reactive[str] = reactive("", layout=True)
    """The sentence, or an empty string."""
    key: reactive[str] = reactive("")
    """A key that helps, with what it does: `{desk.refresh} try now`."""

    def watch_message(self) -> None:
        """Take a line of the screen only while there is something to say."""
        self.display = bool(self.message)

    def on_click(self, event: events.Click) -> None:
        """Do what the key does that helps."""
        event.stop()
        hint, _, _ = self.key.partition(" ")
        press(self.app, keys_of(self.app).pressed(hint, 0))

    def render(self) -> Content:
        """Return the sentence with its key; where both have no room, the sentence is cut."""
        key, _, label = keys_of(self.app).fill(self.key).partition(" ")
        hint = Content.assemble("   ", (key, KEY), f" {label}") if key else Content()
        sentence = safe_text(self.message, "bold $text-error", limit=300)
        room = max(self.size.width - hint.cell_length, 0)
        return sentence.truncate(room, ellipsis=True) + hint
