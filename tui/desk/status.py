"""What the screen says by itself: that something was done, did not work, or works again."""

from textual.notifications import SeverityLevel
from textual.screen import Screen

from models.errors import Cancelled, DeskError, DeskUnavailable, WrongSchema
from tui.widgets.desk_header import DeskHeader
from tui.widgets.notice import Notice


class Telling(Screen[None]):
    """Has a header, and a notice for what the agent must know before anything else."""

    def say(self, sentence: str, severity: SeverityLevel = "information") -> None:
        """Tell the agent something that may quote data."""
        self.notify(sentence, severity=severity, markup=False)

    def fail(self, error: DeskError) -> None:
        """Say that something did not work; while the database does not answer, what is shown stays."""
        if isinstance(error, Cancelled):
            return
        if not isinstance(error, DeskUnavailable | WrongSchema):
            self.say(str(error), severity="warning")
            return
        notice = self.query_one(Notice)
        notice.message, notice.key = str(error), "r try again"
        header = self.query_one(DeskHeader)
        header.state, header.fresh = "not up to date", False

    def recover(self) -> None:
        """Say that what is shown is what the database holds."""
        self.query_one(Notice).message = ""
        header = self.query_one(DeskHeader)
        header.state, header.fresh = "live", True
