"""A verb on several sends: previewed, written with its progress, told send by send, tried once more."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from models.errors import DeskError, StaleSend
from models.records import Event, SendRecord
from models.rules.batches import who
from tui.desk.jobs import Jobs
from tui.desk.long_write import LongWrite
from tui.desk.marks import ChosenSends, Marks
from tui.desk.session import Session
from tui.on_platform import doer_of
from tui.preview import Changes, Judged, Preview, by_change, forced, preview_of
from tui.verbs import Change

if TYPE_CHECKING:
    from models.writing.bulk import BulkResult
    from models.writing.writer import Bulk
    from tui.dialogs.preview import Consent
    from tui.dialogs.results import ResultLine

_SHORT_COMMAND = 12
"""The most sends of which the preview shows the command line."""
Written = Callable[[Change[Any], Sequence[tuple[Event, SendRecord]]], Awaitable[None]]
"""Shows what was written: a change, and its actions with the sends as they left them."""


class Several:
    """Does changes to several sends."""

    def __init__(self, session: Session, jobs: Jobs, marks: Marks, writing: asyncio.Lock) -> None:
        """Work at the desk of *session*; *writing* is held while something is written."""
        self._session = session
        self._jobs = jobs
        self._marks = marks
        self._writing = writing

    async def do(
        self, changes: Changes, changed: frozenset[int], show: Written, *, again: bool = False
    ) -> bool:
        """Preview *changes*, write them, and tell what became of each send; failures can be tried again.

        Args:
            changes: What is to be done to which sends.
            changed: The ids of sends that somebody has changed since they were marked.
            show: Shows what was written, before it is told send by send.
            again: Whether it repeats the last verb.

        Returns:
            Whether the agent wants to take back what was written.
        """
        from models.writing.writer import Bulk
        from tui.dialogs.results import ResultSheet

        sheet = _Sheet(_title(changes), Bulk())
        await self._write(sheet, changes, changed, show, again=again)
        while sheet.lines:
            dialog = ResultSheet(
                sheet.title,
                list(sheet.lines.values()),
                retry=len(sheet.failed),
                undo=sheet.has_written and not changes[0][0].verb.on_platform,
                ascii=self._session.ascii,
            )
            ending = await self._jobs.ask(dialog)
            if ending != "retry":
                return ending == "undo"
            try:
                now = await self._marks.as_now([each.send for each in sheet.failed.values()])
            except DeskError as problem:
                sheet.tell_failed(str(problem))
            else:
                await self._write(sheet, sheet.failed_changes(now), now.changed, show)
        return False

    async def consent(
        self, preview: Preview, changes: Changes, *, again: bool = False
    ) -> "Consent | None":
        """Show *preview* and return to which sends *changes* shall be made, or None for none of them."""
        from tui.dialogs.preview import PreviewDialog

        sends = [each.send for each in preview.all]
        what = f"{len(sends):,} sends"
        if len(sends) == 1:
            what = f"{sends[0].ref}  {who(sends[0])}"
        command = ""
        if again and len(sends) <= _SHORT_COMMAND:
            command = changes[0][0].command.line(each.send.ref for each in preview.possible)
        title = f"Once more: {_title(changes)}" if again else _title(changes)
        dialog = PreviewDialog(title, what, preview, command=command, ascii=self._session.ascii)
        return await self._jobs.ask(dialog)

    async def _write(
        self,
        sheet: "_Sheet",
        changes: Changes,
        changed: frozenset[int],
        show: Written,
        *,
        again: bool = False,
    ) -> None:
        """Preview *changes*, write those that the agent wants, and note in *sheet* what became of them."""
        desk, bulk = self._session.desk, sheet.bulk
        preview = await asyncio.to_thread(
            preview_of, desk, changes, self._session.local_time.words, changed=changed
        )
        consent = await self.consent(preview, changes, again=again)
        if consent is None:
            return
        judged = forced(preview.possible if consent == "all" else preview.usual)
        picked = by_change(judged)

        def work(stop: Callable[[], bool]) -> "Iterator[BulkResult]":
            for change, those in picked:
                pairs = ((each.send, bulk.request(each.send)) for each in those)
                doer = doer_of(desk, change.verb)
                yield from doer.do_all(pairs, change.operation, stop=stop)

        run = LongWrite(len(judged), work)
        async with self._writing:
            await run.run(self._jobs, sheet.title, ascii=self._session.ascii)
        sheet.note_left_out(preview, judged)
        tried = [each for _, those in picked for each in those]
        sheet.note_results(tried, run.results, run.problem)
        written: dict[Change[Any], list[tuple[Event, SendRecord]]] = {}
        for each, result in zip(tried, run.results, strict=False):
            if isinstance(result.became, SendRecord) and result.event is not None:
                written.setdefault(each.change, []).append((result.event, result.became))
        for change, actions in written.items():
            await show(change, actions)


class _Sheet:
    """What became of each send so far."""

    def __init__(self, title: str, bulk: "Bulk") -> None:
        """Begin a sheet under *title*; all that is noted in it is written by requests of *bulk*."""
        self.title = title
        self.bulk = bulk
        self.lines: dict[int, ResultLine] = {}
        self.failed: dict[int, Judged] = {}
        """The sends that can be tried once more, by their ids."""

    @property
    def has_written(self) -> bool:
        """Whether anything was written."""
        return any(line.outcome == "done" for line in self.lines.values())

    def note_left_out(self, preview: Preview, judged: Sequence[Judged]) -> None:
        """Note which sends of *preview* are not among *judged*, and why."""
        from tui.dialogs.results import ResultLine

        kept = {each.send.id for each in judged}
        for _, send, verdict, _ in preview.all:
            if send.id in kept:
                continue
            if verdict.is_refused:
                self._note(ResultLine(send, "refused", str(verdict.refusal)), None)
            else:
                self._note(ResultLine(send, "left", verdict.why), None)

    def note_results(
        self,
        tried: Sequence[Judged],
        results: "Sequence[BulkResult]",
        problem: DeskError | None,
    ) -> None:
        """Note what became of *tried*.

        Args:
            tried: The sends in the order in which they were written.
            results: What became of the first of them.
            problem: Why the others were not tried; None if the agent stopped it.
        """
        from tui.dialogs.results import ResultLine

        for each, result in zip(tried, results, strict=False):
            became = result.became
            if isinstance(became, DeskError):
                again = each if isinstance(became, StaleSend) else None
                self._note(ResultLine(each.send, "refused", str(became)), again)
            else:
                before, after = each.step
                said = f"{before} → {after}" if before else after
                self._note(ResultLine(each.send, "done", said), None)
        said = str(problem) if problem else "you stopped it"
        for each in tried[len(results) :]:
            self._note(ResultLine(each.send, "untried", said), each)

    def tell_failed(self, sentence: str) -> None:
        """Say *sentence* of the sends that could not even be read to be tried once more."""
        for each in self.failed:
            self.lines[each] = self.lines[each]._replace(said=sentence)

    def failed_changes(self, now: ChosenSends) -> Changes:
        """Return the changes that failed, with their sends as they are *now*; those that are gone leave."""
        self.failed = {send.id: self.failed[send.id] for send in now.sends}
        again = by_change(self.failed[send.id]._replace(send=send) for send in now.sends)
        return [(change, [each.send for each in those]) for change, those in again]

    def _note(self, line: "ResultLine", again: Judged | None) -> None:
        self.lines[line.send.id] = line
        self.failed.pop(line.send.id, None)
        if again is not None:
            self.failed[line.send.id] = again


def _title(changes: Changes) -> str:
    """Return what *changes* do, in words."""
    wanted = {change.wanted for change, _ in changes}
    said = wanted.pop() if len(wanted) == 1 else changes[0][0].verb.handled
    return said[:1].upper() + said[1:]
