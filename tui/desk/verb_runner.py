"""Runs verbs: on each chosen send once, and never over somebody else's change."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.worker import WorkerCancelled

from models.errors import DeskError, OffLifecycle, StaleSend
from models.records import Case, Event, SendRecord
from tui.desk.case import CaseFollower
from tui.desk.jobs import Jobs
from tui.desk.questions import Given, Questions
from tui.desk.sends import Sends
from tui.desk.session import Session
from tui.desk.status import Status
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

    from models.writing.steps import Step
    from models.writing.writer import Bulk, Request

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
        self._one_at_a_time = asyncio.Lock()

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
        from models.writing.writer import Bulk

        if chosen := self._chosen():
            bulk = Bulk()
            for change, sends in await self._questions.ask(verb, chosen, given):
                await self._do(change, sends, bulk)

    async def _repeat(self) -> None:
        from models.writing.writer import Bulk
        from tui.dialogs.repeat import Plan, RepeatDialog

        sends = self._chosen()
        if not sends:
            return
        if self._last is None:
            self._status.say("There is nothing to repeat yet.", severity="warning")
            return
        # A step outside the usual lifecycle of these sends is confirmed for these sends.
        change = self._last.forced(False)
        fitting = [send for send in sends if change.fits(send)]
        if not fitting:
            self._status.say(f"“{change.wanted}” does not apply here.", severity="warning")
            return
        plan = Plan(
            change.wanted,
            tuple((send, change.verb.before(send)) for send in fitting),
            len(sends) - len(fitting),
            change.command.line(send.ref for send in fitting),
        )
        if await self._jobs.ask(RepeatDialog(plan, ascii=self._session.ascii)):
            await self._do(change, fitting, Bulk())

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

        def turn() -> "tuple[Step, list[Turned], list[str]]":
            step = find()
            pairs = list(zip(step, desk.undo_or_redo(step), strict=True))
            done = [
                (action.event, result.became)
                for action, result in pairs
                if isinstance(result.became, SendRecord)
            ]
            refused = [str(each.became) for _, each in pairs if isinstance(each.became, DeskError)]
            return step, done, refused

        async with self._one_at_a_time:
            step, turned, refused = await asyncio.to_thread(turn)
        if turned:
            self._say_turned(command, turned, told)
        if refused and command == "undo":
            self._passed.append(step)
            refused[-1] += self._session.keys.fill(" {desk.undo} undoes what you did before it.")
        self._say_refused(refused)
        self._show_case(())
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

    def _chosen(self) -> tuple[SendRecord, ...]:
        """Return the marked sends, else the one under the cursor; empty, with a sentence, if none."""
        if not self._may_write():
            return ()
        send = self._sends.list.cursor_send
        chosen = self._sends.list.marked() or ((send,) if send else ())
        if not chosen:
            self._status.say("There is no send under the cursor.", severity="warning")
        return chosen

    def _may_write(self) -> bool:
        """Return whether anything can be written; says why not."""
        if not self._session.is_open:
            return False
        if reason := self._session.desk.read_only:
            self._status.say(reason, severity="warning")
        return not reason

    async def _do(self, change: Change[Any], sends: Sequence[SendRecord], bulk: "Bulk") -> None:
        """Write *change* to each of *sends*, one after the other, and say what became of them.

        One undo takes back all that has the same *bulk*.
        """
        async with self._one_at_a_time:
            written, refused = await self._write_all(change, sends, bulk)
        if written:
            self._passed.clear()
            await self._show(written)
        self._say_refused(refused)
        await self._read_list(change, [case for _, case in written])

    async def _show(self, written: Sequence[Written]) -> None:
        """Show the sends as they now stand, then say so."""
        change, case = written[-1]
        done = [case.send for _, case in written]
        list_ = self._sends.list
        list_.correct(done)
        # The row is painted before anything is said or read: that is what the agent looks at.
        await list_.wait_for_refresh()
        if len(done) > 1:
            said = f"{len(done):,} sends: {change.wanted}"
        else:
            said = change.verb.said(case.send, change.answer, self._session.local_time)
        self._status.say(f"{said} · {self._session.keys.fill('{desk.undo} undoes')}")
        list_.action_clear_marks()
        self._last = change
        self.last_command = change.command.line(send.ref for send in done)
        self.on_done([(_action(change.verb, case), case.send) for _, case in written])

    async def _read_list(self, change: Change[Any], written: Sequence[Case]) -> None:
        """Read the list as *change* leaves it; the cursor goes on if the agent is through with a send."""
        here = self._sends.list.cursor_send
        is_through = here is not None and here.id in {case.send.id for case in written}
        move_on = is_through and change.verb.advances
        if not move_on:
            self._show_case(written)
        if reading := self._sends.reload(move_on=move_on):
            # The next key is for the list as this verb leaves it.
            with suppress(WorkerCancelled):
                await reading.wait()
            await self._sends.list.cursor_found()
        if written:
            await self.on_shown()

    def _show_case(self, written: Sequence[Case]) -> None:
        """Show the case under the cursor as it was written, or read it if that was another send's."""
        here = self._sends.list.cursor_send
        case = next((case for case in written if here and case.send.id == here.id), None)
        if case is not None:
            self._case.show(case)
        else:
            self._case.follow(here)

    async def _write_all(
        self, change: Change[Any], sends: Sequence[SendRecord], bulk: "Bulk"
    ) -> tuple[list[Written], list[str]]:
        """Return what was written to which sends, and why nothing was written to the others."""
        written: list[Written] = []
        refused: list[str] = []
        for seen in sends:
            try:
                request, alone = bulk.request(seen), len(sends) == 1
                done = await self._write(change, self._as_left(seen), request, alone=alone)
            except DeskError as error:
                refused.append(str(error))
            else:
                if done is not None:
                    _, case = done
                    self._own_writes[case.send.id] = case.send
                    written.append(done)
        return written, refused

    async def _write(
        self, change: Change[Any], seen: SendRecord, request: "Request", *, alone: bool
    ) -> Written | None:
        """Write *change* to one send; return None if the agent leaves it as somebody else made it.

        Raises:
            DeskError: Nothing was written; of several sends also because of a conflict.
        """
        from tui.dialogs.confirm import ConfirmDialog
        from tui.dialogs.conflict import ConflictDialog

        write = change.verb.write
        try:
            desk = self._session.desk
            return change, await asyncio.to_thread(write, desk, seen, change.answer, request)
        except StaleSend as stale:
            if not alone:
                raise
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
            return await self._write(change, stale.theirs, request, alone=alone)
        except OffLifecycle:
            if not alone or change.verb.force is None:
                raise
            unusual = f"{seen.ref} is {status_label(seen)}, which does not usually lead there."
            question = f"Set the {change.wanted} all the same?"
            if not await self._jobs.ask(ConfirmDialog(question, unusual, yes="set it")):
                return None
            return await self._write(change.forced(True), seen, request, alone=alone)

    def _as_left(self, seen: SendRecord) -> SendRecord:
        """Return *seen* as this agent's own last verb left it, which the list may not show yet."""
        left = self._own_writes.get(seen.id)
        return left if left is not None and left.revision > seen.revision else seen


def _action(verb: Verb[Any], case: Case) -> Event:
    """Return the newest event that *verb* has written to *case*."""
    return next(event for event in case.history if event.kind is verb.kind)
