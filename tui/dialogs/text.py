"""A dialog that shows a text and changes nothing."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from models.values.text import display_text
from tui.dialogs.dialog import Dialog
from tui.keys import Hints
from tui.widgets.bindings import bindings
from tui.widgets.lines import TextKeys

_LONGEST = 50_000


class ReadOnlyText(TextKeys, VerticalScroll, can_focus=True):
    """The scrolling part of the dialog."""


class TextDialog(Dialog[None]):
    """Shows a text of any length, safe and bounded."""

    AUTO_FOCUS = "ReadOnlyText"
    HINTS: ClassVar[Hints] = (("{text.down} {text.up}", "scroll"), ("{dialog.back}", "close"))
    BINDINGS: ClassVar = bindings("text_dialog")

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self._heading = title
        self._text = text

    def compose(self) -> ComposeResult:
        """Lay out the text."""
        safe = display_text(self._text, _LONGEST, one_line=False, lines=2000)
        with Vertical(classes="dialog"):
            yield self.heading(self._heading)
            with ReadOnlyText(classes="scroll part"):
                yield Static(Content.styled(safe, "$text"))
            yield self.foot()
