"""Which keys the bottom line names: those that work where the agent is."""

from collections.abc import Callable
from typing import Any, Final, Literal

from textual.screen import Screen

from tui.desk.sends import Sends
from tui.desk.status import Status
from tui.keys import Hints
from tui.widgets.key_hints import HINTS, KeyHints
from tui.widgets.rail import Rail

Mode = Literal["both", "case", "list"]
"""What has the screen: list and case, the case alone, or the list alone."""

_CASE_HINTS: Final[Hints] = (
    ("{desk.back}", "back"),
    ("{desk.previous_tab} {desk.next_tab}", "tabs"),
    ("{desk.status}", "status"),
    ("{desk.escalate}", "escalate"),
    ("{desk.take}", "take"),
    ("{desk.note}", "note"),
    ("{desk.snooze}", "snooze"),
    ("{desk.done}", "done"),
    ("{desk.copy_more}", "copy"),
    ("{desk.track}", "tracking"),
    ("{desk.quit}", "close"),
    ("{desk.palette}", "commands"),
    ("{desk.help}", "help"),
)
_READ_ONLY_HINTS: Final[Hints] = (
    ("{desk.filter}", "filter"),
    ("{list.open}", "open"),
    ("{desk.next_overdue}", "next overdue"),
    ("{desk.sort}", "sort"),
    ("{desk.pick_values}", "values"),
    ("{list.mark}", "mark"),
    ("{desk.copy_more}", "copy"),
    ("{desk.export}", "export"),
    ("{desk.log}", "log"),
    ("{desk.palette}", "commands"),
    ("{desk.help}", "help"),
)
_FILTER_HINTS: Final[Hints] = (
    ("enter", "run"),
    ("{filter.complete}", "complete"),
    ("{filter.previous} {filter.next}", "choose, or recall a filter"),
    ("{filter.leave}", "leave"),
)
_RAIL_HINTS: Final[Hints] = (
    ("{rail.choose}", "choose"),
    ("{rail.up} {rail.down}", "move"),
    ("{desk.pick_values}", "more values"),
    ("{desk.reset_filter}", "the view's own filter"),
    ("{desk.back}", "back to the list"),
    ("{desk.help}", "help"),
)


class KeysHere:
    """Says at the bottom which keys work now, where the focus is.

    Args:
        screen: The screen whose focus counts.
        sends: The list and the filter line.
        status: Knows whether the desk is only read.
        mode: Tells what has the screen.

    Attributes:
        line: The bottom line.
        of_round: What it says while sends are gone through one by one; empty otherwise.
    """

    def __init__(
        self, screen: Screen[Any], sends: Sends, status: Status, mode: Callable[[], Mode]
    ) -> None:
        self.line = KeyHints()
        self.of_round: Hints = ()
        self._screen = screen
        self._sends = sends
        self._status = status
        self._mode = mode
        self._outside = 0
        """How many of the marked sends are not in the list."""

    def show(self) -> None:
        """Name the keys that work now."""
        self.line.hints = self._hints()

    def show_marks_outside(self, count: int) -> None:
        """Say that *count* of the marked sends are not in the list."""
        if count != self._outside:
            self._outside = count
            self.show()

    def _hints(self) -> Hints:
        if self._sends.line.editing:
            return _FILTER_HINTS
        if isinstance(self._screen.focused, Rail):
            return _RAIL_HINTS
        marked = len(self._sends.list.marked())
        outside = f", {self._outside:,} not in this list" if self._outside else ""
        marks = (("{list.clear_marks}", f"clear {marked:,} marked{outside}"),) if marked else ()
        usual = _READ_ONLY_HINTS if self._status.header.read_only else HINTS
        if self._mode() == "case":
            usual = _CASE_HINTS
        return self.of_round or (*marks, *usual)
