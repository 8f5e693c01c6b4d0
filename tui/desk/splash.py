"""The splash screen: the frame of the desk, shown while the database layer is imported."""

from collections.abc import Callable
from typing import Any

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.screen import Screen

from models.rules.views import VIEWS
from tui.settings import StartOptions
from tui.widgets.desk_header import DeskHeader
from tui.widgets.key_hints import KeyHints
from tui.widgets.view_tabs import ViewTab, ViewTabs


class SplashScreen(Screen[None]):
    """The header, the views and the keys of the desk, with nothing between them yet."""

    def __init__(self, options: StartOptions, ready: Callable[[], Any]) -> None:
        super().__init__()
        self._options = options
        self._ready = ready

    def compose(self) -> ComposeResult:
        """Lay the frame out as the desk does."""
        yield DeskHeader(ascii=self._options.ascii)
        yield ViewTabs()
        yield Horizontal(id="desk-body")
        yield KeyHints()

    def on_mount(self) -> None:
        """Fill the frame."""
        header, tabs = self.query_one(DeskHeader), self.query_one(ViewTabs)
        view = self._options.first_view
        header.agent, header.view, tabs.now_open = self._options.agent, view.name, view.name
        header.zone = str(self._options.zone)
        tabs.views = tuple(ViewTab(view.digit, view.name) for view in VIEWS)

    def on_screen_resume(self) -> None:
        """Go on behind the first frame, which is painted while this message is handled."""
        self.call_later(self._ready)

    def _compositor_refresh(self) -> None:
        """Paint only until the desk has come.

        Textual would paint the whole desk again with each message that comes to the screen below it.
        """
        if self.app.screen is self:
            super()._compositor_refresh()
        else:
            self._repaint_required = False
