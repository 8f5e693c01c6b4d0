"""A field for a moment to come or past, as agents type it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from models.values.calendar import Calendar
from models.values.future_time import parse_future_time
from models.values.local_time import LocalTime
from tui.widgets.styled_text import QUIET, safe_text


class MomentField(Vertical):
    """Says below what is typed when that is, or why it is no such moment.

    Args:
        local: The present of the agent.
        calendar: The business days and hours of the desk.
        placeholder: What can be typed.
        said: The word before the moment: `until`.
        read: Reads what is typed; raises a `ValueError` whose message says what to write.
    """

    @dataclass
    class Chosen(Message):
        """A moment was typed and confirmed."""

        moment: datetime
        """In UTC."""

    def __init__(
        self,
        local: LocalTime,
        calendar: Calendar,
        *,
        placeholder: str,
        said: str,
        read: Callable[[str, LocalTime, Calendar], datetime] = parse_future_time,
    ) -> None:
        super().__init__()
        self._local = local
        self._calendar = calendar
        self._placeholder = placeholder
        self._said = said
        self._parse = read

    def compose(self) -> ComposeResult:
        """Lay out the field over what is said of it."""
        yield Input(
            placeholder=self._placeholder, compact=True, classes="row", select_on_focus=False
        )
        yield Static(classes="part")

    def begin(self, typed: str = "") -> None:
        """Put the cursor into the field, behind what is *typed* already."""
        field = self.query_one(Input)
        if typed:
            field.value = typed
            field.cursor_position = len(typed)
        field.focus()

    @on(Input.Changed)
    def _preview(self, event: Input.Changed) -> None:
        event.stop()
        if event.value.strip():
            self._read(event.value)

    @on(Input.Submitted)
    def _take(self, event: Input.Submitted) -> None:
        event.stop()
        if (moment := self._read(event.value)) is not None:
            self.post_message(self.Chosen(moment))

    def _read(self, text: str) -> datetime | None:
        """Return the moment that was typed, and say when it is; None, with the reason, if it is none."""
        try:
            moment = self._parse(text, self._local, self._calendar)
        except ValueError as problem:
            self._tell(safe_text(str(problem), "$text-warning"))
            return None
        self._tell(Content.styled(f"{self._said} {self._local.words(moment)}", QUIET))
        return moment

    def _tell(self, line: Content) -> None:
        self.query_one(Static).update(line)
