"""The log of changes: who did what to which send, newest first."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from models.values.local_time import LocalTime
from tui.dialogs.dialog import Dialog
from tui.keys import Hints
from tui.widgets.bindings import bindings
from tui.widgets.letter_menu import KeyList
from tui.widgets.styled_text import QUIET, STRUCK, safe_text

if TYPE_CHECKING:
    from models.reading.activity import Activity

_WHO = 10
_REF = 10
_NAME = 16


class LogDialog(Dialog[str]):
    """Shows the log; answers the short id of the send to go to."""

    AUTO_FOCUS = "KeyList"
    BINDINGS: ClassVar = bindings("log")
    HINTS: ClassVar[Hints] = (
        ("enter", "go to the send"),
        ("{log.turn}", "mine or everyone's"),
        ("{dialog.back}", "close"),
    )

    def __init__(
        self,
        mine: "Sequence[Activity]",
        everyones: "Sequence[Activity]",
        *,
        local: LocalTime,
    ) -> None:
        """Show *mine* first; both are newest first."""
        super().__init__()
        self._logs = (("What I did", mine), ("What everyone did", everyones))
        self._place = 0
        self._local = local

    def compose(self) -> ComposeResult:
        """Lay out the two lists, of which one is shown."""
        with Vertical(classes="dialog wide broad"):
            yield self.heading("")
            yield KeyList(compact=True, classes="part")
            yield self.foot()

    def on_mount(self) -> None:
        """Begin with the agent's own."""
        self._show()

    def action_turn(self) -> None:
        """Show the other list."""
        self._place = 1 - self._place
        self._show()

    def _show(self) -> None:
        title, log = self._logs[self._place]
        self.change_heading(title, f"the last {len(log):,}, newest first" if log else "")
        options = self.query_one(KeyList)
        nothing = Option(Content.styled("Nothing yet.", QUIET), disabled=True)
        options.set_options([Option(self._line(each)) for each in log] or [nothing])
        options.highlighted = 0 if log else None

    def _line(self, change: "Activity") -> Content:
        reason = f" – {change.reason}" if change.reason else ""
        said, why = (STRUCK, STRUCK) if change.is_undone else ("$text", QUIET)
        return Content.assemble(
            (f"{self._local.words(change.at)}  ", QUIET),
            _column(change.actor, "$text", _WHO),
            _column(change.ref, "$text-primary", _REF),
            _column(change.recipient_name, QUIET, _NAME),
            safe_text(change.said, said, limit=60),
            safe_text(reason, why, limit=200),
        )

    @on(OptionList.OptionSelected)
    def _choose(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        _, log = self._logs[self._place]
        self.dismiss(log[event.option_index].ref)


def _column(value: str, style: str, width: int) -> Content:
    return safe_text(value, style).truncate(width, ellipsis=True, pad=True) + "  "
