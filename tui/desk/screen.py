"""The desk itself: where everything is on the screen, and which key runs what."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from models.rules.views import View
from tui.desk.jobs import desk_work
from tui.desk.triage import Triaging
from tui.keys import DESK_KEYS, KEY_ROWS, KeyRow, Keys
from tui.widgets.bindings import bindings, keys_of
from tui.widgets.key_hints import KeyHints

if TYPE_CHECKING:
    from tui.dialogs.help import KeyHelp


class Across(Horizontal):
    """Zones beside each other, which leave nothing of it to be seen."""

    BLANK = True


class Down(Vertical):
    """Zones one under the other, which leave nothing of it to be seen."""

    BLANK = True


class DeskScreen(Triaging):
    """List, case and rail; the switchboard between them and the desk."""

    # What nobody sees is not drawn line by line with every key.
    BLANK = True
    BINDINGS: ClassVar = bindings("desk", "view")
    AUTO_FOCUS = "SendList"

    def compose(self) -> ComposeResult:
        """Lay the desk out; desk.tcss decides what shows at which size."""
        yield self.status.header
        yield self.status.notice
        yield self.counts.tabs
        with Across(id="desk-body"):
            yield self.counts.rail
            with Across(id="desk-main"):
                with Down(id="desk-list"):
                    yield self.sends.line
                    yield self.sends.list
                yield self.case.pane
        yield self.case.step
        yield KeyHints()

    @desk_work("ask")
    async def action_help(self) -> None:
        """Show every key and the filter language; run what is chosen."""
        from models.query import FILTER_KEYS, FLAGS
        from tui.dialogs.help import HelpScreen

        filters = {f"{key}:": each.help for key, each in FILTER_KEYS.items()}
        filters |= {f"is:{flag}": said for flag, said in FLAGS.items()}
        self._run(
            await self.app.push_screen_wait(
                HelpScreen(_commands(self.views, keys_of(self.app)), filters)
            )
        )

    @desk_work("ask")
    async def action_palette(self) -> None:
        """Find a command by its name."""
        from tui.dialogs.help import Palette

        self._run(
            await self.app.push_screen_wait(Palette(_commands(self.views, keys_of(self.app))))
        )

    def _run(self, command: str | None) -> None:
        """Run the command that was chosen; a piece of the filter language starts a filter."""
        if command is None:
            return
        if command.startswith("filter:"):
            self.edit_filter(command.removeprefix("filter:"))
        elif command.startswith("view:"):
            self.open_named(command.removeprefix("view:"))
        else:
            row = KEY_ROWS[command]
            target = self.list if row.scope == "list" else self
            self.call_later(target.run_action, row.action)

    def action_quit_desk(self) -> None:
        """Close the open case, or leave."""
        if self.has_class("-case-open"):
            self.action_back()
        else:
            self.app.exit()


def _commands(views: Iterable[View], keys: Keys) -> "list[KeyHelp]":
    from tui.dialogs.help import KeyHelp

    opening = [
        KeyHelp(
            keys.of_view(view.digit),
            f"view:{view.name}",
            f"Open {view.name}",
            "Views and filter",
            view.query,
        )
        for view in views
    ]
    return [
        *(
            KeyHelp(keys.all_shown(row.id), row.id, row.description, row.group, _cli(row))
            for row in DESK_KEYS
        ),
        *opening,
    ]


def _cli(row: KeyRow) -> str:
    return f"senddesk {row.cli}" if row.cli else ""
