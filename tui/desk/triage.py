"""Triage, one send at a time: the case fills the screen, verbs that finish lead to the next send."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final

from models.event_kind import EventKind
from models.rules.views import VIEWS
from tui.desk.jobs import Jobs
from tui.desk.keys_here import Mode
from tui.desk.layout import Layout
from tui.desk.sends import Sends
from tui.desk.session import Session
from tui.desk.status import Status
from tui.desk.triage_report import StillOpen, TriageReport
from tui.keys import Hints
from tui.terminal import clipboard
from tui.verbs import VERBS, verb_of
from tui.widgets.answer_bar import AnswerBar

if TYPE_CHECKING:
    from models.providers.replies import To
    from models.records import Case, Event, SendRecord
    from models.rules.answers import Answer
    from models.values.calendar import Calendar

_TRIAGE = VIEWS[0]
_LEFT_SHOWN = 100
"""How many of the sends that still need an agent the hand-over lists."""
_HINTS: Final[Hints] = (
    ("{desk.triage}", "next"),
    ("{desk.status}", "status"),
    ("{desk.escalate}", "escalate"),
    ("{desk.take}", "take"),
    ("{desk.note}", "note"),
    ("{desk.snooze}", "snooze"),
    ("{desk.done}", "done"),
    ("{desk.previous_tab} {desk.next_tab}", "tabs"),
    ("{desk.copy_more}", "copy"),
    ("{desk.reply}", "write"),
    ("{desk.undo}", "undo"),
    ("{case.down} {case.up}", "scroll"),
    ("{desk.repeat}", "repeat"),
    ("{desk.help}", "help"),
    ("{desk.back}", "end the round"),
)


class TriageRound:
    """Leads the agent through the sends that need one, and keeps what was done to them.

    Attributes:
        bar: The usual answers to the send that is shown, with their keys.
        on_answer: Runs a verb; is called with its name, and with what the answer decides already.
        on_reply: Shows what can be written; is called with whom it is for.
    """

    def __init__(
        self, session: Session, jobs: Jobs, status: Status, sends: Sends, layout: Layout
    ) -> None:
        self.bar = AnswerBar()
        self.on_answer: Callable[..., object] = lambda name, given=None: None
        self.on_reply: Callable[[To], object] = lambda to: None
        self._session = session
        self._jobs = jobs
        self._status = status
        self._sends = sends
        self._layout = layout
        self._report: TriageReport | None = None
        """What was done in the round that is under way."""
        self._was_last = False
        """Whether what was written last leaves nothing more to go to."""
        self._calendar: Calendar | None = None
        """The business days in force when the round began."""
        self._case: Case | None = None
        """The case that is shown."""
        self._until: datetime | None = None
        """Until when a usual answer snoozes it, in UTC."""
        self._answers: Sequence[Answer] = ()
        """The usual answers to it."""

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

    def case_shown(self, case: "Case | None") -> None:
        """Offer the usual answers to *case*, which is what the agent sees from now on."""
        self._case = case
        if self._report is not None:
            self._offer()

    def answer(self, digit: str) -> None:
        """Give the usual answer with this *digit*."""
        from models.providers import catalogue

        send, case = self._sends.list.cursor_send, self._case
        if case is None or send is None or case.send.id != send.id:
            # The agent has not seen the answers to this send yet.
            return
        place = "1234567890".index(digit)
        if place >= len(self._answers):
            said = f"There is no answer {digit} here: {{desk.back}} ends the round."
            self._status.say(self._session.keys.fill(said), severity="warning")
            return
        answer = self._answers[place]
        if answer.to is not None:
            self.on_reply(answer.to)
            return
        name = next(verb.name for verb in VERBS.values() if verb.kind is answer.kind)
        if answer.status:
            self.on_answer(name, catalogue.status(send.provider, answer.status))
        elif answer.kind is EventKind.SNOOZE:
            self.on_answer(name, self._until)
        else:
            self.on_answer(name)

    def note(self, done: "Sequence[tuple[Event, SendRecord]]") -> None:
        """Keep what was done, each action with its send as it left it."""
        from models.rules.due import in_triage

        if self._report is None:
            return
        for action, send in done:
            self._report.add(action, send)
        now = self._session.clock()
        is_through = any(
            verb_of(action).advances or not in_triage(send, now) for action, send in done
        )
        self._was_last = is_through and self._is_at_end()

    def note_undo(self, turned: "Sequence[tuple[Event, SendRecord]]") -> None:
        """Count the actions no longer that were taken back."""
        if self._report is not None:
            for action, send in turned:
                self._report.discard(action, send)

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
        self._calendar = await asyncio.to_thread(self._session.desk.calendar)
        sends.list.action_clear_marks()
        self._report = TriageReport()
        self._was_last = False
        self._layout.set_round(_HINTS)
        self._layout.show("case")
        self._offer()
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
        still_open = await asyncio.to_thread(self._still_open)
        text = report.hand_over(session.options.agent, session.local_time, still_open)
        await self._jobs.ask(HandOverDialog(text, partial(clipboard.copy, self._jobs.app)))

    def _still_open(self) -> StillOpen:
        """Return what needs an agent now; asks the database."""
        desk = self._session.desk
        triage = desk.listing(desk.parse(_TRIAGE.query))
        return StillOpen(desk.window(triage, 0, _LEFT_SHOWN), desk.count(triage).value)

    def _offer(self) -> None:
        """Show the usual answers to the case that is shown."""
        from models.rules.answers import usual_answers
        from models.values import future_time

        self._answers = ()
        if self._case is not None and self._calendar is not None:
            local = self._session.local_time
            self._until = future_time.next_workday(local, self._calendar)
            until = local.words(self._until)
            self._answers = usual_answers(self._case.send, self._case.advice, until)
        if self._session.desk.read_only:
            # What is left to do is to write to somebody, which has a key of its own.
            texts = [answer.words for answer in self._answers if answer.to is not None]
            self.bar.answers = tuple(("{desk.reply}", words) for words in texts)
            self._answers = ()
            return
        self.bar.answers = tuple(
            (f"{{round.{digit}}}", answer.words)
            for digit, answer in zip("1234567890", self._answers, strict=False)
        )

    def _stop(self) -> None:
        """Forget the round; header and bottom line say again what they say outside of one."""
        self._report = None
        self._layout.set_round(())
        self._status.header.view = self._sends.view.name

    def _is_at_end(self) -> bool:
        return self._sends.list.cursor_index >= self._sends.list.total - 1
