"""Whose a send is, and what its agents tell each other."""

import asyncio
from typing import TYPE_CHECKING

from models.records import Case, SendRecord
from tui.desk.command_line import Twin
from tui.desk.jobs import desk_work
from tui.desk.verb_runner import Deed
from tui.desk.verbs import Acting, what

if TYPE_CHECKING:
    from models.writing.writer import Request


class Handing(Acting):
    """Takes sends, hands them on, and leaves notes."""

    @desk_work("deed")
    async def action_take(self) -> None:
        """Make the agent the owner."""

        def run(seen: SendRecord, request: "Request") -> Case:
            return self.desk.take(seen, request=request)

        deed = Deed(
            run,
            f"owner {self.agent}",
            lambda send: f"{send.ref} is yours.",
            Twin("take"),
            before=_owner,
        )
        await self.do(self.targets(), deed)

    @desk_work("deed")
    async def action_assign(self) -> None:
        """Ask who gets the sends."""
        from tui.dialogs.assign import AssignDialog

        sends = self.targets()
        if not sends:
            return
        owners = await asyncio.to_thread(self.desk.owners)
        current = sends[0].owner if len(sends) == 1 else ""
        answer = await self.app.push_screen_wait(
            AssignDialog(what(sends), owners, me=self.agent, current=current)
        )
        if answer is None:
            return

        def run(seen: SendRecord, request: "Request") -> Case:
            return self.desk.assign(seen, answer.owner, request=request)

        whom = answer.owner or "nobody"
        deed = Deed(
            run,
            f"owner {whom}",
            lambda send: f"{send.ref} belongs to {whom}.",
            Twin("assign", ("--to", answer.owner)),
            before=_owner,
        )
        await self.do(sends, deed)

    @desk_work("deed")
    async def action_note(self) -> None:
        """Ask for a note."""
        from tui.dialogs.note import NoteDialog

        sends = self.targets()
        if not sends:
            return
        note = await self.app.push_screen_wait(NoteDialog(what(sends)))
        if note is None:
            return

        def run(seen: SendRecord, request: "Request") -> Case:
            return self.desk.note(seen, note.text, request=request)

        twin = Twin("note", ("--text", note.text))
        await self.do(sends, Deed(run, "a note", lambda send: f"Noted on {send.ref}.", twin))


def _owner(send: SendRecord) -> str:
    return f"owner {send.owner or 'nobody'}"
