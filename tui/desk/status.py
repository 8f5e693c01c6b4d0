"""What the screen says by itself: that something was done, did not work, or works again."""

from collections.abc import Callable

from textual.notifications import SeverityLevel

from models.errors import Cancelled, DeskError, DeskUnavailable, WrongSchema
from tui.widgets.desk_header import DeskHeader
from tui.widgets.notice import Notice


class Status:
    """Speaks to the agent: in a message that goes by, in the header, and in the notice above all.

    Attributes:
        header: The top line of the screen.
        notice: The banner for what the agent must know before anything else.
        paused: Whether the list stays as it is until the agent reads it again.
    """

    def __init__(self, notify: Callable[..., None], *, ascii: bool = False) -> None:
        self.header = DeskHeader(ascii=ascii)
        self.notice = Notice()
        self.paused = False
        self._notify = notify

    @property
    def is_live(self) -> bool:
        """Whether the header says that what is shown is what the database holds."""
        return self.header.fresh

    def say(self, sentence: str, severity: SeverityLevel = "information") -> None:
        """Tell the agent *sentence*, which may quote data; the message goes away by itself."""
        self._notify(sentence, severity=severity, markup=False)

    def fail(self, error: DeskError, *, asked: bool = False) -> None:
        """Say that something did not work; while the database does not answer, what is shown stays.

        Args:
            error: Why.
            asked: Whether a key of the agent had asked for it; then no refusal is silent.
        """
        if isinstance(error, Cancelled):
            return
        if not isinstance(error, DeskUnavailable | WrongSchema):
            self.say(str(error), severity="warning")
            return
        if asked and self.notice.message:
            self.say("That needs the database, which does not answer.", severity="warning")
        self.notice.message, self.notice.key = str(error), "{desk.refresh} try again"
        self.header.state, self.header.fresh = "not up to date", False

    def live(self) -> None:
        """Say that what is shown is what the database holds, or held when the list was paused."""
        self.notice.message = ""
        self.header.state = "paused" if self.paused else "live"
        self.header.fresh = not self.paused
