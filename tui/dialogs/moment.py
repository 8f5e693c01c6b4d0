"""What dialogs share that ask for a moment: some are offered by letter, any other can be typed."""

from typing import ClassVar, TypeVar

from textual import events

from tui.dialogs.dialog import Dialog
from tui.keys import Hints
from tui.widgets.letter_menu import LetterMenu
from tui.widgets.moment_field import MomentField

A = TypeVar("A")


class MomentDialog(Dialog[A]):
    """A menu of moments over a field for another one, which a digit opens too.

    Whoever inherits lays out one `LetterMenu` and one `MomentField`.
    """

    HINTS: ClassVar[Hints] = (("a letter", "chooses"), ("{dialog.back}", "cancel"))
    TYPED: ClassVar[str] = ""
    """What Enter does with what was typed: `snooze`."""

    def on_mount(self) -> None:
        """Begin with the menu; the field waits."""
        self.open_field(False)

    def action_back(self) -> None:
        """Close the field, or leave."""
        if self.query_one(MomentField).display:
            self.open_field(False)
        else:
            self.dismiss(None)

    def on_key(self, event: events.Key) -> None:
        """Begin the field with a digit."""
        digit = event.character or ""
        if digit.isdecimal() and not self.query_one(MomentField).display:
            event.stop()
            self.open_field(True, digit)

    def open_field(self, is_open: bool, typed: str = "") -> None:
        """Open the field, with what is *typed* already, or go back to the menu."""
        field = self.query_one(MomentField)
        field.display = is_open
        if is_open:
            field.begin(typed)
        else:
            self.query_one(LetterMenu).focus()
        keys = (("enter", self.TYPED), ("{dialog.back}", "back"))
        self.show_keys(keys if is_open else self.HINTS)
