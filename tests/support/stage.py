"""A bare app to try one widget or one dialog in, with the desk's own look."""

from pathlib import Path
from typing import Any

from textual import events
from textual.app import App, ComposeResult
from textual.screen import Screen
from textual.widget import Widget

import tui
from tests.support.pilot import SteadyPilot
from tui.style.themes import DARK, THEMES

_DESK = Path(tui.__file__).parent / "desk"


def shown(app: App[Any]) -> str:
    """Return what the terminal shows of *app*, line by line."""
    strips = app.screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in strips)


def struck(app: App[Any]) -> set[str]:
    """Return the words that the terminal shows of *app* struck through."""
    strips = app.screen._compositor.render_strips()
    styled = ((each.text.strip(), each.style) for strip in strips for each in strip)
    return {text for text, style in styled if style and style.strike}


class Typed(str):
    """Several characters at once, as a terminal hands over what was pasted."""


class Stage(App[Any]):
    """Shows widgets, or asks a dialog and keeps its answer."""

    CSS_PATH = [_DESK / "frame.tcss", _DESK / "desk.tcss"]

    def __init__(self, *widgets: Widget, dialog: Screen[Any] | None = None) -> None:
        super().__init__()
        self._widgets = widgets
        self._dialog = dialog
        self.answers: list[Any] = []
        self.heard: list[Any] = []

    def compose(self) -> ComposeResult:
        yield from self._widgets

    def on_mount(self) -> None:
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = DARK
        if self._dialog is not None:
            self.push_screen(self._dialog, self.answers.append)

    async def act(self, pilot: SteadyPilot, *pressed: str) -> None:
        """Press keys and type texts in their order."""
        for item in pressed:
            if isinstance(item, Typed):
                self.post_message(events.Paste(item))
                await pilot.pause()
            else:
                await pilot.press(item)

    def text(self) -> str:
        """Return what the terminal shows, line by line."""
        return shown(self)
