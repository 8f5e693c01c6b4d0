"""What the agent does to sends: each verb asks, writes, says what happened, and moves on."""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from models.providers import catalogue
from models.records import Case, SendRecord
from tui.desk.command_line import Twin
from tui.desk.jobs import desk_work
from tui.desk.verb_runner import Deed, Doing
from tui.terminal import clipboard
from tui.widgets.bindings import keys_of

if TYPE_CHECKING:
    from models.writing.writer import Request


class Acting(Doing):
    """Turns keys into deeds."""

    @desk_work("deed")
    async def action_status(self) -> None:
        """Ask for a status and a reason."""
        from tui.dialogs.status import StatusDialog

        sends = self.targets()
        if len({send.provider for send in sends}) > 1:
            self.say("The marked sends are of two platforms: mark those of one.", "warning")
        if len({send.provider for send in sends}) != 1:
            return
        change = await self.app.push_screen_wait(StatusDialog(sends, ascii=self.ascii))
        if change is None:
            return
        target = catalogue.status(sends[0].provider, change.status)
        back = keys_of(self.app).fill("{desk.undo} takes it back.")

        def run(seen: SendRecord, request: "Request", force: bool = False) -> Case:
            return self.desk.override(
                seen, change.status, change.reason, force=force, request=request
            )

        deed = Deed(
            run,
            f"status {target.label}",
            lambda send: f"{send.ref} is {target.label}. {back}",
            Twin("set", (change.status, "--reason", change.reason)),
            forced=partial(run, force=True),
            force=change.force,
            fits=lambda send: send.provider == target.provider,
            before=_status,
        )
        await self.do(sends, deed)

    @desk_work("deed")
    async def action_release(self) -> None:
        """Ask whether the override stays or the platform's status shows again."""
        from tui.dialogs.release import ReleaseDialog

        chosen = self.targets()
        sends = tuple(send for send in chosen if send.override_status)
        if not sends:
            if chosen:
                self.say("There is no override here.", "warning")
            return
        verdict = await self.app.push_screen_wait(ReleaseDialog(sends, ascii=self.ascii))
        if verdict is None:
            return

        if verdict.keep:
            for slug in dict.fromkeys(send.override_status or "" for send in sends):
                same = [send for send in sends if send.override_status == slug]
                await self.do(same, self._keeping(slug, verdict.reason))
            return

        def run(seen: SendRecord, request: "Request") -> Case:
            return self.desk.release(seen, verdict.reason, request=request)

        deed = Deed(
            run,
            "the platform's status",
            lambda send: f"{send.ref} follows its platform again.",
            Twin("release", ("--reason", verdict.reason)),
            fits=lambda send: bool(send.override_status),
            before=_status,
        )
        await self.do(sends, deed)

    def _keeping(self, slug: str, reason: str) -> Deed:
        """Return what confirms the override *slug* against the platform."""

        def run(seen: SendRecord, request: "Request") -> Case:
            return self.desk.override(seen, slug, reason, force=True, request=request)

        return Deed(
            run,
            "the override, kept",
            lambda send: f"{send.ref} keeps its override.",
            Twin("set", (slug, "--reason", reason, "--force")),
            fits=lambda send: send.contested and send.override_status == slug,
            before=_status,
        )

    @desk_work("deed")
    async def action_escalate(self) -> None:
        """Show the packet, then ask for the ticket and the follow-up."""
        from models.rules.packet import packet
        from tui.dialogs.escalate import EscalateDialog

        sends = self.targets()
        if len(sends) > 1:
            said = "Escalate one send at a time: {list.clear_marks} clears the marks."
            self.say(keys_of(self.app).fill(said), "warning")
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

        again = f"{answer.follow_up_at:%Y-%m-%dT%H:%MZ}"
        deed = Deed(
            run,
            "escalated",
            lambda send: f"{send.ref} is with {platform.support}.",
            Twin("escalate", ("--reference", answer.reference, "--follow-up", again)),
            leaves=True,
            fits=lambda send: send.provider == platform.key,
        )
        await self.do((case.send,), deed)

    @desk_work("deed")
    async def action_resolve(self) -> None:
        """End the escalation."""

        def run(seen: SendRecord, request: "Request") -> Case:
            return self.desk.resolve(seen, request=request)

        deed = Deed(
            run,
            "resolved",
            lambda send: f"{send.ref} is resolved.",
            Twin("resolve"),
            fits=lambda send: send.escalated_at is not None,
        )
        await self.do(self.targets(), deed)

    @desk_work("deed")
    async def action_snooze(self) -> None:
        """Ask until when the sends rest."""
        from tui.dialogs.snooze import SnoozeDialog

        sends = self.targets()
        if not sends:
            return
        choice = await self.app.push_screen_wait(
            SnoozeDialog(what(sends), self.clock(), await self.calendar())
        )
        if choice is None:
            return

        def run(seen: SendRecord, request: "Request") -> Case:
            return self.desk.snooze(seen, choice.until, request=request)

        until = f"{choice.until:%Y-%m-%dT%H:%MZ}" if choice.until else "change"
        deed = Deed(
            run,
            "snoozed",
            lambda send: f"{send.ref} rests.",
            Twin("snooze", ("--until", until)),
            leaves=True,
        )
        await self.do(sends, deed)

    @desk_work("deed")
    async def action_done(self) -> None:
        """Take the sends out of triage until something changes."""

        def run(seen: SendRecord, request: "Request") -> Case:
            return self.desk.done(seen, request=request)

        deed = Deed(
            run, "done", lambda send: f"{send.ref} is done for now.", Twin("done"), leaves=True
        )
        await self.do(self.targets(), deed)


def _status(send: SendRecord) -> str:
    return catalogue.status(send.provider, send.status).label


def what(sends: Sequence[SendRecord]) -> str:
    """Return what a dialog calls *sends*."""
    if len(sends) > 1:
        return f"{len(sends):,} sends"
    return f"{sends[0].ref}  {sends[0].recipient_name}"
