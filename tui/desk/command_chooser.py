"""Help and the palette: every command and view there is, to be read or run."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from tui.desk.counts import Counts
from tui.desk.jobs import Jobs
from tui.keys import DESK_KEYS, KeyRow, Keys
from tui.style.themes import THEME_LABELS

if TYPE_CHECKING:
    from tui.dialogs.help import KeyHelp


class CommandChooser:
    """Lists what can be done and runs what is chosen.

    Args:
        jobs: Asks the agent.
        counts: Knows the views there are.
        keys: The keys as the agent has them.
        run: Runs what was chosen: the id of a key, `view:NAME`, `theme:NAME` or
            `filter:TEXT`.
    """

    def __init__(
        self, jobs: Jobs, counts: Counts, keys: Keys, run: Callable[[str], object]
    ) -> None:
        self._jobs = jobs
        self._counts = counts
        self._keys = keys
        self._run = run

    def show_help(self) -> None:
        """Show every key and the filter language."""
        self._jobs.start("ask", self._show_help)

    def show(self) -> None:
        """Find a command by its name."""
        self._jobs.start("ask", self._show)

    async def _show_help(self) -> None:
        from models.query import FILTER_KEYS, FLAGS
        from tui.dialogs.help import HelpScreen

        filters = {f"{key}:": each.help for key, each in FILTER_KEYS.items()}
        filters |= {f"is:{flag}": meaning for flag, meaning in FLAGS.items()}
        self._run_chosen(await self._jobs.ask(HelpScreen(self._commands(), filters)))

    async def _show(self) -> None:
        from tui.dialogs.help import CommandPalette

        self._run_chosen(await self._jobs.ask(CommandPalette(self._commands())))

    def _run_chosen(self, command: str | None) -> None:
        if command is not None:
            self._run(command)

    def _commands(self) -> "list[KeyHelp]":
        from tui.dialogs.help import KeyHelp

        views = (
            KeyHelp(
                self._keys.of_view(view.digit),
                f"view:{view.name}",
                f"Open {view.name}",
                "Views and filter",
                view.query,
            )
            for view in self._counts.views
        )
        rows = (
            KeyHelp(self._keys.all_shown(row.id), row.id, row.description, row.group, _cli(row))
            for row in DESK_KEYS
        )
        themes = (
            KeyHelp("", f"theme:{name}", f"Theme: {label}", "Desk", "for the next start too")
            for name, label in THEME_LABELS.items()
        )
        return [*rows, *views, *themes]


def _cli(row: KeyRow) -> str:
    return f"senddesk {row.cli}" if row.cli else ""
