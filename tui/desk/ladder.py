"""What the verbs, which are still inherited, find on the screen."""

from typing import TYPE_CHECKING

from textual.screen import Screen

from tui.desk.case import CaseFollower
from tui.desk.counts import Counts
from tui.desk.jobs import Jobs
from tui.desk.sends import Sends
from tui.desk.session import Session
from tui.desk.startup import Startup
from tui.desk.status import Status
from tui.desk.sync import Sync
from tui.settings import StartOptions
from tui.widgets.sends.send_list import SendList

if TYPE_CHECKING:
    from models.desk import Desk


class Held(Screen[None]):
    """Holds what verbs need and passes on to it what is still asked of the screen."""

    def __init__(self, settings: StartOptions) -> None:
        super().__init__()
        self.session = Session(settings)
        self.status = Status(self.notify, ascii=settings.ascii)
        self.jobs = Jobs(self, self.status.fail)
        self.sends = Sends(self.session, self.jobs, self.status)
        self.case = CaseFollower(self.session, self.jobs)
        self.counts = Counts(self.session, self.jobs, self.status, self.sends)
        self.sync = Sync(self.session, self.jobs, self.status, self.sends, self.case)
        self.startup = Startup(self.session, self.jobs, self.status, self.sends, self.counts)
        self.clock = settings.clock
        self.zone = settings.zone
        self.ascii = settings.ascii
        self.agent = settings.agent
        self.say = self.status.say
        self.follow = self.case.follow
        self.reload = self.sends.reload

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
