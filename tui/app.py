"""The application: its look, its first screen, and how it is run."""

import gc
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events
from textual.actions import SkipAction
from textual.app import App
from textual.filter import LineFilter
from textual.screen import ModalScreen, Screen
from textual.scrollbar import ScrollBar
from textual.worker import Worker

from models.rules.views import VIEWS
from models.values.clock import utc_now
from tui.config import replies_folder
from tui.desk.jobs import ASKING
from tui.desk.splash import SplashScreen
from tui.filter_history import history_path
from tui.memory import Memory, memory_path
from tui.settings import NO_KEYS, StartOptions
from tui.style.themes import THEMES, known_theme
from tui.terminal.alphabet_hint import AlphabetHint
from tui.terminal.ascii_filter import AsciiFilter
from tui.terminal.key_queue import KeyQueue
from tui.terminal.safe_app import SafeApp
from tui.widgets.bindings import bindings
from tui.widgets.scroll_mark import ScrollMark

if TYPE_CHECKING:
    from models.desk import Desk
    from models.live.settings import PlatformSettings
    from models.providers.provider import Provider
    from models.reading.first_rows import FirstRows
    from tui.desk.screen import DeskScreen

_SWITCH_INTERVAL = 0.0005
"""Seconds after which a thread lets another one run: a frame waits no longer than that to be written."""


class SendDesk(KeyQueue, SafeApp):
    """Send Desk on one terminal."""

    TITLE = "Send Desk"
    CSS_PATH = "desk/frame.tcss"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar = bindings("app")
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-mid"), (140, "-wide"), (190, "-huge")]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (30, "-tall")]

    def __init__(self, options: StartOptions) -> None:
        super().__init__()
        ScrollBar.renderer = ScrollMark
        for theme in THEMES:
            self.register_theme(theme)
        self._begin_in(options.theme)
        self.set_keymap(dict(options.keys))
        self._options = options
        self._too_long: frozenset[Worker[Any]] = frozenset()
        self._desk: DeskScreen | None = None
        self._signs = [AsciiFilter()] if options.ascii else []
        self._alphabet_hint = AlphabetHint(self)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return the filters of every app, after those that the agent wants."""
        return [*self._signs, *super().get_line_filters()]

    def is_asking(self) -> bool:
        """Whether a change is being written, or a dialog is about to open."""
        if isinstance(self.screen, ModalScreen):
            return False
        return any(each not in self._too_long for each in self._asked())

    def stop_waiting(self) -> None:
        """Let no further key wait for the work that runs now, such as a long export."""
        self._too_long = frozenset(self._asked())

    def holds_back(self, key: str) -> bool:
        """Whether *key* has to wait for the screen of the desk, or for the database that it opens."""
        if not self.screen_stack or isinstance(self.screen, ModalScreen):
            return False
        if self._desk is None:
            return key not in self.screen.active_bindings
        return self._desk.holds_back(key)

    def before_key(self, event: events.Key) -> None:
        """Say why nothing happens, if the keyboard writes another alphabet than the keys have."""
        self._alphabet_hint.look(event)

    def action_say_how_to_leave(self) -> None:
        """Say which key leaves, unless the key copies text that is selected."""
        from tui.desk.leaving import say_how_to_leave

        say_how_to_leave(self)

    def action_suspend(self) -> None:
        """Go back to the shell; in a text of several lines the key takes a change back instead.

        Raises:
            SkipAction: If such a text has the focus.
        """
        from textual.widgets import TextArea

        if isinstance(self.focused, TextArea):
            raise SkipAction
        super().action_suspend()

    async def action_quit(self) -> None:
        """Leave; ask before, if a dialog would lose text. The key once more leaves at once."""
        from tui.desk.leaving import leave

        leave(self)

    def _asked(self) -> list[Worker[Any]]:
        return [each for each in self.workers if each.group in ASKING and not each.is_finished]

    def _begin_in(self, theme: str) -> None:
        # Setting the attribute would parse and apply the whole stylesheet once more before the first frame.
        self.set_reactive(App.theme, theme)
        if self.current_theme.ansi:
            self._refresh_truecolor_filter(self.ansi_theme)
        self.stylesheet.set_variables(self.get_css_variables())
        dark = self.current_theme.dark
        self.update_classes({"-dark-mode": dark, "-light-mode": not dark}, update=False)

    def get_default_screen(self) -> Screen[None]:
        """Begin with the frame; what is behind it takes longer to load than to paint."""
        return self._fit(SplashScreen(self._options, self._enter))

    def _enter(self) -> None:
        self.call_later(self._open_desk)

    async def _open_desk(self) -> None:
        from tui.desk.screen import DeskScreen

        # As a screen's own it would be parsed once more, and all other styles with it.
        self.stylesheet.read(Path(__file__).with_name("desk") / "desk.tcss")
        self._desk = DeskScreen(self._options)
        await self.push_screen(self._fit(self._desk))

    def _fit(self, screen: Screen[None]) -> Screen[None]:
        """Set the size classes of *screen* now: Textual would first paint a frame without them."""
        for points, length in (
            (self.HORIZONTAL_BREAKPOINTS, self.size.width),
            (self.VERTICAL_BREAKPOINTS, self.size.height),
        ):
            screen.add_class(max(point for point in points if point[0] <= length)[1])
        return screen


def run(
    target: str | None,
    *,
    agent: str,
    clock: Callable[[], datetime] = utc_now,
    zone: tzinfo,
    query: str = "",
    read_only: bool = False,
    ascii: bool = False,
    theme: str = "",
    keys: Mapping[str, str] = NO_KEYS,
    settings_of: "Callable[[Provider], PlatformSettings] | None" = None,
) -> int:
    """Open the desk on the database at *target* and return the exit code once the agent leaves.

    Without a *theme* it has the one that the agent chose last.
    """
    memory = Memory.read(memory_path(), agent)

    def opener() -> "Desk":
        from models.database import open_database
        from models.desk import Desk

        return Desk(open_database(target, read_only=read_only, agent=agent), agent, clock, zone)

    def read_first_rows() -> "FirstRows | None":
        from models.reading.first_rows import first_rows

        # They are the sends of Triage in its own order.
        is_usual = memory.view in ("", VIEWS[0].name) and VIEWS[0].name not in memory.sorts
        return first_rows(target, clock()) if is_usual and not query else None

    options = StartOptions(
        agent=agent,
        opener=opener,
        first_rows=read_first_rows,
        opened=_loaded,
        query=query,
        clock=clock,
        zone=zone,
        ascii=ascii,
        theme=theme or known_theme(memory.theme),
        has_own_theme=bool(theme),
        keys=keys,
        memory=memory,
        filters=history_path(),
        replies=replies_folder(),
        settings_of=settings_of,
    )
    app = SendDesk(options)
    sys.setswitchinterval(_SWITCH_INTERVAL)
    app.run()
    return app.return_code or 0


def _loaded() -> None:
    """Turn the cyclic collector on; what start-up has loaded is never searched again."""
    gc.freeze()
    gc.enable()
