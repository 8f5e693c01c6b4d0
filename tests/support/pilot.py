"""Runs an app without a terminal and waits until it is at rest, however busy the machine is.

The styles of an app are parsed once in a process: nothing but their text and the colours of the
theme goes into them, and parsing them anew took a third of the time of a test of one dialog.

Textual's own pilot takes an app for idle when its process has used little time on a core for a
fiftieth of a second. On a busy machine that is also true of a process that waits for a core, and a
resize, which Textual lays out by a timer, is measured before it was laid out. Here nothing is taken
from a clock: the app is at rest when the event loop has nothing to run, every widget waits for a
message, and the next frame brings none.
"""

import asyncio
import unicodedata
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from itertools import chain
from typing import Any

from textual import events
from textual.app import App
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.keys import REPLACED_KEYS, _character_to_key, _get_unicode_name_from_key
from textual.message import Message
from textual.message_pump import MessagePump
from textual.pilot import Pilot

from tests.support.limit import LIMIT

_parse_rules = Stylesheet._parse_rules
_parsed: dict[tuple[Any, ...], list[RuleSet]] = {}


def _parse_once(sheet: Stylesheet, *given: Any, **named: Any) -> list[RuleSet]:
    """Return the rules of a text, parsed by Textual when the first app of the process asks."""
    key = (given, *sorted(named.items()), *sorted(sheet._variables.items()))
    if key not in _parsed:
        _parsed[key] = _parse_rules(sheet, *given, **named)
    return _parsed[key]


Stylesheet._parse_rules = _parse_once  # type: ignore[method-assign]


LOOK = 0.01
"""Seconds between two looks at what no message tells: a thread, a timer, another process."""


class SteadyPilot(Pilot[Any]):
    """Presses keys in an app; after each step the app is at rest.

    Args:
        app: The app, which runs.
        dispatched: Returns how many messages the app has dealt with so far.
    """

    def __init__(self, app: App[Any], dispatched: Callable[[], int]) -> None:
        super().__init__(app)
        self._dispatched = dispatched

    async def press(self, *keys: str) -> None:
        """Press *keys*, each after what the one before it did is done."""
        for key in keys:
            self.send_key(key)
            await self.pause()

    def send_key(self, key: str) -> None:
        """Press *key*, without waiting for what it does."""
        name = "enter" if key == "\r" else key if len(key) > 1 else _character_to_key(key)
        event = events.Key(name, _character(name) if len(key) > 1 else key)
        event.set_sender(self.app)
        self.app.post_message(event)

    async def until(
        self, condition: Callable[[], object], told: Callable[[], str] = lambda: ""
    ) -> None:
        """Wait until *condition* holds.

        Args:
            condition: What is waited for.
            told: Returns what is said when it never comes.

        Raises:
            AssertionError: It did not come true before the limit.
        """
        end = asyncio.get_running_loop().time() + LIMIT
        while not condition():
            assert asyncio.get_running_loop().time() < end, f"in vain; {told()}"
            await asyncio.sleep(LOOK)
            await self.pause()

    async def pause(self, delay: float | None = None) -> None:
        """Wait until the app has dealt with everything it was told, is laid out and painted.

        Raises:
            TimeoutError: It was not at rest before the limit.
        """
        assert delay is None, "a time that is enough here is too short on a busy machine"
        async with asyncio.timeout(LIMIT):
            done = None
            while done != self._dispatched() and self.app.is_running:
                await self._be_quiet()
                done = self._dispatched()
                self._skip_to_next_frame()
                await self._be_quiet()
                await self.app.animator.wait_until_complete()

    async def _be_quiet(self) -> None:
        """Wait until every widget waits for a message, and nothing runs that could send one."""
        await _run_all()
        while busy := next(filter(_is_busy, self._widgets()), None):
            heard = _ask(busy)
            # A widget that is taken away meanwhile never answers.
            while heard and not heard.is_set() and busy.is_running and self.app.is_running:
                with suppress(TimeoutError):
                    async with asyncio.timeout(LOOK):
                        await heard.wait()
            await _run_all()

    def _skip_to_next_frame(self) -> None:
        """Let Textual do now what it does with the next frame: take a resize, lay out, paint."""
        self.app._check_resize()
        # Those behind a dialog first: what has changed there is painted by the dialog's screen.
        for screen in self.app.screen_stack:
            screen._on_timer_update()

    def _widgets(self) -> set[MessagePump]:
        """Return all that has a queue of messages: the app, its screens and their widgets."""
        screens = (screen.walk_children(with_self=True) for screen in self.app.screen_stack)
        return {self.app, *chain.from_iterable(screens)}


async def _run_all() -> None:
    """Let the event loop run all that is ready to run, and what becomes ready by that."""
    loop: Any = asyncio.get_running_loop()
    await asyncio.sleep(0)
    while loop._ready:
        await asyncio.sleep(0)


def _is_busy(node: MessagePump) -> bool:
    """Return whether *node* deals with a message, and does not wait for one."""
    arrival: Any = node._message_queue.ready_event
    return node.is_running and not arrival._waiters


def _ask(node: MessagePump) -> asyncio.Event | None:
    """Return what is set once *node* has dealt with what it was told; None if it is closing."""
    heard = asyncio.Event()
    return heard if node.post_message(events.Callback(callback=heard.set)) else None


@asynccontextmanager
async def running(
    app: App[Any],
    size: tuple[int, int] = (80, 24),
    *,
    notifications: bool = False,
    hear: Callable[[Message], None] = lambda message: None,
) -> AsyncIterator[SteadyPilot]:
    """Run *app* without a terminal.

    Args:
        app: The app.
        size: Columns and lines of the terminal that it takes itself to be on.
        notifications: Whether messages to the agent are shown.
        hear: Called with every message that a widget of the app deals with.
    """
    dispatched = 0

    def count(message: Message) -> None:
        nonlocal dispatched
        dispatched += 1
        hear(message)

    async with app.run_test(size=size, notifications=notifications, message_hook=count):
        pilot = SteadyPilot(app, lambda: dispatched)
        await pilot.pause()
        yield pilot


def _character(key: str) -> str | None:
    """Return what a key with this name types, or None if it types nothing."""
    try:
        return unicodedata.lookup(_get_unicode_name_from_key(REPLACED_KEYS.get(key, key)))
    except KeyError:
        return None
