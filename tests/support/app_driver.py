"""Drives the whole desk without a terminal: real database files, keys, and what the screen then says."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from threading import Event
from typing import Any

from textual.events import Paste
from textual.message import Message
from textual.notifications import Notify
from textual.screen import Screen
from textual.worker import WorkerCancelled

from models import demo
from models.database import open_database
from models.desk import Desk
from models.errors import DeskError
from models.live.settings import PlatformSettings
from models.providers.provider import Provider
from models.reading.facet_counts import Facets
from models.reading.listing import Listing
from models.records import Case, SendRecord
from models.rules.views import View
from tests.support.desk_cases import HandClock
from tests.support.limit import LIMIT
from tests.support.pilot import LOOK, SteadyPilot, running
from tests.support.stage import shown, struck
from tui.app import SendDesk, StartOptions
from tui.desk.jobs import ASKING
from tui.desk.screen import DeskScreen
from tui.dialogs.dialog import Dialog
from tui.dialogs.preview import PreviewDialog
from tui.dialogs.progress import ProgressDialog
from tui.dialogs.results import ResultSheet
from tui.memory import Memory
from tui.settings import NO_KEYS
from tui.style.themes import DARK
from tui.widgets.case.pane import CasePane
from tui.widgets.desk_header import DeskHeader
from tui.widgets.filter.filter_line import FilterLine
from tui.widgets.notice import Notice
from tui.widgets.sends.send_list import SendList

NOW = datetime(2026, 11, 20, 9, 41, tzinfo=UTC)
"""A Friday; the demo is made for this moment."""
SIZES = [(80, 24), (120, 40), (200, 60)]


def make_demo(path: Path, sends: int = demo.SENDS) -> None:
    """Make the demo desk at *path*."""
    database = open_database(path)
    demo.make(database, sends=sends, now=NOW)
    database.close()


class Driver:
    """One agent at one running desk."""

    def __init__(self, pilot: SteadyPilot, clock: HandClock, said: list[str] | None = None) -> None:
        self.pilot = pilot
        self.clock = clock
        self.said = [] if said is None else said
        """Every message that the agent was shown, the oldest first."""

    @property
    def app(self) -> SendDesk:
        """The app that runs."""
        app = self.pilot.app
        assert isinstance(app, SendDesk)
        return app

    @property
    def is_open(self) -> bool:
        """Whether the desk has its first list."""
        desks = (each for each in self.app.screen_stack if isinstance(each, DeskScreen))
        return any(desk.sends.query is not None for desk in desks)

    @property
    def has_frame(self) -> bool:
        """Whether the desk is on the screen, with sends or without."""
        return any(isinstance(each, DeskScreen) for each in self.app.screen_stack)

    @property
    def desk(self) -> Desk:
        """The open database, as the screen reads and writes it."""
        return self._screen.session.desk

    @property
    def send_list(self) -> SendList:
        """The list of sends."""
        return self._screen.sends.list

    @property
    def listing(self) -> Listing:
        """What the list shows, as the database is asked for it."""
        assert self._screen.sends.shown is not None
        return self._screen.sends.shown.listing

    @property
    def list_shown(self) -> bool:
        """Whether the list is on the screen, and not only the case."""
        return self._screen.query_one("#desk-list").display

    @property
    def pane(self) -> CasePane:
        """The pane with the case of the send under the cursor."""
        return self._screen.case.pane

    @property
    def line(self) -> FilterLine:
        """The filter line."""
        return self._screen.sends.line

    @property
    def header(self) -> DeskHeader:
        """The line at the top."""
        return self._screen.status.header

    @property
    def notice(self) -> Notice:
        """The banner for what the agent must know first; empty most of the time."""
        return self._screen.status.notice

    def look_at_platforms(self) -> None:
        """Look how fresh the platforms are now, and not only some seconds later."""
        self._screen.platforms.look()

    @property
    def view(self) -> View:
        """The view that is open."""
        return self._screen.sends.view

    @property
    def facets(self) -> Facets:
        """How many sends of the list have which value."""
        return self._screen.counts.facets

    @property
    def in_triage(self) -> bool:
        """Whether a round of triage is under way."""
        return self._screen.triage.is_running

    @property
    def left_filter(self) -> int | None:
        """The id of the send under the cursor once it no longer fits the filter, or None."""
        return self._screen.sends.departed_id

    @property
    def last_command(self) -> str:
        """The `senddesk` line that does what the agent did last."""
        return self._screen.verbs.last_command

    @property
    def at_desk(self) -> bool:
        """Whether the desk itself has the keys, and no dialog lies over it."""
        return self.top is self._screen

    @property
    def top(self) -> Screen[Any]:
        """The screen that has the keys: the desk, or a dialog over it."""
        return self.app.screen

    @property
    def text(self) -> str:
        """What the terminal shows, line by line."""
        return shown(self.app)

    @property
    def struck(self) -> set[str]:
        """The words on the terminal that are struck through."""
        return struck(self.app)

    @property
    def lines(self) -> list[str]:
        """The rows of the list, as text, without its titles."""
        sends = self.send_list
        strips = (sends.render_line(y) for y in range(1, sends.size.height))
        return [strip.text.rstrip() for strip in strips]

    @property
    def send(self) -> SendRecord:
        """The send under the cursor."""
        found = self.send_list.cursor_send
        assert found is not None
        return found

    @property
    def case(self) -> Case:
        """The case that is shown."""
        found = self.pane.case
        assert found is not None
        return found

    @property
    def query(self) -> str:
        """The filter in force."""
        return self.line.text

    @property
    def count(self) -> int:
        """How many sends the list has."""
        return self.send_list.total

    @property
    def _screen(self) -> DeskScreen:
        return next(each for each in self.app.screen_stack if isinstance(each, DeskScreen))

    async def press(self, *keys: str) -> None:
        """Press keys one by one, each after what the one before it did has been done."""
        for key in keys:
            self.send_key(key)
            await self.settle()

    async def type(self, text: str) -> None:
        """Type *text* without a pause."""
        for character in text:
            self.send_key(character)
        await self.settle()

    async def paste(self, text: str) -> None:
        """Give *text* at once; what is typed key by key is followed on the way if that takes long."""
        self.app.post_message(Paste(text))
        await self.settle()

    async def set_status(self, *keys: str, reason: str) -> None:
        """Open the status dialog, choose a status by *keys* and give a reason for it."""
        await self.press("s", *keys)
        await self.type(reason)
        await self.press("enter")

    async def agree(self, *, unusual: bool = True) -> str:
        """Agree to the preview; return what the result sheet says, and close that.

        Args:
            unusual: Whether it is done to the unusual sends too.
        """
        assert isinstance(self.top, PreviewDialog), self.text
        has_unusual = "do it all the same" in self.text
        await self.press("a" if unusual and has_unusual else "y")
        await self.until(lambda: isinstance(self.top, ResultSheet))
        told = self.text
        await self.press("escape")
        return told

    def show(self, text: str, *, keep: bool = False) -> None:
        """Ask for the list of the filter *text*, without waiting for it.

        Args:
            text: A filter, as typed.
            keep: Whether the cursor stays on its send.
        """
        self._screen.sends.show(self.desk.parse(text), keep=keep)

    def edit_filter(self, text: str) -> None:
        """Put *text* into the filter line, where the agent goes on typing."""
        self._screen.filters.edit(text)

    def fail(self, error: DeskError) -> None:
        """Let the desk meet *error* as if one of its reads had."""
        self._screen.status.fail(error)

    async def look_for_changes(self) -> None:
        """Let the desk look now for what others wrote, as it does every second."""
        await self._screen.sync.look_for_changes().wait()
        await self.settle()

    async def rows(self) -> list[SendRecord]:
        """Return the first sends of the list, read after everything that was asked for before."""
        return list(await self._screen.session.read(self.desk.window, self.listing, 0, 500))

    @contextmanager
    def rows_held_back(self) -> Iterator[None]:
        """Let the thread that reads rows do nothing until the end of the block."""
        released = Event()
        self._screen.session.executor.submit(released.wait)
        try:
            yield
        finally:
            released.set()

    def send_key(self, key: str) -> None:
        """Press *key* without waiting for what it does."""
        self.pilot.send_key(key)

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait until *condition* holds.

        Raises:
            AssertionError: It did not come true before the limit; shows the screen.
        """
        await self.pilot.until(condition, lambda: f"on screen:\n{self.text}")

    async def settle(self) -> None:
        """Wait until everything that was begun is done, or waits for an answer of the agent."""
        await self.pilot.pause()
        was_waiting = True
        while self.app.is_running:
            await asyncio.wrap_future(self._screen.session.executor.submit(int))
            await self.pilot.pause()
            running = [worker for worker in self.app.workers if not worker.is_finished]
            working = [worker for worker in running if worker.group not in ASKING]
            waits = self.app.is_behind or self.line.is_waiting or (running and not self._is_asked)
            if working:
                with suppress(WorkerCancelled):
                    await self.app.workers.wait_for_complete(working)
            elif waits:
                await asyncio.sleep(LOOK)
            elif not was_waiting:
                return
            # What a timer does at the very end of a pause is seen by the next one only.
            was_waiting = bool(working or waits)

    @property
    def _is_asked(self) -> bool:
        """Whether a dialog waits for an answer of the agent."""
        return isinstance(self.top, Dialog) and not isinstance(self.top, ProgressDialog)


