"""Texts for the sender or the recipient of a send, shown before they are copied."""

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING

from tui.desk.jobs import Jobs
from tui.desk.sends import Sends
from tui.desk.session import Session
from tui.desk.status import Status
from tui.desk.which_shipment import pick_shipment
from tui.terminal import clipboard

if TYPE_CHECKING:
    from models.providers.replies import To
    from models.records import Case
    from models.rules.reply import Reply


class Replying:
    """Shows what can be written about the send under the cursor, and copies it."""

    def __init__(self, session: Session, jobs: Jobs, status: Status, sends: Sends) -> None:
        self._session = session
        self._jobs = jobs
        self._status = status
        self._sends = sends

    def write(self, to: "To | None" = None) -> None:
        """Show the text for *to*, or for whom it usually is."""
        self._jobs.start("ask", self._write, to)

    async def _write(self, to: "To | None") -> None:
        from models.rules.reply import usual_reader
        from tui.dialogs.reply import ReplyDialog

        if not self._session.is_open:
            return
        send = self._sends.list.cursor_send
        if send is None:
            self._status.say("There is no send under the cursor.", severity="warning")
            return
        case = await asyncio.to_thread(self._session.desk.case, send.id)
        replies = await asyncio.to_thread(self._replies, case)
        if any(reply.names_tracking for reply in replies.values()):
            about = await pick_shipment(self._jobs, case)
            if about is None:
                return
            replies = await asyncio.to_thread(self._replies, about)
        dialog = ReplyDialog(send.ref, replies, to or usual_reader(case.send))
        chosen = await self._jobs.ask(dialog)
        if chosen is not None:
            copied = clipboard.copy(self._jobs.app, chosen.text)
            self._status.say(f"Text to the {chosen.to}: {copied}")

    def _replies(self, case: "Case") -> "Mapping[To, Reply]":
        """Return the texts about *case*; looks for the agent's own files."""
        from models.files.own_replies import OwnReplies
        from models.rules.reply import BOTH, reply

        session = self._session
        own = OwnReplies(session.options.replies)
        return {
            to: reply(
                case,
                to,
                local=session.local_time,
                agent=session.options.agent,
                own=own.text,
            )
            for to in BOTH
        }
