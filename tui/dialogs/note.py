"""The note dialog: a few lines that stay in the history."""

from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static, TextArea

from tui.dialogs.dialog import Dialog
from tui.keys import Hints
from tui.widgets.bindings import bindings, keys_of

_LONGEST = 4000
"""Characters of a note."""


@dataclass(frozen=True, slots=True)
class Note:
    """What the agent wrote."""

    text: str


class NoteArea(TextArea):
    """A text area in which `Enter` saves, as most notes are one line."""

    BINDINGS: ClassVar = bindings("note")

    class Saved(Message):
        """The note is finished."""

    async def _on_key(self, event: events.Key) -> None:
        if event.key == "enter":
            event.stop()
            event.prevent_default()
            self.post_message(self.Saved())
        else:
            await super()._on_key(event)

    def action_new_line(self) -> None:
        """Begin another line."""
        self.insert("\n")


class NoteDialog(Dialog[Note]):
    """Asks for the text of a note; `Esc` asks once more before it throws one away."""

    HINTS: ClassVar[Hints] = (
        ("enter", "save"),
        ("{note.line}", "new line"),
        ("{dialog.back}", "cancel"),
    )

    def __init__(self, what: str) -> None:
        super().__init__()
        self._what = what
        self._warned = False

    def compose(self) -> ComposeResult:
        """Lay out the text area."""
        with Vertical(classes="dialog"):
            yield self.heading("Note", self._what)
            yield NoteArea(show_line_numbers=False, soft_wrap=True)
            yield Static(id="note-said", classes="part")
            yield self.foot()

    def on_mount(self) -> None:
        """Begin to write."""
        self.query_one(NoteArea).focus()

    def action_back(self) -> None:
        """Leave; a note that was begun is discarded only when the key is pressed twice."""
        if self.query_one(NoteArea).text.strip() and not self._warned:
            self._warned = True
            self._say(keys_of(self.app).fill("{dialog.back} once more throws this note away."))
        else:
            self.dismiss(None)

    def on_note_area_saved(self, event: NoteArea.Saved) -> None:
        """Take the note, unless it is empty or too long."""
        event.stop()
        text = self.query_one(NoteArea).text.strip()
        if not text:
            self._say("There is nothing to save yet.")
        elif len(text) > _LONGEST:
            self._say(f"A note has at most {_LONGEST:,} characters; this one has {len(text):,}.")
        else:
            self.dismiss(Note(text))

    def _say(self, sentence: str) -> None:
        self.query_one("#note-said", Static).update(Content.styled(sentence, "$text-warning"))
