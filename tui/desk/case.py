"""The case of the send under the cursor, in its pane and as one line of advice."""

import asyncio
from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING

from models.errors import Cancelled, DeskError
from models.records import Case, SendRecord
from tui.desk import labels
from tui.desk.jobs import Jobs
from tui.desk.session import Session
from tui.widgets.case.pane import CasePane
from tui.widgets.case.tabs import Unread
from tui.widgets.rail import NextStep

if TYPE_CHECKING:
    from textual.worker import Worker

_SAME_MOVE = 0.08
"""Seconds between two moves that are one: more than between two keys of a keyboard that repeats."""


_LATE = 0.3
"""Seconds that a case may take before it is said that it is being read: until then the former one stays."""


class CaseFollower:
    """Shows one case at a time, read where nobody waits for it.

    Attributes:
        pane: Everything about the send.
        step: Its advice on one line, for screens where the pane has no room.
        on_shown: Is called with each case that is shown, or None for none.
    """

    def __init__(self, session: Session, jobs: Jobs) -> None:
        self.pane = CasePane(zone=session.options.zone, ascii=session.ascii)
        self.step = NextStep()
        self.on_shown: Callable[[Case | None], object] = lambda case: None
        self._session = session
        self._jobs = jobs
        self._moved_at = 0.0

    def cursor_moved(self, send: SendRecord | None) -> None:
        """Follow *send*; while a held key passes many sends, only the one where it stops is read.

        A case that is shown already, as a verb has just left its send, is not read again.
        """
        former, self._moved_at = self._moved_at, monotonic()
        case = self.pane.case
        if case is not None and case.send == send:
            self._jobs.stop("case")
            return
        self.follow(send, wait=_SAME_MOVE if self._moved_at - former < _SAME_MOVE else 0.0)

    def follow(self, send: SendRecord | None, *, wait: float = 0.0) -> "Worker[None]":
        """Read and show the case of *send*, unless another is asked for within *wait* seconds."""
        return self._jobs.restart("case", self._read, send, wait)

    def show(self, case: Case | None) -> None:
        """Show *case*, which was just written or read; a case that is still being read is dropped."""
        self._jobs.stop("case")
        former = self.pane.case
        if case and former and not case.around and case.send.id == former.send.id:
            # A verb does not count what lies around its send; what it changes is the problem alone.
            is_as_before = case.send.status == former.send.status
            kept = (each for each in former.around if is_as_before or each.key != "problem")
            case = case._replace(around=tuple(kept))
        self._paint(case)

    async def _read(self, send: SendRecord | None, wait: float) -> None:
        await asyncio.sleep(wait)
        if send is None or not self._session.is_open:
            self._paint(None)
            return
        late = asyncio.get_running_loop().call_later(_LATE, self._say, send, "Reading the case…")
        try:
            case = await asyncio.to_thread(self._session.desk.case, send.id)
        except DeskError as error:
            if not isinstance(error, Cancelled):
                self._say(send, f"The case cannot be read now. {error}")
            raise
        finally:
            late.cancel()
        self._paint(case)

    def _say(self, send: SendRecord, why: str) -> None:
        """Show *why* there is no case of *send* in the place of another send's case."""
        shown = self.pane.case
        if shown is None or shown.send.id != send.id:
            self.pane.show_unread(Unread(send, why))
            self.step.title, self.step.body, self.step.tone = send.ref, why, "muted"
            self.on_shown(None)

    def _paint(self, case: Case | None) -> None:
        self.pane.now = self._session.clock()
        if case is None:
            self.pane.show_unread(None)
        self.pane.case = case
        advice = case.advice if case else None
        self.step.title, self.step.body = (advice.title, advice.body) if advice else ("", "")
        self.step.tone = labels.tone_of(advice.urgency) if advice and not advice.waits else "muted"
        self.on_shown(case)
