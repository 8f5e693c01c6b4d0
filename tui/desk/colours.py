"""The colours of the desk: tried out, chosen by name, and remembered."""

from tui.desk.jobs import Jobs
from tui.desk.session import Session
from tui.desk.status import Status
from tui.style.themes import THEME_LABELS, known_theme


class Colours:
    """Changes the theme of the app."""

    def __init__(self, session: Session, jobs: Jobs, status: Status) -> None:
        self._session = session
        self._jobs = jobs
        self._status = status

    def ask(self) -> None:
        """Let the agent try the themes out and choose one."""
        self._jobs.start("ask", self._ask)

    def choose(self, name: str) -> None:
        """Take the theme called *name*, here and at the next start."""
        name = known_theme(name)
        self._show(name)
        self._session.options.memory.theme = name
        if self._session.options.has_own_theme:
            said = "The settings file names another theme, which holds again at the next start."
            self._status.say(said)

    def _show(self, name: str) -> None:
        if self._jobs.app.theme != name:
            self._jobs.app.theme = name

    async def _ask(self) -> None:
        from tui.dialogs.theme import ThemeDialog

        before = self._jobs.app.theme
        chosen = await self._jobs.ask(ThemeDialog(THEME_LABELS, before, preview=self._show))
        if chosen is None:
            self._show(before)
        else:
            self.choose(chosen)
