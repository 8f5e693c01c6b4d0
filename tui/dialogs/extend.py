"""The dialog for another end date: until when a gift can be accepted."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static

from models.values import future_time
from models.values.calendar import Calendar
from models.values.local_time import LocalTime
from tui.dialogs.dialog import Dialog
from tui.keys import Hints
from tui.widgets.letter_menu import Choice, LetterMenu
from tui.widgets.styled_text import QUIET, justified, safe_text

_WIDTH = 48
_TYPED = "typed"
_OFFERS: tuple[tuple[str, str, timedelta], ...] = (
    ("w", "one week", timedelta(days=7)),
    ("t", "two weeks", timedelta(days=14)),
    ("m", "thirty days", timedelta(days=30)),
    ("s", "sixty days", timedelta(days=60)),
)


class ExtendDialog(Dialog[datetime]):
    """Asks for the new end, by letter or typed; answers it in UTC."""

    HINTS: ClassVar[Hints] = (("a letter", "chooses"), ("{dialog.back}", "cancel"))

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
        # Whole seconds: platforms keep no more.
        now = local.now.replace(microsecond=0)
        self._moments = {key: now + after for key, _, after in _OFFERS}

    def compose(self) -> ComposeResult:
        """Lay out the usual ends, with the field for any other below."""
        said = f"It ends {self._local.words(self._ends_at)} so far. " if self._ends_at else ""
        with Vertical(classes="dialog"):
            yield self.heading("Another end date", self._what)
            told = f"{said}The platform is asked for it at once; no undo takes that back."
            yield Static(safe_text(told, QUIET), classes="part")
            yield LetterMenu([*map(self._choice, _OFFERS), Choice("/", _another(), _TYPED)])
            yield Input(
                placeholder="30d, 2026-12-31, 2026-12-31 18:00", compact=True, classes="row"
            )
            yield Static(id="extend-said", classes="part")
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
        if event.option_id == _TYPED:
            self._open_field(True)
        else:
            self.dismiss(self._moments[event.option_id or ""])

    @on(Input.Changed)
    def _preview(self, event: Input.Changed) -> None:
        event.stop()
        if event.value.strip():
            self._read(event.value, self._say_moment)

    @on(Input.Submitted)
    def _take(self, event: Input.Submitted) -> None:
        event.stop()
        self._read(event.value, self.dismiss)

    def _choice(self, offer: tuple[str, str, timedelta]) -> Choice:
        key, label, _ = offer
        moment = Content.styled(self._local.words(self._moments[key]), QUIET)
        return Choice(key, justified(Content(f"{label} from now"), moment, _WIDTH), key)

    def _read(self, text: str, take: Callable[[datetime], object]) -> None:
        """Give the moment that was typed to *take*, or say why it is none."""
        try:
            moment = future_time.parse_future_time(text, self._local, self._calendar)
        except ValueError as problem:
            self._say(safe_text(str(problem), "$text-warning"))
        else:
            take(moment.replace(microsecond=0))

    def _say_moment(self, moment: datetime) -> None:
        self._say(Content.styled(f"ends {self._local.words(moment)}", QUIET))

    def _say(self, line: Content) -> None:
        self.query_one("#extend-said", Static).update(line)

    def _open_field(self, is_open: bool) -> None:
        field = self.query_one(Input)
        field.display = is_open
        self.query_one("#extend-said").display = is_open
        (field if is_open else self.query_one(LetterMenu)).focus()
        self.show_keys((("enter", "extend"), ("{dialog.back}", "back")) if is_open else self.HINTS)


def _another() -> Content:
    return Content.styled("another time…", QUIET)
