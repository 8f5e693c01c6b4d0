"""Workers that report a `DeskError` to the agent instead of ending the app."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, ParamSpec, Protocol, TypeVar

from textual.app import App
from textual.css.query import NoMatches
from textual.screen import Screen
from textual.timer import Timer
from textual.worker import Worker

from models.errors import DeskError

ASKING = ("ask", "verb")
"""The groups of workers that may ask the agent something; keys wait until such a one asks or ends."""

P = ParamSpec("P")
R = TypeVar("R")


class Fail(Protocol):
    """Tells the agent what a job was refused with."""

    def __call__(self, error: DeskError, *, asked: bool) -> None:
        """Tell it; *asked* says whether a key of the agent had begun the job."""


class Jobs:
    """Runs coroutines beside the screen, each in a named group.

    Args:
        screen: The screen that the workers belong to; they end with it.
        fail: Is told what a job was refused with.

    Attributes:
        as_of: The moment of the past that the desk shows, for the dialogs; empty for the present.
    """

    def __init__(self, screen: Screen[Any], fail: Fail) -> None:
        self._screen = screen
        self._fail = fail
        self.as_of = ""

    @property
    def app(self) -> App[Any]:
        """The app that the jobs run in."""
        return self._screen.app

    async def ask(self, dialog: Screen[R]) -> R | None:
        """Show *dialog* and return its answer, or None without one; only a job can wait for it."""
        from tui.dialogs.dialog import Dialog

        if isinstance(dialog, Dialog):
            dialog.as_of = self.as_of
        return await self._screen.app.push_screen_wait(dialog)

    def start(
        self, group: str, job: Callable[P, Awaitable[None]], *args: P.args, **kwargs: P.kwargs
    ) -> Worker[None]:
        """Run *job* beside the others of its *group* and return its worker."""
        return self._run(group, partial(job, *args, **kwargs), exclusive=False)

    def restart(
        self, group: str, job: Callable[P, Awaitable[None]], *args: P.args, **kwargs: P.kwargs
    ) -> Worker[None]:
        """Run *job* in place of those of its *group* that still run, and return its worker."""
        return self._run(group, partial(job, *args, **kwargs), exclusive=True)

    def stop(self, group: str) -> None:
        """Cancel the jobs of *group*; what they read on a thread is thrown away."""
        self._screen.workers.cancel_group(self._screen, group)

    def runs(self, *groups: str) -> bool:
        """Return whether a job of one of *groups* has not ended yet."""
        mine = (worker for worker in self._screen.workers if worker.node is self._screen)
        return any(worker.group in groups and not worker.is_finished for worker in mine)

    def every(self, seconds: float, action: Callable[[], object]) -> Timer:
        """Call *action* again and again, as long as the screen is there."""
        return self._screen.set_interval(seconds, action)

    def after(self, seconds: float, action: Callable[[], object]) -> Timer:
        """Call *action* once, if the screen is still there then."""
        return self._screen.set_timer(seconds, action)

    def _run(
        self, group: str, job: Callable[[], Awaitable[None]], *, exclusive: bool
    ) -> Worker[None]:
        async def guarded() -> None:
            try:
                await job()
            except DeskError as error:
                self._fail(error, asked=group in ASKING)
            except NoMatches:
                # The desk is closing: what was read has no place any more.
                if self._screen.is_attached and self._screen.app.is_running:
                    raise

        return self._screen.run_worker(guarded, group=group, exclusive=exclusive)
