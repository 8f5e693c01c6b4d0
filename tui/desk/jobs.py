"""Work in the background whose refusals the agent hears of instead of losing the app to them."""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from textual import work
from textual.app import App
from textual.css.query import NoMatches
from textual.worker import Worker

from models.errors import DeskError

ASKING = ("ask", "deed")
"""The groups of workers that may ask the agent something."""


class Failing(Protocol):
    """A screen that can say that something did not work."""

    @property
    def app(self) -> App[Any]:
        """What it belongs to."""

    @property
    def is_attached(self) -> bool:
        """Whether it is on the screen, or under another one."""

    def fail(self, error: DeskError) -> None:
        """Tell the agent."""


P = ParamSpec("P")
S = TypeVar("S", bound=Failing)


def desk_work(
    group: str, *, exclusive: bool = False
) -> Callable[
    [Callable[Concatenate[S, P], Awaitable[None]]], Callable[Concatenate[S, P], Worker[None]]
]:
    """Make a coroutine of a screen a worker; a `DeskError` that leaves it goes to `fail`.

    Args:
        group: Textual's name for workers of one kind.
        exclusive: Whether a new one ends those of its group that still run.
    """

    def decorate(
        method: Callable[Concatenate[S, P], Awaitable[None]],
    ) -> Callable[Concatenate[S, P], Worker[None]]:
        @wraps(method)
        async def guarded(self: S, *given: P.args, **named: P.kwargs) -> None:
            try:
                await method(self, *given, **named)
            except DeskError as error:
                self.fail(error)
            except NoMatches:
                # The desk is closing: what was read has no place any more.
                if self.is_attached and self.app.is_running:
                    raise

        worker: Callable[..., Any] = work(guarded, group=group, exclusive=exclusive)
        return worker

    return decorate
