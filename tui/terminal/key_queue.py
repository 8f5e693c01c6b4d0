"""Keys in their order: each one meets the screen that the keys before it have made."""

import asyncio
from collections import deque

from textual import events
from textual.app import App
from textual.message_pump import MessagePump

_PATIENCE = 5.0
"""Seconds after which a key no longer waits for what one before it began: a dialog opens within them."""

_GLANCE = 0.005
"""Seconds between two looks whether what was begun is done."""


class TypingAhead(App[None]):
    """An app that hands out a key only when what the key before it began has come to rest.

    Without it, keys that arrive together all go to whatever has the focus at that moment: the word
    typed after `/` would run as commands.
    """

    def __init__(self) -> None:
        super().__init__()
        self._typed: deque[events.Key] = deque()
        self._typist: asyncio.Task[None] | None = None

    @property
    def is_behind(self) -> bool:
        """Whether keys wait, or one is being handled."""
        return self._typist is not None and not self._typist.done()

    def is_asking(self) -> bool:
        """Whether a key has begun something that will take the next ones, a dialog that opens."""
        return False

    def give_up(self) -> None:
        """Let no further key wait for what has been begun so far."""

    async def on_event(self, event: events.Event) -> None:
        """Queue keys that come from the terminal; everything else goes its way."""
        if isinstance(event, events.Key) and not event.is_forwarded:
            self._typed.append(event)
            if not self.is_behind:
                self._typist = asyncio.create_task(self._hand_out())
        else:
            await super().on_event(event)

    async def _hand_out(self) -> None:
        while self._typed and self.is_running:
            await super().on_event(self._typed.popleft())
            try:
                async with asyncio.timeout(_PATIENCE):
                    await self._come_to_rest()
            except TimeoutError:
                self.give_up()

    async def _come_to_rest(self) -> None:
        """Wait until the key went up from the focus to the app, and until what that asked for is done."""
        before = self.screen
        focus = self.focused or before
        for node in (*focus.ancestors_with_self, self, before, self):
            await _heard(node)
        while self.is_asking():
            await asyncio.sleep(_GLANCE)
        if self.screen is not before:
            for node in (self.screen, self, self.screen, self):
                await _heard(node)


async def _heard(node: MessagePump) -> None:
    """Wait until *node* has dealt with everything it was told so far."""
    heard = asyncio.Event()
    # `call_later` would look the signature of its callback up, for each of ten nodes after each key.
    if node.post_message(events.Callback(callback=heard.set)):
        await heard.wait()
