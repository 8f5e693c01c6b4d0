"""Notices a keyboard that is switched to another alphabet than the keys of the desk."""

from textual import events
from textual.app import App


class AlphabetHint:
    """Says once why nothing happens: the letter that was typed is in no Latin alphabet."""

    def __init__(self, app: App[None]) -> None:
        self._app = app
        self._is_told = False

    def look(self, event: events.Key) -> None:
        """Look at a key before it is delivered; a letter that is text or the agent's own key is fine."""
        letter = event.character or ""
        if self._is_told or letter.isascii() or not letter.isalpha():
            return
        app = self._app
        focus = app.focused
        is_text = focus is not None and focus.check_consume_key(event.key, event.character)
        if not is_text and event.key not in app.screen.active_bindings:
            self._is_told = True
            app.notify(
                f"“{letter}” is not a key of the desk: switch the keyboard to Latin letters.",
                severity="warning",
                markup=False,
            )
