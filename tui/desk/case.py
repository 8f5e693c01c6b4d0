"""The open desk, and the case of the send under the cursor."""

import asyncio
from typing import TYPE_CHECKING

from textual.notifications import SeverityLevel
from textual.screen import Screen

from models.errors import DeskError
from models.records import SendRecord
from tui.desk import labels
from tui.desk.jobs import Jobs, desk_work
from tui.desk.session import Session
from tui.desk.status import Status
from tui.settings import Settings
from tui.widgets.case.pane import CasePane
from tui.widgets.rail import NextStep

if TYPE_CHECKING:
    from models.desk import Desk


class Following(Screen[None]):
    """Shows the case of one send at a time, read where nobody waits for it."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.session = Session(settings)
        self.status = Status(self.notify, ascii=settings.ascii)
        self.jobs = Jobs(self, self.status.fail)
        self.clock = settings.clock

    @property
    def desk(self) -> "Desk":
        """The open desk."""
        return self.session.desk

    @property
    def is_open(self) -> bool:
        """Whether the database is open."""
        return self.session.is_open

    def say(self, sentence: str, severity: SeverityLevel = "information") -> None:
        """Tell the agent *sentence*."""
        self.status.say(sentence, severity)

    def fail(self, error: DeskError) -> None:
        """Say that something did not work."""
        self.status.fail(error)

    @property
    def pane(self) -> CasePane:
        """The case under the cursor."""
        return self.query_one(CasePane)

    @desk_work("case", exclusive=True)
    async def follow(self, send: SendRecord | None, *, wait: float = 0.0) -> None:
        """Show the case of *send*, unless another is followed within *wait* seconds."""
        await asyncio.sleep(wait)
        case = await asyncio.to_thread(self.desk.case, send.id) if send and self.is_open else None
        self.pane.now = self.clock()
        self.pane.case = case
        step = self.query_one(NextStep)
        step.title, step.body = (case.advice.title, case.advice.body) if case else ("", "")
        step.tone = labels.tone_of(case.advice.urgency) if case else "muted"
