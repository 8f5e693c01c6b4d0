"""The application: its look, its first screen, and nothing else."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from textual.screen import Screen

from models.clock import utc_now
from tui.safety.safe_app import SafeApp
from tui.screens.desk import DeskScreen
from tui.settings import Settings
from tui.themes import THEMES

if TYPE_CHECKING:
    from models.desk import Desk


class SendDesk(SafeApp):
    """Send Desk on one terminal."""

    TITLE = "Send Desk"
    CSS_PATH = "desk.tcss"
    ENABLE_COMMAND_PALETTE = False
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-mid"), (140, "-wide"), (190, "-huge")]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (30, "-tall")]

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = settings.theme
        self._settings = settings

    def get_default_screen(self) -> Screen[None]:
        """Begin at the desk."""
        return DeskScreen(self._settings)


def run(
    target: str | None,
    *,
    agent: str,
    clock: Callable[[], datetime] = utc_now,
    query: str = "",
    read_only: bool = False,
    ascii: bool = False,
) -> int:
    """Open the desk on the database at *target* and return the exit code once the agent leaves."""

    def opener() -> "Desk":
        from models.database import open_database
        from models.desk import Desk

        return Desk(open_database(target, read_only=read_only), agent, clock)

    app = SendDesk(Settings(agent=agent, opener=opener, query=query, clock=clock, ascii=ascii))
    app.run()
    return app.return_code or 0
