"""Delivers keys one at a time, each after what the key before it started has finished."""

import asyncio
from collections import deque
from contextlib import suppress
from typing import Final

from textual import events
from textual.app import App, ScreenStackError
from textual.message_pump import MessagePump

PATIENCE: Final = 5.0
"""Seconds that a key waits for what the key before it started, such as a dialog that opens."""

_POLL = 0.005
"""Seconds between two checks whether that is done."""


class KeyQueue(App[None]):
    """An app that delivers a key only when what the key before it started has finished.

    Without it, keys that arrive together all go to whatever has the focus at that moment: the word
    typed after `/` would run as commands.

    Attributes:
        patience: Seconds that a key waits; then it is delivered although the work still runs.
    """

    def __init__(self) -> None:
        super().__init__()
        self.patience = PATIENCE
        self._typed: deque[events.Key] = deque()
        self._delivery: asyncio.Task[None] | None = None

    @property
    def is_behind(self) -> bool:
        """Whether keys wait, or one is being delivered."""
        return self._delivery is not None and not self._delivery.done()

    def is_asking(self) -> bool:
        """Whether something was started that will take the next keys, such as a dialog that opens."""
        return False

    def holds_back(self, key: str) -> bool:
        """Whether *key* has to wait for something that was not begun by a key, such as an opening desk."""
        return False

    def before_key(self, event: events.Key) -> None:
        """Called when a key is about to be delivered, with what the keys before it have opened."""

    def stop_waiting(self) -> None:
        """Called when a key has waited long enough: what runs now holds no further key back."""

    async def on_event(self, event: events.Event) -> None:
        """Queue keys that come from the terminal; handle every other event at once."""
        if isinstance(event, events.Key) and not event.is_forwarded:
            self._typed.append(event)
            if not self.is_behind:
                self._delivery = asyncio.create_task(self._deliver_all())
        else:
            await super().on_event(event)

    async def _deliver_all(self) -> None:
        # A key that waited until the app ended finds no screen.
        with suppress(ScreenStackError):
            await self._deliver()

    async def _deliver(self) -> None:
        while self._typed and self.is_running:
            key = self._typed.popleft()
            with suppress(TimeoutError):
                async with asyncio.timeout(self.patience):
                    while self.holds_back(key.key):
                        await asyncio.sleep(_POLL)
            self.before_key(key)
            await super().on_event(key)
            try:
                async with asyncio.timeout(self.patience):
                    await self._finish_key()
            except TimeoutError:
                self.stop_waiting()

    async def _finish_key(self) -> None:
        """Wait until the key has bubbled from the focus to the app, and what it started is done."""
        before = self.screen
        focus = self.focused or before
        for node in (*focus.ancestors_with_self, self, before, self):
            await _handled_all(node)
        while self.is_asking():
            await asyncio.sleep(_POLL)
        if self.screen is not before:
            for node in (self.screen, self, self.screen, self):
                await _handled_all(node)


async def _handled_all(node: MessagePump) -> None:
    """Wait until *node* has handled every message that it has so far."""
    done = asyncio.Event()
    # `call_later` inspects the signature of its callback each time: too slow for ten nodes per key.
    if node.post_message(events.Callback(callback=done.set)):
        await done.wait()
