"""The dialog for a moment of the past: at which one the desk is to be looked at."""

from datetime import datetime
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from models.values.calendar import Calendar
from models.values.local_time import LocalTime
from models.values.past_time import parse_past_time
from tui.dialogs.dialog import Dialog
from tui.keys import Hints
from tui.widgets.moment_field import MomentField
from tui.widgets.styled_text import QUIET, safe_text


class PastDialog(Dialog[datetime]):
    """Asks for a moment in the past; answers it in UTC."""

    HINTS: ClassVar[Hints] = (("enter", "look"), ("{dialog.back}", "cancel"))

    def __init__(self, local: LocalTime, calendar: Calendar) -> None:
        """Read what is typed by the present of the agent and the business days of the desk."""
        super().__init__()
        self._local = local
        self._calendar = calendar

    def compose(self) -> ComposeResult:
        """Lay out the field."""
        with Vertical(classes="dialog"):
            yield self.heading("The desk as it was")
            told = (
                "Lists, counts, cases and export as they were then; nothing can be changed there."
            )
            yield Static(safe_text(told, QUIET), classes="part")
            yield MomentField(
                self._local,
                self._calendar,
                placeholder="Tue 17:00, 2h, yesterday, 2026-01-31 14:00",
                said="as it was",
                read=_past,
            )
            yield self.foot()

    def on_mount(self) -> None:
        """Begin in the field."""
        self.query_one(MomentField).begin()

    @on(MomentField.Chosen)
    def _take(self, event: MomentField.Chosen) -> None:
        event.stop()
        self.dismiss(event.moment)


def _past(text: str, local: LocalTime, calendar: Calendar) -> datetime:
    """Return the moment that *text* names; of a day without a time of day its end, or now.

    Raises:
        ValueError: If it names none, or one that is to come.
    """
    return parse_past_time(text, local, calendar).last(local.now)
