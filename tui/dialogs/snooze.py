"""The snooze dialog: until when a send stays out of triage."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList

from models.values import future_time
from models.values.calendar import Calendar, Limit
from models.values.local_time import LocalTime
from tui.dialogs.moment import MomentDialog
from tui.widgets.letter_menu import Choice, LetterMenu
from tui.widgets.moment_field import MomentField
from tui.widgets.styled_text import QUIET, justified

_WIDTH = 60
_CHANGE = "change"
_TYPED = "typed"
_WAKE = "wake"
_OFFERS: tuple[tuple[str, str, Callable[[LocalTime, Calendar], datetime]], ...] = (
    ("h", "four hours", lambda local, calendar: calendar.after(local.now, Limit(4, "h"))),
    ("t", "tomorrow at nine", lambda local, _: future_time.tomorrow(local)),
    ("b", "two business days", lambda local, calendar: calendar.after(local.now, Limit(2, "bd"))),
    ("m", "next Monday at nine", lambda local, _: future_time.next_monday(local)),
)


@dataclass(frozen=True, slots=True)
class SnoozeChoice:
    """Until when the send is snoozed."""

    until: datetime | None
    """In UTC; None for the platform's next change."""
    wake: bool = False
    """End the snooze instead."""


class SnoozeDialog(MomentDialog[SnoozeChoice]):
    """Asks until when, by letter or typed."""

    TYPED: ClassVar[str] = "snooze"

    def __init__(self, what: str, local: LocalTime, calendar: Calendar, *, wake: str = "") -> None:
        """Ask about *what*; if any of it is snoozed, *wake* is the line that offers to end that."""
        super().__init__()
        self._wake = wake
        self._what = what
        self._local = local
        self._calendar = calendar
        self._moments = {key: offer(local, calendar) for key, _, offer in _OFFERS}

    def compose(self) -> ComposeResult:
        """Lay out the usual moments, with the field for any other below."""
        with Vertical(classes="dialog"):
            yield self.heading("Snooze", self._what)
            yield LetterMenu(self._choices())
            yield MomentField(
                self._local,
                self._calendar,
                placeholder="4h, 2bd, tomorrow 14:00, 2026-01-31",
                said="until",
            )
            yield self.foot()

    @on(OptionList.OptionSelected)
    def _choose(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        match event.option_id:
            case "wake":
                self.dismiss(SnoozeChoice(None, wake=True))
            case "change":
                self.dismiss(SnoozeChoice(None))
            case "typed":
                self.open_field(True)
            case key:
                self.dismiss(SnoozeChoice(self._moments[key or ""]))

    @on(MomentField.Chosen)
    def _take(self, event: MomentField.Chosen) -> None:
        event.stop()
        self.dismiss(SnoozeChoice(event.moment))

    def _choices(self) -> list[Choice]:
        offers = [
            Choice(key, self._line(label, self._local.words(self._moments[key])), key)
            for key, label, _ in _OFFERS
        ]
        return [
            *([Choice("w", Content(self._wake), _WAKE)] if self._wake else []),
            *offers,
            Choice("p", Content("until the platform's next change"), _CHANGE),
            Choice("/", Content.styled("another time…", QUIET), _TYPED),
        ]

    @staticmethod
    def _line(label: str, moment: str) -> Content:
        return justified(Content(label), Content.styled(moment, QUIET), _WIDTH)
