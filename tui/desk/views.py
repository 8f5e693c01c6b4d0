"""The views: filters with a name, built in or the team's own."""

import asyncio
from typing import TYPE_CHECKING

from textual import on

from models.errors import DeskError
from models.rules.views import View
from tui.desk.jobs import desk_work
from tui.desk.repeating import Repeating
from tui.widgets.rail import Rail

if TYPE_CHECKING:
    from models.query import Query


class Viewing(Repeating):
    """Opens views and keeps new ones."""

    def open_view(self, view: View) -> None:
        """Open a view with its own filter."""
        if (query := self._filter_of(view)) is not None:
            self.enter(view)
            self.show_list()
            self.show(query, keep=False)

    def show_list(self) -> None:
        """Make sure that the list is on the screen."""

    @property
    def is_narrowed(self) -> bool:
        """Whether another filter than the view's own is in force."""
        return self.query_now is not None and str(self.query_now) != str(self._filter_of(self.view))

    def action_clear_filter(self) -> None:
        """Go back to the view's own filter."""
        if self.is_open:
            self.open_view(self.view)

    def action_view(self, digit: str) -> None:
        """Open the view with this digit."""
        view = next((view for view in self.views if view.digit == digit), None)
        if self.is_open and view is not None:
            self.open_view(view)

    @on(Rail.ViewChosen)
    def _view_chosen(self, event: Rail.ViewChosen) -> None:
        self.open_named(event.view.name)

    def open_named(self, name: str) -> None:
        """Open the view of this name."""
        view = next((view for view in self.views if view.name == name), None)
        if self.is_open and view is not None:
            self.open_view(view)

    @desk_work("ask")
    async def action_save_view(self) -> None:
        """Ask for a name under which the filter in force is kept."""
        from tui.dialogs.save_view import ViewDialog

        if self.query_now is None:
            return
        if self.desk.read_only:
            self.say(self.desk.read_only, "warning")
            return
        view = await self.app.push_screen_wait(ViewDialog(str(self.query_now)))
        if view is None:
            return
        await asyncio.to_thread(self.desk.save_view, view)
        self.counts.views = self.desk.views()
        self.open_named(view.name)

    def _filter_of(self, view: View) -> "Query | None":
        try:
            return self.desk.parse(view.query)
        except DeskError as error:
            self.fail(error)
            return None
