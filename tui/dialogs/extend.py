"""The dialog for another end date: until when a gift can be accepted."""

from datetime import datetime, timedelta
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static

from models.values.calendar import Calendar
from models.values.local_time import LocalTime
from tui.dialogs.moment import MomentDialog
from tui.widgets.letter_menu import Choice, LetterMenu
from tui.widgets.moment_field import MomentField
from tui.widgets.styled_text import QUIET, justified, safe_text

_WIDTH = 48
_TYPED = "typed"
_OFFERS: tuple[tuple[str, str, timedelta], ...] = (
    ("w", "one week", timedelta(days=7)),
    ("t", "two weeks", timedelta(days=14)),
    ("m", "thirty days", timedelta(days=30)),
    ("s", "sixty days", timedelta(days=60)),
)


class ExtendDialog(MomentDialog[datetime]):
    """Asks for the new end, by letter or typed; answers it in UTC."""

    TYPED: ClassVar[str] = "extend"

    def __init__(
        self, what: str, local: LocalTime, calendar: Calendar, ends_at: datetime | None
    ) -> None:
        """Ask about *what*.

        Args:
            what: Which sends, for the title.
            local: The present of the agent.
            calendar: The business days and hours of the desk.
            ends_at: When it ends so far, in UTC; None if it does not, or if there are several.
        """
        super().__init__()
        self._what = what
        self._local = local
        self._calendar = calendar
        self._ends_at = ends_at
        now = _whole_seconds(local.now)
        self._moments = {key: now + after for key, _, after in _OFFERS}

    def compose(self) -> ComposeResult:
        """Lay out the usual ends, with the field for any other below."""
        said = f"It ends {self._local.words(self._ends_at)} so far. " if self._ends_at else ""
        with Vertical(classes="dialog"):
            yield self.heading("Another end date", self._what)
            told = f"{said}The platform is asked for it at once; no undo takes that back."
            yield Static(safe_text(told, QUIET), classes="part")
            yield LetterMenu([*map(self._choice, _OFFERS), Choice("/", _another(), _TYPED)])
            yield MomentField(
                self._local,
                self._calendar,
                placeholder="30d, 2026-12-31, 2026-12-31 18:00",
                said="ends",
            )
            yield self.foot()

    @on(OptionList.OptionSelected)
    def _choose(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if event.option_id == _TYPED:
            self.open_field(True)
        else:
            self.dismiss(self._moments[event.option_id or ""])

    @on(MomentField.Chosen)
    def _take(self, event: MomentField.Chosen) -> None:
        event.stop()
        self.dismiss(_whole_seconds(event.moment))

    def _choice(self, offer: tuple[str, str, timedelta]) -> Choice:
        key, label, _ = offer
        end = self._moments[key]
        # An agent who means to give more time must not take some away unawares.
        warning = "sooner  " if self._ends_at and end < self._ends_at else ""
        when = Content.assemble((warning, "$text-warning"), (self._local.words(end), QUIET))
        return Choice(key, justified(Content(f"{label} from now"), when, _WIDTH), key)


def _whole_seconds(moment: datetime) -> datetime:
    """Return *moment* as platforms keep it."""
    return moment.replace(microsecond=0)


def _another() -> Content:
    return Content.styled("another time…", QUIET)
