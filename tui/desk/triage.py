"""Triage, one send at a time: the case fills the screen, each verb leads to the next send."""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from models.rules.views import VIEWS
from tui.desk.jobs import Jobs
from tui.desk.layout import Layout, Mode
from tui.desk.sends import Sends
from tui.desk.session import Session
from tui.desk.status import Status
from tui.desk.triage_report import TriageReport
from tui.keys import Hints
from tui.terminal import clipboard
from tui.verbs import Verb

if TYPE_CHECKING:
    from models.records import Event, SendRecord

_TRIAGE = VIEWS[0]
_HINTS: Final[Hints] = (
    ("{desk.triage}", "next"),
    ("{desk.status}", "status"),
    ("{desk.escalate}", "escalate"),
    ("{desk.take}", "take"),
    ("{desk.note}", "note"),
    ("{desk.snooze}", "snooze"),
    ("{desk.done}", "done"),
    ("{desk.previous_tab} {desk.next_tab}", "tabs"),
    ("{desk.repeat}", "repeat"),
    ("{desk.undo}", "undo"),
    ("{desk.help}", "help"),
    ("{desk.back}", "end the round"),
)


class TriageRound:
    """Leads the agent through the sends that need one, and counts what was done to them."""

    def __init__(
        self, session: Session, jobs: Jobs, status: Status, sends: Sends, layout: Layout
    ) -> None:
        self._session = session
        self._jobs = jobs
        self._status = status
        self._sends = sends
        self._layout = layout
        self._report: TriageReport | None = None
        """What was done in the round that is under way."""
        self._was_last = False
        """Whether what was written last was for the last send of the list."""

    @property
    def is_running(self) -> bool:
        """Whether a round is under way."""
        return self._report is not None

    def begin_or_go_on(self) -> None:
        """Begin with Triage, or what the agent has narrowed it to; in a round, go to the next send."""
        self._jobs.start("ask", self._begin_or_go_on)

    def end(self) -> None:
        """Show what was done, to be handed over, and come back to the list."""
        self._jobs.start("ask", self._end)

    def note(self, verb: Verb[Any], sends: "Sequence[SendRecord]") -> None:
        """Count that *verb* was done to *sends*, which are as it left them."""
        if self._report is not None:
            self._report.add(verb, sends)
            self._was_last = self._is_at_end()

    def note_undo(self, turned: "Sequence[tuple[Event, SendRecord]]") -> None:
        """Count the actions no longer that were taken back."""
        if self._report is not None:
            for action, send in turned:
                self._report.discard(send.id, action.seq)

    async def finish(self) -> None:
        """End the round if what was written last was for the last send; called once that is shown."""
        was_last, self._was_last = self._was_last, False
        if was_last:
            await self._end()

    def layout_changed(self, mode: Mode) -> None:
        """End the round of an agent who turns away from the case."""
        if self._report is not None and mode != "case":
            self._status.say(f"{self._report.summary()}.")
            self._stop()

    def show_progress(self) -> None:
        """Say in the header how far the round has come: `Triage 3 of 45`."""
        from models.rules.due import in_triage

        if self._report is None:
            return
        now, list_ = self._session.clock(), self._sends.list
        gone = sum(not in_triage(send, now) for send in self._report.handled.values())
        place = gone + min(list_.cursor_index + 1, list_.total)
        name = self._sends.view.name
        self._status.header.view = f"{name} {place:,} of {gone + list_.total:,}"

    async def _begin_or_go_on(self) -> None:
        sends = self._sends
        if sends.query is None:
            return
        if self._report is not None:
            await self._go_on()
            return
        if sends.view is not _TRIAGE:
            query = self._session.desk.parse(_TRIAGE.query)
            await sends.show(query, view=_TRIAGE, keep=False).wait()
        if not sends.list.total:
            self._status.say("Nothing here needs an agent.")
            return
        sends.list.action_clear_marks()
        self._report = TriageReport()
        self._was_last = False
        self._layout.round_hints = _HINTS
        self._layout.show("case")
        self.show_progress()

    async def _go_on(self) -> None:
        if self._is_at_end():
            await self._end()
        else:
            self._sends.list.action_move(1)

    async def _end(self) -> None:
        from tui.dialogs.handover import HandOverDialog

        report = self._report
        self._stop()
        self._layout.show("both")
        if report is None or not report.handled:
            return
        session = self._session
        triage = session.desk.listing(session.desk.parse(_TRIAGE.query))
        left = await asyncio.to_thread(session.desk.count, triage)
        ended = session.clock().astimezone(session.zone)
        text = report.hand_over(session.agent, ended, left.value)
        await self._jobs.ask(HandOverDialog(text, partial(clipboard.copy, self._jobs.app)))

    def _stop(self) -> None:
        """Forget the round; header and bottom line say again what they say outside of one."""
        self._report = None
        self._layout.round_hints = ()
        self._status.header.view = self._sends.view.name

    def _is_at_end(self) -> bool:
        return self._sends.list.cursor_index >= self._sends.list.total - 1
