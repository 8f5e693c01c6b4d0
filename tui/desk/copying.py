"""What leaves the desk: copies, exports, a tracking page in the browser."""

import os
from functools import partial
from pathlib import Path

from models.values.text import safe_link
from tui.desk.command_line import Twin
from tui.desk.jobs import desk_work
from tui.desk.layout import Arranging
from tui.terminal import clipboard

_WINDOW = 1000
"""Sends that an export reads at a time."""


class Sharing(Arranging):
    """Takes what the agent sees to where the agent needs it."""

    def action_copy(self) -> None:
        """Copy the short name of the send."""
        if send := self.list.cursor_send:
            self.say(f"{send.ref}: {clipboard.copy(self.app, send.ref)}")

    @desk_work("ask")
    async def action_copy_more(self) -> None:
        """Ask what to copy."""
        from models.rules.packet import packet
        from tui.dialogs.menu import MenuDialog

        case = self.pane.case
        if case is None:
            return
        send = case.send
        texts = {
            "packet": ("p", "packet", packet(case, self.clock())),
            "tracking": ("t", "tracking number", send.tracking_number),
            "link": ("l", "tracking link", send.tracking_url),
            "id": ("i", "platform's id", send.external_id),
            "email": ("m", "recipient's mail", send.recipient_email),
            "filter": ("f", "filter", str(self.query_now or "")),
            "command": ("c", "command", self.last_command or Twin("show").line([send.ref])),
        }
        lines = [
            (letter, key, label, text.partition("\n")[0])
            for key, (letter, label, text) in texts.items()
            if text
        ]
        answer = await self.app.push_screen_wait(MenuDialog("Copy", lines))
        if answer:
            self.say(clipboard.copy(self.app, texts[answer][2]))

    def action_track(self) -> None:
        """Open the tracking page, or over SSH copy its address."""
        case = self.pane.case
        parcels = case.shipments if case else ()
        links = [case.send.tracking_url if case else "", *(each.tracking_url for each in parcels)]
        link = next((found for url in links if url and (found := safe_link(url))), None)
        if link is None:
            self.say("This send has no tracking link.", severity="warning")
        elif "SSH_CONNECTION" in os.environ:
            self.say(f"{link}\n{clipboard.copy(self.app, link)}")
        else:
            self.say(f"Opening {link}")
            self.app.open_url(link)

    @desk_work("ask")
    async def action_export(self) -> None:
        """Ask for a file and write the marks, or what the filter shows."""
        from models.files import write_rows
        from tui.dialogs.export import ExportDialog

        listing, marked = self.listing, self.list.marked()
        if listing is None:
            return
        count = len(marked) or await self.total()
        answer = await self.app.push_screen_wait(
            ExportDialog(f"{count:,} sends", Path.cwd() / "sends.csv")
        )
        if answer is None:
            return
        rows = marked or self.desk.rows(listing, _WINDOW)
        write = partial(write_rows, answer.path, rows, answer.format, now=self.clock())
        self.say(f"{await self.read(write):,} sends are in {answer.path}")
