"""What the agent does to sends: each verb asks, writes, says what happened, and moves on."""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from models import catalogue
from models.records import Case, SendRecord
from tui import clipboard
from tui.screens.deeds import Deed, Doing
from tui.screens.working import desk_work

if TYPE_CHECKING:
    from models.writing import Request


class Acting(Doing):
    """Turns keys into deeds."""

    @desk_work("deed")
    async def action_status(self) -> None:
        """Ask for a status and a reason."""
        from tui.screens.dialogs.status import StatusDialog

        sends = self.targets()
        if len({send.provider for send in sends}) > 1:
            self.say("The marked sends are of two platforms: mark those of one.", "warning")
        if len({send.provider for send in sends}) != 1:
            return
        change = await self.app.push_screen_wait(StatusDialog(sends, ascii=self.ascii))
        if change is None:
            return
        label = catalogue.status(sends[0].provider, change.status).label

        def run(seen: SendRecord, request: "Request", force: bool = change.force) -> Case:
            return self.desk.override(
                seen, change.status, change.reason, force=force, request=request
            )

        deed = Deed(
            run,
            f"status {label}",
            lambda send: f"{send.ref} is {label}. u takes it back.",
            forced=partial(run, force=True),
        )
        await self.do(sends, deed)

    @desk_work("deed")
    async def action_release(self) -> None:
        """Ask whether the override stays or the platform's status shows again."""
        from tui.screens.dialogs.release import ReleaseDialog

        chosen = self.targets()
        sends = tuple(send for send in chosen if send.override_status)
        if not sends:
            if chosen:
                self.say("There is no override here.", "warning")
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
        await self.do(sends, Deed(run, "the override", lambda send: f"{send.ref} {done}."))

    @desk_work("deed")
    async def action_escalate(self) -> None:
        """Show the packet, then ask for the ticket and the follow-up."""
        from models.packet import packet
        from tui.screens.dialogs.escalate import EscalateDialog

        sends = self.targets()
        if len(sends) > 1:
            self.say("Escalate one send at a time: M clears the marks.", "warning")
        if len(sends) != 1:
            return
        case = await asyncio.to_thread(self.desk.case, sends[0].id)
        platform = catalogue.provider(case.send.provider)
        answer = await self.app.push_screen_wait(
            EscalateDialog(
                f"{case.send.ref}  {case.send.recipient_name}",
                case.advice.contact or platform.support,
                packet(case, self.clock()),
                now=self.clock(),
                calendar=await self.calendar(),
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
        await self.do((case.send,), said)

    @desk_work("deed")
    async def action_resolve(self) -> None:
        """End the escalation."""

        def run(seen: SendRecord, request: "Request") -> Case:
            return self.desk.resolve(seen, request=request)

        await self.do(
            self.targets(), Deed(run, "resolved", lambda send: f"{send.ref} is resolved.")
        )

    @desk_work("deed")
    async def action_snooze(self) -> None:
        """Ask until when the sends rest."""
        from tui.screens.dialogs.snooze import SnoozeDialog

        sends = self.targets()
        if not sends:
            return
        what = _what(sends)
        choice = await self.app.push_screen_wait(
            SnoozeDialog(what, self.clock(), await self.calendar())
        )
        if choice is None:
            return

        def run(seen: SendRecord, request: "Request") -> Case:
            return self.desk.snooze(seen, choice.until, request=request)

        await self.do(sends, Deed(run, "snoozed", lambda send: f"{send.ref} rests.", leaves=True))

    @desk_work("deed")
    async def action_done(self) -> None:
        """Take the sends out of triage until something changes."""

        def run(seen: SendRecord, request: "Request") -> Case:
            return self.desk.done(seen, request=request)

        await self.do(
            self.targets(),
            Deed(run, "done", lambda send: f"{send.ref} is done for now.", leaves=True),
        )

    @desk_work("deed")
    async def action_take(self) -> None:
        """Make the agent the owner."""

        def run(seen: SendRecord, request: "Request") -> Case:
            return self.desk.take(seen, request=request)

        await self.do(
            self.targets(), Deed(run, f"owner {self.agent}", lambda send: f"{send.ref} is yours.")
        )

    @desk_work("deed")
    async def action_assign(self) -> None:
        """Ask who gets the sends."""
        from tui.screens.dialogs.assign import AssignDialog

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
        await self.do(
            sends, Deed(run, f"owner {whom}", lambda send: f"{send.ref} belongs to {whom}.")
        )

    @desk_work("deed")
    async def action_note(self) -> None:
        """Ask for a note."""
        from tui.screens.dialogs.note import NoteDialog

        sends = self.targets()
        if not sends:
            return
        note = await self.app.push_screen_wait(NoteDialog(_what(sends)))
        if note is None:
            return

        def run(seen: SendRecord, request: "Request") -> Case:
            return self.desk.note(seen, note.text, request=request)

        await self.do(sends, Deed(run, "a note", lambda send: f"Noted on {send.ref}."))

    @desk_work("deed")
    async def action_undo(self) -> None:
        """Undo the agent's last override, wherever it was."""
        if not self.is_open:
            return
        case = await asyncio.to_thread(self.desk.undo)
        label = catalogue.status(case.send.provider, case.send.status).label
        self.say(f"Undone: {case.send.ref} is {label} again.")
        self.reload()


def _what(sends: Sequence[SendRecord]) -> str:
    if len(sends) > 1:
        return f"{len(sends):,} sends"
    return f"{sends[0].ref}  {sends[0].recipient_name}"
