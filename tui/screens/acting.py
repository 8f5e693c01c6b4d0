"""What the agent does to sends: each verb asks, writes, says what happened, and moves on."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from textual import work

from models import catalogue
from models.errors import DeskError, StaleSend
from models.records import Case, SendRecord
from tui import clipboard
from tui.screens.browsing import Browsing
from tui.screens.dialogs.assign import AssignDialog
from tui.screens.dialogs.conflict import ConflictDialog
from tui.screens.dialogs.escalate import EscalateDialog
from tui.screens.dialogs.note import NoteDialog
from tui.screens.dialogs.release import ReleaseDialog
from tui.screens.dialogs.snooze import SnoozeDialog
from tui.screens.dialogs.status import StatusDialog

if TYPE_CHECKING:
    from models.clock import Calendar
    from models.writing import Request

_REFUSALS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Deed:
    """One verb with everything the agent said about it."""

    run: "Callable[[SendRecord, Request], Case]"
    """Writes it for one send as the agent saw it."""
    wanted: str
    """In words, for a conflict: `status Delivered`."""
    said: Callable[[SendRecord], str]
    """What to tell the agent once it is written."""
    leaves: bool = False
    """Whether the agent is through with the send and the cursor goes on."""


class Acting(Browsing):
    """Turns keys into deeds on the marked sends, or on the one under the cursor."""

    def targets(self) -> tuple[SendRecord, ...]:
        """Return the sends that a deed is for; empty when it cannot be done now."""
        if not self.is_open:
            return ()
        if reason := self.desk.read_only:
            self.say(reason, severity="warning")
            return ()
        send = self.list.cursor_send
        return self.list.marked() or ((send,) if send else ())

    @work(group="deed")
    async def action_status(self) -> None:
        """Ask for a status and a reason."""
        sends = self.targets()
        if len({send.provider for send in sends}) > 1:
            self.say(
                "The marked sends are of two platforms: mark those of one.", severity="warning"
            )
            return
        if not sends:
            return
        change = await self.app.push_screen_wait(StatusDialog(sends, ascii=self.ascii))
        if change is None:
            return
        label = catalogue.status(sends[0].provider, change.status).label

        def run(seen: SendRecord, request: "Request") -> Case:
            return self.desk.override(
                seen, change.status, change.reason, force=change.force, request=request
            )

        await self._do(
            sends,
            Deed(run, f"status {label}", lambda send: f"{send.ref} is {label}. u takes it back."),
        )

    @work(group="deed")
    async def action_release(self) -> None:
        """Ask whether the override stays or the platform's status shows again."""
        sends = tuple(send for send in self.targets() if send.override_status)
        if not sends:
            self.say("There is no override here.", severity="warning")
            return
        verdict = await self.app.push_screen_wait(ReleaseDialog(sends, ascii=self.ascii))
        if verdict is None:
            return

        def run(seen: SendRecord, request: "Request") -> Case:
            if verdict.keep:
                return self.desk.override(
                    seen, seen.override_status or "", verdict.reason, force=True, request=request
                )
            return self.desk.release(seen, verdict.reason, request=request)

        done = "keeps its override" if verdict.keep else "follows its platform again"
        await self._do(sends, Deed(run, "the override", lambda send: f"{send.ref} {done}."))

    @work(group="deed")
    async def action_escalate(self) -> None:
        """Show the packet, then ask for the ticket and the follow-up."""
        from models.packet import packet

        sends = self.targets()[:1]
        if not sends:
            return
        case = await asyncio.to_thread(self.desk.case, sends[0].id)
        platform = catalogue.provider(case.send.provider)
        answer = await self.app.push_screen_wait(
            EscalateDialog(
                f"{case.send.ref}  {case.send.recipient_name}",
                case.advice.contact or platform.support,
                packet(case, self.clock()),
                now=self.clock(),
                calendar=await self._calendar(),
                copy=partial(clipboard.copy, self.app),
            )
        )
        if answer is None:
            return

        def run(seen: SendRecord, request: "Request") -> Case:
            return self.desk.escalate(seen, answer.reference, answer.follow_up_at, request=request)

        said = Deed(
            run, "escalated", lambda send: f"{send.ref} is with {platform.support}.", leaves=True
        )
        await self._do((case.send,), said)

    @work(group="deed")
    async def action_resolve(self) -> None:
        """End the escalation."""

        def run(seen: SendRecord, request: "Request") -> Case:
            return self.desk.resolve(seen, request=request)

        await self._do(
            self.targets(), Deed(run, "resolved", lambda send: f"{send.ref} is resolved.")
        )

    @work(group="deed")
    async def action_snooze(self) -> None:
        """Ask until when the sends rest."""
        sends = self.targets()
        if not sends:
            return
        what = _what(sends)
        choice = await self.app.push_screen_wait(
            SnoozeDialog(what, self.clock(), await self._calendar())
        )
        if choice is None:
            return

        def run(seen: SendRecord, request: "Request") -> Case:
            return self.desk.snooze(seen, choice.until, request=request)

        await self._do(sends, Deed(run, "snoozed", lambda send: f"{send.ref} rests.", leaves=True))

    @work(group="deed")
    async def action_done(self) -> None:
        """Take the sends out of triage until something changes."""

        def run(seen: SendRecord, request: "Request") -> Case:
            return self.desk.done(seen, request=request)

        await self._do(
            self.targets(),
            Deed(run, "done", lambda send: f"{send.ref} is done for now.", leaves=True),
        )

    @work(group="deed")
    async def action_take(self) -> None:
        """Make the agent the owner."""

        def run(seen: SendRecord, request: "Request") -> Case:
            return self.desk.take(seen, request=request)

        await self._do(
            self.targets(), Deed(run, f"owner {self.agent}", lambda send: f"{send.ref} is yours.")
        )

    @work(group="deed")
    async def action_assign(self) -> None:
        """Ask who gets the sends."""
        sends = self.targets()
        if not sends:
            return
        owners = await asyncio.to_thread(self.desk.owners)
        current = sends[0].owner if len(sends) == 1 else ""
        answer = await self.app.push_screen_wait(
            AssignDialog(_what(sends), owners, me=self.agent, current=current)
        )
        if answer is None:
            return

        def run(seen: SendRecord, request: "Request") -> Case:
            return self.desk.assign(seen, answer.owner, request=request)

        whom = answer.owner or "nobody"
        await self._do(
            sends, Deed(run, f"owner {whom}", lambda send: f"{send.ref} belongs to {whom}.")
        )

    @work(group="deed")
    async def action_note(self) -> None:
        """Ask for a note."""
        sends = self.targets()
        if not sends:
            return
        note = await self.app.push_screen_wait(NoteDialog(_what(sends)))
        if note is None:
            return

        def run(seen: SendRecord, request: "Request") -> Case:
            return self.desk.note(seen, note.text, request=request)

        await self._do(sends, Deed(run, "a note", lambda send: f"Noted on {send.ref}."))

    @work(group="deed")
    async def action_undo(self) -> None:
        """Undo the agent's last override, wherever it was."""
        if not self.is_open:
            return
        try:
            case = await asyncio.to_thread(self.desk.undo)
        except DeskError as error:
            self.say(str(error), severity="warning")
            return
        label = catalogue.status(case.send.provider, case.send.status).label
        self.say(f"Undone: {case.send.ref} is {label} again.")
        self.reload()

    async def _do(self, sends: Sequence[SendRecord], deed: Deed) -> None:
        """Write *deed* for each of *sends*, and say what became of them."""
        refused: list[str] = []
        done: list[SendRecord] = []
        for seen in sends:
            try:
                case = await self._write(seen, deed, alone=len(sends) == 1)
            except DeskError as error:
                refused.append(str(error))
            else:
                if case is not None:
                    done.append(case.send)
        if done:
            text = deed.said(done[0]) if len(done) == 1 else f"{len(done)} sends: {deed.wanted}."
            self.say(text)
            self.list.action_clear_marks()
        for sentence in refused[:_REFUSALS_SHOWN]:
            self.say(sentence, severity="error")
        if len(refused) > _REFUSALS_SHOWN:
            self.say(f"{len(refused) - _REFUSALS_SHOWN} more were refused.", severity="error")
        if sends:
            self.reload(move_on=deed.leaves and bool(done))
            self.follow(self.list.cursor_send)

    async def _write(self, seen: SendRecord, deed: Deed, *, alone: bool) -> Case | None:
        """Write *deed* once; a lost race asks the agent, and None means that theirs stays."""
        from models.writing import Request

        try:
            return await asyncio.to_thread(deed.run, seen, Request())
        except StaleSend as stale:
            if not alone:
                raise
            dialog = ConflictDialog(seen, stale.theirs, deed.wanted, ascii=self.ascii)
            if await self.app.push_screen_wait(dialog) != "mine" or stale.theirs is None:
                return None
            return await self._write(stale.theirs, deed, alone=alone)

    async def _calendar(self) -> "Calendar":
        """Return the working days in force, in the agent's time zone."""
        from dataclasses import replace

        return replace(await asyncio.to_thread(self.desk.calendar), zone=self.zone)


def _what(sends: Sequence[SendRecord]) -> str:
    if len(sends) > 1:
        return f"{len(sends):,} sends"
    return f"{sends[0].ref}  {sends[0].recipient_name}"
