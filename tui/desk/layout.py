"""Where the list and the case are on the screen."""

from collections.abc import Callable
from typing import Any

from textual.screen import Screen

from tui.desk.keys_here import KeysHere, Mode
from tui.desk.sends import Sends
from tui.desk.status import Status
from tui.keys import Hints
from tui.memory import Memory, Side
from tui.widgets.bindings import keys_of
from tui.widgets.case.pane import CasePane

_CASE_OPEN = "-case-open"
_LIST_ONLY = "-list-only"
_ROUND = "-round"
_NO_PREVIEW = "-no-preview"
_PANE_MIN_WIDTH = 30
_LIST_MIN_WIDTH = 40
_PANE_MIN_HEIGHT = 6
_ROWS_OUTSIDE_PANE = 12
"""Rows that a case below the list leaves: to the frame, the filter and a few sends."""


class Layout:
    """Gives list and case their places; the classes it sets on the screen are in desk.tcss.

    Attributes:
        keys: Names the keys that work here.
        on_change: Is called with each new mode.
    """

    def __init__(
        self,
        screen: Screen[Any],
        sends: Sends,
        pane: CasePane,
        status: Status,
        memory: Memory,
    ) -> None:
        self._memory = memory
        self.keys = KeysHere(screen, sends, status, lambda: self.mode)
        self.on_change: Callable[[Mode], object] = lambda mode: None
        self._screen = screen
        self._sends = sends
        self._pane = pane
        self._status = status
        self._room: tuple[Side, int] | None = None
        """The side of the case that the agent gave a size, `width` or `height`, and its cells."""

    @property
    def mode(self) -> Mode:
        """What has the screen: the case alone, the list alone, or both."""
        if self._screen.has_class(_CASE_OPEN):
            return "case"
        return "list" if self._screen.has_class(_LIST_ONLY) else "both"

    def show(self, mode: Mode) -> None:
        """Show the case alone, the list alone, or both; the focus goes where the agent looks."""
        self._screen.set_class(mode == "case", _CASE_OPEN)
        self._screen.set_class(mode == "list", _LIST_ONLY)
        if mode == "both":
            self._sends.list.shows_all = False
        self._give_room()
        self.on_change(mode)
        self.keys.show()
        (self._pane if mode == "case" else self._sends.list).focus()

    def set_round(self, hints: Hints) -> None:
        """Show what goes through sends one by one, with *hints* at the bottom; empty ends that."""
        self.keys.of_round = hints
        self._screen.set_class(bool(hints), _ROUND)
        self._pane.in_round = bool(hints)

    def show_list(self) -> None:
        """Come back from a case that hides the list."""
        if self.mode == "case":
            self.show("both")

    def maximise(self) -> None:
        """Give the whole screen to the pane that has the focus, or take it back."""
        alone: Mode = "case" if self._pane.has_focus else "list"
        self.show(alone if self.mode == "both" else "both")

    def toggle_wide(self) -> None:
        """Show every column, on a line more where they have no room, or no more than before."""
        shows_all = not self._sends.list.shows_all
        self.show("list" if shows_all else "both")
        self._sends.list.shows_all = shows_all

    def turn_tab(self, by: int) -> None:
        """Turn the tabs of the case, forth or back."""
        if self._case_is_shown():
            (self._pane.next_tab if by > 0 else self._pane.previous_tab)()

    def toggle_preview(self) -> None:
        """Show or hide the case beside the list."""
        if self._screen.has_class(_NO_PREVIEW) or self._case_is_shown():
            self._screen.toggle_class(_NO_PREVIEW)
            self._memory.hides_case = self._screen.has_class(_NO_PREVIEW)

    def move_preview(self) -> None:
        """Put the case at the other place: beside the list, or below it."""
        if self._case_is_shown():
            self._memory.place = "beside" if self._is_below() else "below"
            self._put_in_place()
            self._room, self._memory.side = None, ""
            self._give_room()

    def resize(self, by: int) -> None:
        """Give the case *by* cells more room, or less."""
        if not self._case_is_shown() or self.mode == "case":
            return
        pane, screen = self._pane.outer_size, self._screen.size
        if self._is_below():
            most = screen.height - _ROWS_OUTSIDE_PANE
            room: tuple[Side, int] = "height", min(max(pane.height + by, _PANE_MIN_HEIGHT), most)
        else:
            most = screen.width - _LIST_MIN_WIDTH
            room = "width", min(max(pane.width + by, _PANE_MIN_WIDTH), most)
        self._room, memory = room, self._memory
        memory.side, memory.cells = room
        memory.terminal = (screen.width, screen.height)
        self._give_room()

    def recall(self) -> None:
        """Put the case where the agent left it."""
        self._screen.set_class(self._memory.hides_case, _NO_PREVIEW)
        self._put_in_place()

    def recall_size(self) -> None:
        """Give the case the size that was chosen for a terminal of this size, or the usual one."""
        memory = self._memory
        self._room = None
        if memory.side and memory.terminal == tuple(self._screen.size):
            self._room = memory.side, memory.cells
        self._give_room()

    def _put_in_place(self) -> None:
        for place in ("below", "beside"):
            self._screen.set_class(self._memory.place == place, f"-{place}")

    def _case_is_shown(self) -> bool:
        """Return whether the case is on the screen; says how to see it if it is not."""
        if not self._pane.display:
            keys = keys_of(self._screen.app)
            self._status.say(keys.fill("The case is not shown here: {list.open} opens it."))
        return self._pane.display

    def _is_below(self) -> bool:
        return self._pane.region.y > self._sends.list.region.y

    def _give_room(self) -> None:
        """Give the case the room that the agent chose, unless it has the whole screen."""
        self._pane.styles.clear_rule("width")
        self._pane.styles.clear_rule("height")
        if self._room is not None and self.mode != "case":
            side, cells = self._room
            setattr(self._pane.styles, side, cells)
