"""The open desk, and the case of the send under the cursor."""

import asyncio
from typing import TYPE_CHECKING

from models.records import SendRecord
from tui.desk import labels
from tui.desk.jobs import desk_work
from tui.desk.status import Telling
from tui.settings import Settings
from tui.widgets.case.pane import CasePane
from tui.widgets.rail import NextStep

if TYPE_CHECKING:
    from models.desk import Desk


class Following(Telling):
    """Shows the case of one send at a time, read where nobody waits for it."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.clock = settings.clock
        self._desk: Desk | None = None

    @property
    def desk(self) -> "Desk":
        """The open desk; nothing that needs it is bound before it is there."""
        assert self._desk is not None
        return self._desk

    @property
    def is_open(self) -> bool:
        """Whether the database is open."""
        return self._desk is not None

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
