"""What the parts of the screen that are still inherited find on the screen itself."""

import asyncio
from typing import TYPE_CHECKING

from textual import on
from textual.screen import Screen

from models.errors import DeskError
from models.rules.views import View
from tui.desk import labels
from tui.desk.case import CaseFollower
from tui.desk.counts import Counts
from tui.desk.jobs import Jobs
from tui.desk.sends import Sends
from tui.desk.session import Session
from tui.desk.startup import Startup
from tui.desk.status import Status
from tui.desk.sync import Sync
from tui.settings import Settings
from tui.widgets.case.pane import CasePane
from tui.widgets.sends.send_list import SendList

if TYPE_CHECKING:
    from models.desk import Desk
    from models.query import Query
    from models.reading.counts import Facets
    from models.reading.listing import Listing


class Held(Screen[None]):
    """Holds the collaborators and passes on to them what is still asked of the screen."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.session = Session(settings)
        self.status = Status(self.notify, ascii=settings.ascii)
        self.jobs = Jobs(self, self.status.fail)
        self.sends = Sends(self.session, self.jobs, self.status)
        self.case = CaseFollower(self.session, self.jobs)
        self.counts = Counts(self.session, self.jobs, self.status, self.sends)
        self.sync = Sync(self.session, self.jobs, self.status, self.sends, self.case)
        self.startup = Startup(self.session, self.jobs, self.status, self.sends, self.counts)
        self.sends.on_view = self.counts.show_view
        self.sends.on_read = self.counts.count
        self.counts.on_counted.append(self.counted)
        self.startup.on_open += [self._follow_first, self.sync.start]
        self.startup.on_failure = self._leave
        self.clock = settings.clock
        self.zone = settings.zone
        self.ascii = settings.ascii
        self.agent = settings.agent
        self.reader = self.session.executor
        self.read = self.session.read
        self.say = self.status.say
        self.fail = self.status.fail
        self.follow = self.case.follow
        self.show = self.sends.show
        self.reload = self.sends.reload
        self.runs = self.jobs.runs
        self.call_off = self.sends.cancel
        self.look_for_changes = self.sync.look_for_changes

    def on_mount(self) -> None:
        """Show what can be read at once; only when it is painted is the database worth loading."""
        self.startup.show_first_rows()
        self.call_after_refresh(self.startup.open)

    def on_unmount(self) -> None:
        """Give the threads and connections back."""
        self.sends.close()
        self.session.close()

    def action_pause(self) -> None:
        """Let the list be until `r`, or follow what others write again."""
        self.sync.toggle()

    @on(SendList.Moved)
    def _moved(self, event: SendList.Moved) -> None:
        self.case.cursor_moved(event.send)
        self.sends.cursor_moved(event.send)

    @on(SendList.Failed)
    def _not_read(self, event: SendList.Failed) -> None:
        self.sends.read_failed(event.error)

    @on(SendList.RangeTooLong)
    def _not_marked(self, event: SendList.RangeTooLong) -> None:
        self.say(labels.too_many_to_mark(event.count), severity="warning")

    def _follow_first(self) -> None:
        self.case.follow(self.sends.list.cursor_send)

    def _leave(self, error: DeskError) -> None:
        self.app.exit(return_code=1, message=str(error))

    def counted(self) -> None:
        """Take notice of new counts."""

    def enter(self, view: View) -> None:
        """Say everywhere which view is open."""
        self.sends.view = view
        self.counts.show_view(view)

    @property
    def desk(self) -> "Desk":
        """The open desk."""
        return self.session.desk

    @property
    def is_open(self) -> bool:
        """Whether the database is open."""
        return self.session.is_open

    @property
    def list(self) -> SendList:
        """The list of sends."""
        return self.sends.list

    @property
    def pane(self) -> CasePane:
        """The case under the cursor."""
        return self.case.pane

    @property
    def view(self) -> View:
        """The view that is open."""
        return self.sends.view

    @property
    def views(self) -> tuple[View, ...]:
        """The views there are."""
        return self.counts.views

    @property
    def facets(self) -> "Facets":
        """How many sends have which value."""
        return self.counts.facets

    @property
    def left(self) -> int | None:
        """The send that has left the filter."""
        return self.sends.departed_id

    @property
    def query_now(self) -> "Query | None":
        """The filter in force."""
        return self.sends.query

    @property
    def listing(self) -> "Listing | None":
        """The list on the screen."""
        return self.sends.shown.listing if self.sends.shown else None

    @property
    def lister(self) -> "Desk":
        """The desk as it reads for the list on the screen."""
        return self.sends.shown.desk if self.sends.shown else self.desk

    async def total(self) -> int:
        """Return how many sends the list has."""
        if self.sends.shown is None:
            return 0
        return (await asyncio.to_thread(self.sends.shown.count)).value
