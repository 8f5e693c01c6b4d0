"""What leaves the desk: copies, exports, a tracking page in the browser."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from models.records import Case, SendRecord
from models.rules.shipments import asked_about
from models.values.text import safe_link
from tui.desk.jobs import Jobs
from tui.desk.marks import ChosenSends
from tui.desk.sends import Sends
from tui.desk.session import Session
from tui.desk.status import Status
from tui.desk.which_shipment import ask_which, pick_shipment
from tui.terminal import clipboard
from tui.verbs import CliCommand
from tui.widgets.case.pane import CasePane

if TYPE_CHECKING:
    from models.providers.replies import To

_MOST_IN_PACKET = 500
"""Sends that one packet is about: nobody reads more, and terminals cut what is copied."""
_WINDOW = 1_000
"""Sends that an export reads at a time."""


async def _nothing() -> ChosenSends:
    return ChosenSends()


def _of_shipments(case: Case, packet: str) -> dict[str, tuple[str, str, str]]:
    """Return what can be copied about the shipment in question: letter, label and text by key."""
    asked, send = asked_about(case), case.send
    numbers = [each.tracking_number for each in asked] if asked else [send.tracking_number]
    links = [each.tracking_url for each in asked] if asked else [send.tracking_url]
    return {
        "packet": ("p", "packet", packet),
        "tracking": ("t", "tracking number", "\n".join(filter(None, numbers))),
        "link": ("l", "tracking link", "\n".join(filter(None, links))),
    }


class Copying:
    """Takes what the agent sees to where the agent needs it.

    Attributes:
        last_command: Returns the command line of what the agent did last; empty before that.
        on_reply: Shows a text before it is copied; is called with whom it is for.
        chosen: Asks which of the marked sends are meant.
    """

    def __init__(
        self, session: Session, jobs: Jobs, status: Status, sends: Sends, pane: CasePane
    ) -> None:
        self.last_command: Callable[[], str] = lambda: ""
        self.on_reply: Callable[[To], object] = lambda to: None
        self.chosen: Callable[[], Awaitable[ChosenSends]] = _nothing
        self._session = session
        self._jobs = jobs
        self._status = status
        self._sends = sends
        self._pane = pane

    def copy_ref(self) -> None:
        """Copy the short name of the send under the cursor."""
        if send := self._sends.list.cursor_send:
            self._status.say(f"{send.ref}: {clipboard.copy(self._jobs.app, send.ref)}")

    def copy_more(self) -> None:
        """Ask what to copy."""
        self._jobs.start("ask", self._copy_more)

    def open_tracking(self) -> None:
        """Open the tracking page of the shipment in question, or over SSH copy its address."""
        self._jobs.start("ask", self._open_tracking)

    async def _open_tracking(self) -> None:
        case = self._case_here()
        link = await self._tracking_link(case) if case else ""
        if link is None:
            return
        if not link:
            self._status.say("This send has no tracking link.", severity="warning")
        elif "SSH_CONNECTION" in os.environ:
            self._status.say(f"Tracking page: {clipboard.copy(self._jobs.app, link)}")
        else:
            self._status.say("Opening the tracking page")
            self._jobs.app.open_url(link)

    def export(self) -> None:
        """Ask for a file and write the marked sends to it, or what the filter shows."""
        self._jobs.start("ask", self._export)

    def _case_here(self) -> Case | None:
        """Return the case of the send under the cursor; None while another one is shown still."""
        case, send = self._pane.case, self._sends.list.cursor_send
        return case if case and send and case.send.id == send.id else None

    async def _tracking_link(self, case: Case) -> str | None:
        """Return the link that is meant; empty if there is none, None if the agent leaves the question.

        Where the shipments in question have none, that of any other counts.
        """
        asked = [each for each in asked_about(case) if safe_link(each.tracking_url)]
        linked = [each for each in case.shipments if safe_link(each.tracking_url)]
        offered = asked or linked
        if len(offered) > 1:
            rest = [each for each in linked if each not in offered]
            picked = await ask_which(self._jobs, case, [*offered, *rest])
            if picked is None:
                return None
            offered = list(picked)
        return safe_link(offered[0].tracking_url if offered else case.send.tracking_url) or ""

    async def _copy_more(self) -> None:
        from models.rules.packet import packet
        from tui.dialogs.menu import MenuDialog

        case = self._case_here()
        if case is None:
            return
        send = case.send
        texts = {
            "packets": ("a", *await self._packet_for_all(case)),
            "sender": ("s", "text to sender", send.sender_name or send.sender_email or "…"),
            "recipient": ("r", "text to recipient", send.recipient_name or "…"),
            **_of_shipments(case, packet(case, self._session.local_time)),
            "id": ("i", "platform's id", send.external_id),
            "email": ("m", "recipient's mail", send.recipient_email),
            "filter": ("f", "filter", str(self._sends.query or "")),
            "command": ("c", "command", self.last_command() or CliCommand("show").line([send.ref])),
        }
        lines = [
            (letter, key, label, text.partition("\n")[0])
            for key, (letter, label, text) in texts.items()
            if text
        ]
        answer = await self._jobs.ask(MenuDialog("Copy", lines))
        if answer == "sender":
            self.on_reply("sender")
        elif answer == "recipient":
            self.on_reply("recipient")
        elif answer in _of_shipments(case, ""):
            if about := await pick_shipment(self._jobs, case):
                again = _of_shipments(about, packet(about, self._session.local_time))
                self._status.say(clipboard.copy(self._jobs.app, again[answer][2]))
        elif answer:
            self._status.say(clipboard.copy(self._jobs.app, texts[answer][2]))

    async def _packet_for_all(self, case: Case) -> tuple[str, str]:
        """Return what the packet about several sends is about, and the packet; both empty without several.

        It is about the marked sends; without marks about those of the campaign with the same problem.
        """
        from models.rules.packet import packet_of_several

        sends, whose = self._sends.list.marked(), "marked"
        alike = next((each for each in case.around if each.key == "problem"), None)
        if not sends and alike is not None:
            sends, whose = await asyncio.to_thread(self._sends_of, alike.filter), "alike"
        if len(sends) < 2:
            return "", ""
        local = self._session.local_time
        packets = await asyncio.to_thread(packet_of_several, sends[:_MOST_IN_PACKET], local)
        return f"packet, {len(sends):,} {whose}", packets

    def _sends_of(self, text: str) -> tuple[SendRecord, ...]:
        """Return the sends of a filter, as many as a packet is about at most."""
        desk = self._session.desk
        return desk.window(desk.listing(desk.parse(text)), 0, _MOST_IN_PACKET)

    async def _export(self) -> None:
        from models.files import write_rows
        from tui.dialogs.export import ExportDialog

        shown, marked = self._sends.shown, self._sends.list.marked()
        if shown is None:
            return
        if marked and not (marked := (await self.chosen()).sends):
            return
        count = len(marked) or (await asyncio.to_thread(shown.count)).value
        what = "1 send" if count == 1 else f"{count:,} sends"
        answer = await self._jobs.ask(ExportDialog(what, Path.cwd() / "sends.csv"))
        if answer is None:
            return
        rows = marked or self._session.desk.rows(shown.listing, _WINDOW)
        write = partial(
            write_rows,
            answer.path,
            rows,
            answer.format,
            now=self._session.clock(),
            warnings=self._session.desk.warnings(),
            shipments=self._session.desk.shipments,
        )
        self._status.say(f"{await self._session.read(write):,} sends are in {answer.path}")
