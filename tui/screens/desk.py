"""The desk itself: where everything is on the screen, and which key runs what."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical

from models.text import safe_link
from models.views import View
from tui import clipboard
from tui.keys import KEYS
from tui.screens.dialogs.export import ExportDialog
from tui.screens.dialogs.menu import MenuDialog
from tui.screens.help import HelpScreen, KeyHelp, Palette
from tui.screens.narrowing import Narrowing
from tui.themes import THEMES
from tui.widgets.case_pane import CasePane
from tui.widgets.desk_header import DeskHeader
from tui.widgets.filter_line import FilterLine
from tui.widgets.key_hints import KeyHints
from tui.widgets.notice import Notice
from tui.widgets.rail import NextStep, Rail, ViewTabs
from tui.widgets.send_list import SendList

_HINTS = (
    ("/", "filter"), ("s", "status"), ("e", "escalate"), ("a", "take"), ("c", "note"), ("z", "snooze"),
    ("d", "done"), ("space", "mark"), ("u", "undo"), ("b", "next breach"), (":", "commands"), ("?", "help"),
)  # fmt: skip
_EXPORT_WINDOW = 1000
_LEAST_PANE = 30


class DeskScreen(Narrowing):
    """List, case and rail; the switchboard between them and the desk."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(row.keys, row.action, row.description, show=False, id=row.id)
            for row in KEYS
            if row.scope == "desk" and row.keys
        ),
        *(
            Binding(digit, f"view('{digit}')", f"View {digit}", show=False, id=f"view.{digit}")
            for digit in "0123456789"
        ),
    ]
    AUTO_FOCUS = "SendList"

    def compose(self) -> ComposeResult:
        """Lay the desk out; desk.tcss decides what shows at which size."""
        yield DeskHeader(ascii=self.ascii)
        yield Notice()
        yield ViewTabs()
        with Horizontal(id="desk-body"):
            yield Rail(ascii=self.ascii)
            with Horizontal(id="desk-main"):
                with Vertical(id="desk-list"):
                    yield FilterLine()
                    yield SendList(self.reader, self.clock, zone=self.zone, ascii=self.ascii)
                yield CasePane(zone=self.zone, ascii=self.ascii)
        yield NextStep()
        yield KeyHints()

    def on_mount(self) -> None:
        """Show the keys with the first frame."""
        super().on_mount()
        self.query_one(KeyHints).hints = _HINTS
        self.list.show_notice("Opening the desk…")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave the single letters to whoever types in the filter line."""
        return super().check_action(action, parameters)

    @on(SendList.Opened)
    def _open_case(self, event: SendList.Opened) -> None:
        self.add_class("-case-open")
        self.pane.focus()

    def action_back(self) -> None:
        """Go back by one layer: the open case, the marks, the filter."""
        if self.has_class("-case-open") or self.has_class("-list-only"):
            self.remove_class("-case-open", "-list-only")
            self.list.focus()
        elif self.list.marked():
            self.list.action_clear_marks()
        elif self.focused is not self.list:
            self.list.focus()
        elif self.query_now is not None and str(self.query_now) != self.view.query:
            self.action_clear_filter()

    def action_case_tab(self, by: int) -> None:
        """Turn the tabs of the case."""
        (self.pane.next_tab if by > 0 else self.pane.previous_tab)()

    def action_preview(self) -> None:
        """Show or hide the case beside the list."""
        self.toggle_class("-no-preview")

    def action_place_preview(self) -> None:
        """Put the case at the other place: beside the list, or below it."""
        beside = self.pane.region.y <= self.list.region.y + 1
        self.set_class(beside, "-below")
        self.set_class(not beside, "-beside")

    def action_maximise(self) -> None:
        """Give the whole screen to the pane that has the focus."""
        maximised = "-list-only" if self.focused is self.list else "-case-open"
        self.toggle_class(maximised)

    def action_resize(self, by: int) -> None:
        """Make the case wider or narrower."""
        most = self.size.width - 40
        width = min(max(self.pane.size.width + by, _LEAST_PANE), max(most, _LEAST_PANE))
        self.pane.styles.width = width

    def action_wide(self) -> None:
        """Give the list the whole width."""
        self.toggle_class("-list-only")

    def action_theme(self) -> None:
        """Change to the next theme."""
        names = [theme.name for theme in THEMES]
        here = names.index(self.app.theme) if self.app.theme in names else -1
        self.app.theme = names[(here + 1) % len(names)]

    def action_copy(self) -> None:
        """Copy the short name of the send."""
        if send := self.list.cursor_send:
            self.say(f"{send.ref}: {clipboard.copy(self.app, send.ref)}")

    @work(group="ask")
    async def action_copy_more(self) -> None:
        """Ask what to copy."""
        from models.packet import packet

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
            "command": ("c", "command", f"senddesk show {send.ref}"),
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
        links = (
            [case.send.tracking_url, *(parcel.tracking_url for parcel in case.shipments)]
            if case
            else []
        )
        link = next((found for url in links if url and (found := safe_link(url))), None)
        if link is None:
            self.say("This send has no tracking link.", severity="warning")
        elif "SSH_CONNECTION" in os.environ:
            self.say(f"{link}\n{clipboard.copy(self.app, link)}")
        else:
            self.say(f"Opening {link}")
            self.app.open_url(link)

    @work(group="ask")
    async def action_export(self) -> None:
        """Ask for a file and write the marks, or what the filter shows."""
        listing, marked = self.listing, self.list.marked()
        if listing is None:
            return
        count = len(marked) or self.list.total
        answer = await self.app.push_screen_wait(
            ExportDialog(f"{count:,} sends", Path.cwd() / "sends.csv")
        )
        if answer is None:
            return
        self.say(await self._export(answer.path, answer.format, marked))

    async def _export(self, path: Path, suffix: str, marked: tuple[Any, ...]) -> str:
        from models.errors import DeskError
        from models.files import write_rows

        listing, desk = self.listing, self.desk
        assert listing is not None

        def write() -> int:
            rows = marked or desk.rows(listing, _EXPORT_WINDOW)
            return write_rows(path, rows, suffix, now=self.clock())

        try:
            written = await self.read(write)
        except DeskError as error:
            return str(error)
        return f"{written:,} sends are in {path}"

    @work(group="ask")
    async def action_help(self) -> None:
        """Show every key and the filter language; run what is chosen."""
        from models.query import FLAGS
        from models.query import KEYS as FILTERS

        filters = {f"{key}:": each.help for key, each in FILTERS.items()}
        filters |= {f"is:{flag}": said for flag, said in FLAGS.items()}
        self._run(await self.app.push_screen_wait(HelpScreen(_commands(self.views), filters)))

    @work(group="ask")
    async def action_palette(self) -> None:
        """Find a command by its name."""
        self._run(await self.app.push_screen_wait(Palette(_commands(self.views))))

    def _run(self, command: str | None) -> None:
        """Run the command that was chosen; a piece of the filter language starts a filter."""
        if command is None:
            return
        if command.startswith("filter:"):
            self.line.edit(command.removeprefix("filter:"))
        elif command.startswith("view:"):
            self.open_named(command.removeprefix("view:"))
        else:
            row = next(row for row in KEYS if row.id == command)
            target = self.list if row.scope == "list" else self
            self.call_later(target.run_action, row.action)

    def action_quit_desk(self) -> None:
        """Close the open case, or leave."""
        if self.has_class("-case-open"):
            self.action_back()
        else:
            self.app.exit()


def _commands(views: Iterable[View]) -> list[KeyHelp]:
    opening = [
        KeyHelp(
            view.digit, f"view:{view.name}", f"Open {view.name}", "Views and filter", view.query
        )
        for view in views
    ]
    return [*(KeyHelp(row.shown, row.id, row.description, row.group) for row in KEYS), *opening]
