"""How the desk opens, and how it keeps up with what others write."""

import asyncio

from models.errors import BadQuery, DeskError
from models.reading.counts import Count
from models.rules.views import VIEWS
from tui.desk.jobs import desk_work
from tui.desk.sends import Browsing
from tui.settings import Settings
from tui.widgets.filter.filter_line import FilterLine

_LOOK_EVERY = 1.0
"""Seconds between two questions whether another process has written."""


class Opening(Browsing):
    """Shows the frame first, then the list, then every change of it."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._read_first_rows = settings.first_rows
        self._opened = settings.opened
        self._first_query = settings.query
        self._behind = False
        self._looking = False

    def on_mount(self) -> None:
        """Show what can be read at once; only when it is painted is the database worth loading."""
        self.status.header.agent = self.agent
        self.enter(self.view)
        self._show_views({})
        self.list.show_notice("Opening the desk…")
        self._show_first_rows()
        self.call_after_refresh(self.open_desk)

    def on_unmount(self) -> None:
        """Give the threads and connections back."""
        self.readers.forget_asked()
        self.readers.forget_shown()
        self.session.close()

    @desk_work("open", exclusive=True)
    async def open_desk(self) -> None:
        """Open the database and show the first list; without a database there is nothing to do here."""
        try:
            await self.session.open()
            # Whatever is written from here on counts as a change.
            await self.read(self.desk.changed)
            self.views = await self.read(self.desk.views)
            query = await self.read(self.desk.parse, self._first_query or self.view.query)
        except BadQuery as error:
            self.say(f"{error} Here is {VIEWS[0].name} instead.", severity="warning")
            self.enter(VIEWS[0])
            query = self.desk.parse(self.view.query)
        except DeskError as error:
            self.app.exit(return_code=1, message=str(error))
            return
        header = self.status.header
        header.desk, header.read_only = self.desk.name, bool(self.desk.read_only)
        if self.desk.warning:
            self.say(self.desk.warning, "warning")
        self.show(query)
        self.follow(self.list.cursor_send)
        self.set_interval(_LOOK_EVERY, self.look_for_changes)
        self._opened()

    def _show_first_rows(self) -> None:
        """Show what can be read without the database layer, in the desk's first frame."""
        seen = self._read_first_rows()
        if seen is None or not seen.rows:
            return
        line = self.query_one(FilterLine)
        line.text, line.shown = self.view.query, Count(seen.total)
        self.list.replace(seen, seen.total, keep=False)

    @desk_work("changes")
    async def look_for_changes(self) -> None:
        """Read the list again when another process has written, or the database answers again."""
        # A database that takes its time is asked once, not by one more thread every second.
        if self._looking or self.status.paused:
            return
        self._looking = True
        try:
            changed = await asyncio.to_thread(self.desk.changed)
        finally:
            self._looking = False
        if changed or not self.status.is_live:
            self._behind = True
        if (
            self._behind
            and not self.runs("list", "counts")
            and not self.query_one(FilterLine).editing
        ):
            self._behind = False
            self.merge()
            self.follow(self.list.cursor_send)

    def action_pause(self) -> None:
        """Let the list be until `r`, or follow what others write again."""
        if not self.is_open:
            return
        self.status.paused = not self.status.paused
        self.status.live()
        if not self.status.paused:
            self._behind = True
            self.look_for_changes()
