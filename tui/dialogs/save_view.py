"""The view dialog: a name and perhaps a digit for the filter in force."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Label, Static

from models.rules.views import View
from tui.dialogs.dialog import Dialog
from tui.keys import Hints
from tui.widgets.filter.text import coloured
from tui.widgets.styled_text import safe_text

_LONGEST = 40


class ViewDialog(Dialog[View]):
    """Asks what the filter is called; `Enter` saves it for the whole team.

    Args:
        view: The filter, with the name and the digit that were typed before, or empty ones.
        problem: Why those were refused; an empty string at first.
    """

    AUTO_FOCUS = "#view-name"
    HINTS: ClassVar[Hints] = (("enter", "save"), ("tab", "next field"), ("{dialog.back}", "cancel"))

    def __init__(self, view: View, problem: str = "") -> None:
        super().__init__()
        self._view = view
        self._problem = problem

    def compose(self) -> ComposeResult:
        """Lay out the filter over its name and digit."""
        with Vertical(classes="dialog"):
            yield self.heading("Save as a view", "for the whole team")
            yield Static(coloured(self._view.query), classes="part")
            with Horizontal(classes="row"):
                yield Label("Name", classes="label")
                yield Input(self._view.name, id="view-name", compact=True, max_length=_LONGEST)
            with Horizontal(classes="row"):
                yield Label("Digit", classes="label")
                yield Input(
                    self._view.digit,
                    id="view-digit",
                    placeholder="7, 8 or 9; may stay empty",
                    compact=True,
                    max_length=1,
                    restrict="[7-9]?",
                )
            yield Static(safe_text(self._problem, "$text-warning"), id="view-said", classes="part")
            yield self.foot()

    @on(Input.Submitted)
    def _finish(self, event: Input.Submitted) -> None:
        event.stop()
        name = self.query_one("#view-name", Input).value.strip()
        if not name:
            self.query_one("#view-name").focus()
            said = safe_text("Give the view a name.", "$text-warning")
            self.query_one("#view-said", Static).update(said)
            return
        digit = self.query_one("#view-digit", Input).value
        self.dismiss(View(digit, name, self._view.query))