@asynccontextmanager
async def desk_open(
    path: Path,
    size: tuple[int, int] = (120, 40),
    *,
    query: str = "",
    agent: str = "ana",
    read_only: bool = False,
    ascii: bool = False,
    theme: str = DARK,
    clock: HandClock | None = None,
    zone: tzinfo = UTC,
    filters: Path | None = None,
    replies: Path | None = None,
    state: Path | None = None,
    has_own_theme: bool = False,
    keys: Mapping[str, str] = NO_KEYS,
    is_there: bool = True,
    settings_of: Callable[[Provider], PlatformSettings] | None = None,
) -> AsyncIterator[Driver]:
    """Open the desk on the file at *path* and wait until its first list is there.

    Without *is_there* it is waited only until the desk says that there is none.
    """
    time = clock or HandClock(NOW)

    def opener() -> Desk:
        return Desk(open_database(path, read_only=read_only), agent, time, zone)

    settings = StartOptions(
        agent=agent,
        opener=opener,
        query=query,
        clock=time,
        zone=zone,
        ascii=ascii,
        theme=theme,
        filters=filters,
        replies=replies,
        memory=Memory.read(state, agent),
        has_own_theme=has_own_theme,
        keys=keys,
        settings_of=settings_of,
    )
    app = SendDesk(settings)
    # On a busy machine a change can take longer than an agent's keys wait for it.
    app.patience = LIMIT
    said: list[str] = []
    heard: set[str] = set()

    def hear(message: Message) -> None:
        if isinstance(message, Notify) and message.notification.identity not in heard:
            heard.add(message.notification.identity)
            said.append(message.notification.message)

    async with running(app, size, hear=hear) as pilot:
        driver = Driver(pilot, time, said)
        await driver.until(
            lambda: (
                not app.is_running
                or driver.is_open
                or (not is_there and driver.has_frame and driver.notice.message)
            )
        )
        await driver.settle()
        yield driver


def colleague(path: Path, name: str = "jo", clock: HandClock | None = None) -> Desk:
    """Return another agent's desk on the same file, as another process has it."""
    return Desk(open_database(path), name, clock or HandClock(NOW))
