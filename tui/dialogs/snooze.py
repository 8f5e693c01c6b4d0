"""The snooze dialog: until when a send stays out of triage."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static

from models.values import future_time
from models.values.calendar import Calendar, Limit
from models.values.local_time import LocalTime
from tui.dialogs.dialog import Dialog
from tui.keys import Hints
from tui.widgets.letter_menu import Choice, LetterMenu
from tui.widgets.styled_text import QUIET, justified, safe_text

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


class SnoozeDialog(Dialog[SnoozeChoice]):
    """Asks until when, by letter or typed."""

    HINTS: ClassVar[Hints] = (("a letter", "chooses"), ("{dialog.back}", "cancel"))

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
            yield Input(
                placeholder="4h, 2bd, tomorrow 14:00, 2026-01-31", compact=True, classes="row"
            )
            yield Static(id="snooze-said", classes="part")
            yield self.foot()

    def on_mount(self) -> None:
        """Begin with the menu; the field waits."""
        self._open_field(False)

    def action_back(self) -> None:
        """Close the field, or leave."""
        if self.query_one(Input).display:
            self._open_field(False)
        else:
            self.dismiss(None)

    @on(OptionList.OptionSelected)
    def _choose(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        match event.option_id:
            case "wake":
                self.dismiss(SnoozeChoice(None, wake=True))
            case "change":
                self.dismiss(SnoozeChoice(None))
            case "typed":
                self._open_field(True)
            case key:
                self.dismiss(SnoozeChoice(self._moments[key or ""]))

    @on(Input.Changed)
    def _preview(self, event: Input.Changed) -> None:
        event.stop()
        if event.value.strip():
            self._say(self._read(event.value))

    @on(Input.Submitted)
    def _take(self, event: Input.Submitted) -> None:
        event.stop()
        moment = self._read(event.value)
        if isinstance(moment, datetime):
            self.dismiss(SnoozeChoice(moment))
        else:
            self._say(moment)

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

    def _read(self, text: str) -> datetime | str:
        """Return the moment that was typed, or the sentence that says why it is none."""
        try:
            return future_time.parse_future_time(text, self._local, self._calendar)
        except ValueError as problem:
            return str(problem)

    def _say(self, moment: datetime | str) -> None:
        if isinstance(moment, str):
            line = safe_text(moment, "$text-warning")
        else:
            line = Content.styled(f"until {self._local.words(moment)}", QUIET)
        self.query_one("#snooze-said", Static).update(line)

    def _open_field(self, is_open: bool) -> None:
        field = self.query_one(Input)
        field.display = is_open
        self.query_one("#snooze-said").display = is_open
        (field if is_open else self.query_one(LetterMenu)).focus()
        self.show_keys((("enter", "snooze"), ("{dialog.back}", "back")) if is_open else self.HINTS)
