"""Runs verbs: on each chosen send once, and never over somebody else's change."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.worker import WorkerCancelled

from models.errors import DeskError, DeskUnavailable, OffLifecycle, StaleSend
from models.providers import catalogue
from models.records import Case, Event, SendRecord
from tui.desk.case import CaseFollower
from tui.desk.jobs import Jobs
from tui.desk.long_write import LongWrite
from tui.desk.marks import ChosenSends, Marks
from tui.desk.questions import Given, Questions
from tui.desk.sends import Sends
from tui.desk.session import Session
from tui.desk.several import Several
from tui.desk.status import Status
from tui.on_platform import doer_of
from tui.preview import Changes, forced, preview_of
from tui.verbs import (
    VERBS,
    Change,
    CliCommand,
    Verb,
    done_again,
    status_label,
    taken_back,
)

if TYPE_CHECKING:
    from textual.worker import Worker

    from models.writing.bulk import BulkResult
    from models.writing.steps import Step
    from models.writing.writer import Request

_REFUSALS_SHOWN = 5

Written = tuple[Change[Any], Case]
"""What was written to one send, after the agent's confirmation, and the send's case as it then stood."""

Turned = tuple[Event, SendRecord]
"""An action that was done, taken back or done again, and its send as it then stood."""


async def _nothing() -> None:
    pass


class VerbRunner:
    """Does verbs to the marked sends, or to the one under the cursor; repeats, undoes, redoes.

    Attributes:
        last_command: The command line that would have done what was done last; empty at first.
        on_done: Is called with the actions that were written or done again.
        on_undone: Is called with the actions that were taken back.
        on_shown: Is awaited once the list shows what was written.
        marks: Says which sends a verb is about.
    """

    def __init__(
        self, session: Session, jobs: Jobs, status: Status, sends: Sends, case: CaseFollower
    ) -> None:
        self.last_command = ""
        self.on_done: Callable[[Sequence[Turned]], object] = lambda done: None
        self.on_undone: Callable[[Sequence[Turned]], object] = lambda turned: None
        self.on_shown: Callable[[], Awaitable[None]] = _nothing
        self._session = session
        self._jobs = jobs
        self._status = status
        self._sends = sends
        self._case = case
        self._questions = Questions(session, jobs, status)
        self._last: Change[Any] | None = None
        self._own_writes: dict[int, SendRecord] = {}
        """The sends as this agent's last verb left them, which the list may not show yet."""
        self._passed: list[Step] = []
        """What was refused to be taken back since the last verb: the next undo passes it over."""
        self._writing = asyncio.Lock()
        self._was_shown = False
        """Whether the list shows what was written last, and nobody has been told yet."""
        self.marks = Marks(session, jobs, sends)
        self._several = Several(session, jobs, self.marks, self._writing)

    def run(self, name: str, given: Given = None) -> "Worker[None]":
        """Ask for what the verb called *name* needs, and do it to the chosen sends.

        Args:
            name: The verb.
            given: What is decided already, and is not asked.
        """
        return self._jobs.start("verb", self._run, VERBS[name], given)

    def repeat(self) -> "Worker[None]":
        """Show what the last verb would change on the chosen sends, and do it if the agent agrees."""
        return self._jobs.start("verb", self._repeat)

    def undo(self) -> "Worker[None]":
        """Take back the agent's last action, whichever sends it was on."""
        return self._jobs.start("verb", self._undo)

    def redo(self) -> "Worker[None]":
        """Do again what the agent took back last, whichever sends it was on."""
        return self._jobs.start("verb", self._redo)

    async def _run(self, verb: Verb[Any], given: Given) -> None:
        if chosen := await self._chosen():
            changes = await self._questions.ask(verb, chosen.sends, given)
            await self._do(changes, chosen)

    async def _repeat(self) -> None:
        chosen = await self._chosen()
        if chosen is None:
            return
        if self._last is None:
            self._status.say("There is nothing to repeat yet.", severity="warning")
            return
        # A step outside the usual lifecycle of these sends is confirmed for these sends.
        change = self._last.forced(False)
        if len(chosen.sends) > 1:
            await self._do([(change, chosen.sends)], chosen, again=True)
            return
        changes = [(change, chosen.sends)]
        preview = preview_of(self._session.desk, changes, self._session.local_time.words)
        if refusals := [each.verdict.refusal for each in preview.refused]:
            self._status.say(str(refusals[0]), severity="warning")
        elif await self._several.consent(preview, changes, again=True):
            judged = forced(preview.possible)
            await self._do([(each.change, [each.send]) for each in judged], chosen)

    async def _undo(self) -> None:
        if self._may_write():
            find = partial(self._session.desk.last_step, passing=tuple(self._passed))
            self.on_undone(await self._turn("undo", find, taken_back))

    async def _redo(self) -> None:
        if self._may_write():
            self.on_done(await self._turn("redo", self._session.desk.last_undone_step, done_again))

    async def _turn(
        self, command: str, find: "Callable[[], Step]", told: Callable[[Event, SendRecord], str]
    ) -> Sequence[Turned]:
        """Take back the step that *find* returns, or do it again; return what was not refused.

        Raises:
            DeskError: If there is none, or the database cannot be written.
        """
        desk = self._session.desk
        step = await asyncio.to_thread(find)
        write: LongWrite[BulkResult] = LongWrite(
            len(step), lambda stop: desk.undo_or_redo(step, stop=stop)
        )
        async with self._writing:
            await write.run(self._jobs, command.capitalize(), ascii=self._session.ascii)
        if write.problem is not None and not write.results:
            raise write.problem
        pairs = list(zip(step, write.results, strict=False))
        turned = [
            (action.event, result.became)
            for action, result in pairs
            if isinstance(result.became, SendRecord)
        ]
        refused = [str(each.became) for _, each in pairs if isinstance(each.became, DeskError)]
        if turned:
            self._say_turned(command, turned, told)
        if len(pairs) < len(step):
            why = str(write.problem) if write.problem else "You stopped it."
            refused.append(f"{len(step) - len(pairs):,} not tried: {why}")
        elif refused and command == "undo":
            self._passed.append(step)
            refused[-1] += self._session.keys.fill(" {desk.undo} undoes what you did before it.")
        self._say_refused(refused)
        self._show_case(None)
        self._sends.reload()
        return turned

    def _say_turned(
        self,
        command: str,
        turned: Sequence[Turned],
        told: Callable[[Event, SendRecord], str],
    ) -> None:
        """Show and say what an undo or a redo has done, which need not be in the list."""
        sends = [send for _, send in turned]
        self._own_writes.update((send.id, send) for send in sends)
        self._sends.list.correct(sends)
        self.last_command = CliCommand(command).line(send.ref for send in sends)
        who = f"{len(sends):,} sends" if len(sends) > 1 else sends[0].ref
        back = "{desk.redo} redoes" if command == "undo" else "{desk.undo} undoes"
        self._status.say(f"{who}: {told(*turned[0])} · {self._session.keys.fill(back)}")

    def _say_refused(self, refused: Sequence[str]) -> None:
        for sentence in refused[:_REFUSALS_SHOWN]:
            self._status.say(sentence, severity="error")
        if len(refused) > _REFUSALS_SHOWN:
            more = len(refused) - _REFUSALS_SHOWN
            self._status.say(f"{more:,} more were refused.", severity="error")

    async def _chosen(self) -> ChosenSends | None:
        """Return the marked sends, else the one under the cursor; None, with a sentence, if none."""
        if not self._may_write():
            return None
        list_ = self._sends.list
        if list_.cursor_send is None and not list_.marked():
            self._status.say("There is no send under the cursor.", severity="warning")
            return None
        # A range that was begun ends at the cursor.
        if not await list_.close_range():
            return None
        chosen = await self.marks.chosen()
        return chosen if chosen.sends else None

    def _may_write(self) -> bool:
        """Return whether anything can be written; says why not."""
        if not self._session.is_open:
            return False
        if reason := self._session.desk.read_only:
            self._status.say(reason, severity="warning")
        return not reason

    async def _do(self, changes: Changes, chosen: ChosenSends, *, again: bool = False) -> None:
        """Write *changes* to the sends that were *chosen*: to one at once, to several after a preview."""
        if len(chosen.sends) == 1:
            for change, (send,) in changes:
                await self._do_one(change, send)
        elif changes:

            async def show(change: Change[Any], done: Sequence[Turned]) -> None:
                self._sends.list.unmark(send.id for send in chosen.sends)
                await self._show(change, done)
                await self._read_list(change, [send for _, send in done])

            takes_back = await self._several.do(changes, chosen.changed, show, again=again)
            await self._leave_shown()
            if takes_back:
                await self._undo()

    async def _do_one(self, change: Change[Any], seen: SendRecord) -> None:
        """Write *change* to one send, and say what became of it."""
        from models.writing.writer import Request

        written, refusal = None, None
        async with self._writing:
            try:
                written = await self._write(change, self._as_left(seen), Request())
            except DeskError as error:
                refusal = error
        if written is not None:
            change, case = written
            self._sends.list.unmark([seen.id])
            await self._show(change, [(_action(change.verb, case), case.send)])
            said = change.verb.said(case.send, change.answer, self._session.local_time)
            undoes = self._session.keys.fill(" · {desk.undo} undoes")
            self._status.say(said if change.verb.on_platform else said + undoes)
            await self._read_list(change, [case.send], case)
            await self._leave_shown()
            return
        if isinstance(refusal, DeskUnavailable):
            # What the agent has typed is not lost.
            self._last = change
            again = self._session.keys.fill("{desk.repeat} does it once that is over.")
            self._say_refused([f"Not done to {seen.ref}: {change.verb.title}. {refusal} {again}"])
        elif refusal is not None:
            self._say_refused([str(refusal)])
        await self._read_list(change, ())

    async def _show(self, change: Change[Any], done: Sequence[Turned]) -> None:
        """Show the sends of *done* as *change* has left them; `.` and undo begin with it from now on."""
        self._passed.clear()
        sends = [send for _, send in done]
        self._own_writes.update((send.id, send) for send in sends)
        list_ = self._sends.list
        list_.correct(sends)
        # The row is painted before anything is said or read: that is what the agent looks at. A desk
        # that closes takes the list away first.
        if list_.is_running:
            await list_.wait_for_refresh()
        self._last = change
        self.last_command = change.command.line(send.ref for send in sends)
        self.on_done(done)

    async def _read_list(
        self, change: Change[Any], done: Sequence[SendRecord], case: Case | None = None
    ) -> None:
        """Read the list as *change* leaves it; the cursor goes on if the agent is through with a send."""
        here = self._sends.list.cursor_send
        is_through = here is not None and here.id in {send.id for send in done}
        move_on = is_through and change.verb.advances
        if not move_on:
            self._show_case(case)
        if reading := self._sends.reload(move_on=move_on):
            # The next key is for the list as this verb leaves it.
            with suppress(WorkerCancelled):
                await reading.wait()
            await self._sends.list.cursor_found()
        self._was_shown = bool(done)

    async def _leave_shown(self) -> None:
        """Let others go on once what was written is shown and told."""
        was_shown, self._was_shown = self._was_shown, False
        if was_shown:
            await self.on_shown()

    def _show_case(self, case: Case | None) -> None:
        """Show the case under the cursor as it was written, or read it if that was another send's."""
        here = self._sends.list.cursor_send
        if case is not None and here is not None and case.send.id == here.id:
            self._case.show(case)
        else:
            self._case.follow(here)

    async def _write(
        self, change: Change[Any], seen: SendRecord, request: "Request"
    ) -> Written | None:
        """Write *change* to one send; return None if the agent leaves it as somebody else made it.

        Raises:
            DeskError: Nothing was written.
        """
        from tui.dialogs.confirm import ConfirmDialog
        from tui.dialogs.conflict import ConflictDialog

        try:
            return change, await self._case_after(change, seen, request)
        except StaleSend as stale:
            dialog = ConflictDialog(
                seen,
                stale.theirs,
                change.wanted,
                stale.changes,
                local=self._session.local_time,
                ascii=self._session.ascii,
            )
            if await self._jobs.ask(dialog) != "mine" or stale.theirs is None:
                return None
            return await self._write(change, stale.theirs, request)
        except OffLifecycle:
            if change.verb.force is None:
                raise
            unusual = f"{seen.ref} is {status_label(seen)}, which does not usually lead there."
            question = f"Set the {change.wanted} all the same?"
            if not await self._jobs.ask(ConfirmDialog(question, unusual, yes="set it")):
                return None
            return await self._write(change.forced(True), seen, request)

    async def _case_after(self, change: Change[Any], seen: SendRecord, request: "Request") -> Case:
        """Write *change* to one send and return its case.

        Raises:
            DeskError: Nothing was written, or its platform has declined.
        """
        do = doer_of(self._session.desk, change.verb).do
        write = partial(do, seen, change.operation, request=request)
        if not change.verb.on_platform:
            return await asyncio.to_thread(write)
        # A platform may take its time: what is waited for is shown.
        asking: LongWrite[Case] = LongWrite(1, lambda stop: iter([write()]))
        title = f"{catalogue.provider(seen.provider).name} is asked: {seen.ref}"
        await asking.run(self._jobs, title, ascii=self._session.ascii)
        if asking.problem is not None:
            raise asking.problem
        return asking.results[0]

    def _as_left(self, seen: SendRecord) -> SendRecord:
        """Return *seen* as this agent's own last verb left it, which the list may not show yet."""
        left = self._own_writes.get(seen.id)
        return left if left is not None and left.revision > seen.revision else seen


def _action(verb: Verb[Any], case: Case) -> Event:
    """Return the newest event that *verb* has written to *case*."""
    return next(event for event in case.history if event.kind is verb.kind)
