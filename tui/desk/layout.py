"""Where the list and the case are on the screen, and how the agent goes back."""

from textual import on

from tui.desk.filters import Narrowing
from tui.settings import Settings
from tui.style.themes import THEMES
from tui.widgets.bindings import keys_of
from tui.widgets.key_hints import HINTS, KeyHints
from tui.widgets.sends.send_list import SendList

_CASE_HINTS = (
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
    ("{desk.palette}", "commands"),
    ("{desk.help}", "help"),
)
_LEAST_PANE = 30
_LEAST_LIST = 40
_LEAST_ROWS = 6
_FRAME = 12
"""Rows that a case below the list leaves: to the frame, the filter and a few sends."""


class Arranging(Narrowing):
    """Gives list and case their places; the classes it sets are in desk.tcss."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._room: tuple[str, int] | None = None

    @on(SendList.Opened)
    def _open_case(self, event: SendList.Opened) -> None:
        self._show_only("-case-open")

    def show_list(self) -> None:
        """Come back from a case that hides the list."""
        if self.has_class("-case-open"):
            self._show_only("")

    def show_keys(self) -> None:
        """Say at the bottom which keys work now."""
        marked = len(self.list.marked())
        marks = (("{list.clear_marks}", f"clear {marked:,} marked"),) if marked else ()
        hints = _CASE_HINTS if self.has_class("-case-open") else HINTS
        self.query_one(KeyHints).hints = (*marks, *hints)

    @on(SendList.Marked)
    def _count_marks(self, event: SendList.Marked) -> None:
        self.show_keys()

    def action_back(self) -> None:
        """Go back by one layer: a list that is waited for, the open case, the wide list, the marks, the filter."""
        if self.list.busy:
            self.call_off()
        elif self.has_class("-case-open") or self.has_class("-list-only"):
            self._show_only("")
        elif self.list.marked() or self.list.is_ranging:
            self.list.action_clear_marks()
        elif self.focused is not self.list:
            self.list.focus()
        elif self.is_narrowed:
            self.action_clear_filter()

    def action_case_tab(self, by: int) -> None:
        """Turn the tabs of the case."""
        if self._case_is_shown():
            (self.pane.next_tab if by > 0 else self.pane.previous_tab)()

    def action_preview(self) -> None:
        """Show or hide the case beside the list."""
        if self.has_class("-no-preview") or self._case_is_shown():
            self.toggle_class("-no-preview")

    def action_place_preview(self) -> None:
        """Put the case at the other place: beside the list, or below it."""
        if self._case_is_shown():
            below = self._is_below()
            self.set_class(not below, "-below")
            self.set_class(below, "-beside")
            self._room = None
            self._give_room()

    def action_maximise(self) -> None:
        """Give the whole screen to the pane that has the focus, or take it back."""
        if self.has_class("-case-open") or self.has_class("-list-only"):
            self._show_only("")
        else:
            self._show_only("-case-open" if self.focused is self.pane else "-list-only")

    def action_wide(self) -> None:
        """Give the list the whole width, or take it back."""
        self._show_only("" if self.has_class("-list-only") else "-list-only")

    def action_resize(self, by: int) -> None:
        """Give the case more room, or less."""
        if not self._case_is_shown() or self.has_class("-case-open"):
            return
        pane, screen = self.pane.outer_size, self.size
        if self._is_below():
            self._room = "height", min(max(pane.height + by, _LEAST_ROWS), screen.height - _FRAME)
        else:
            self._room = "width", min(max(pane.width + by, _LEAST_PANE), screen.width - _LEAST_LIST)
        self._give_room()

    def action_theme(self) -> None:
        """Change to the next theme."""
        names = [theme.name for theme in THEMES]
        here = names.index(self.app.theme) if self.app.theme in names else -1
        self.app.theme = names[(here + 1) % len(names)]

    def on_resize(self) -> None:
        """Forget a size that was chosen for another terminal."""
        self._room = None
        self._give_room()

    def _show_only(self, name: str) -> None:
        """Show the case alone (`-case-open`), the list alone (`-list-only`), or both."""
        self.remove_class("-case-open", "-list-only")
        if name:
            self.add_class(name)
        self._give_room()
        self.show_keys()
        (self.pane if name == "-case-open" else self.list).focus()

    def _case_is_shown(self) -> bool:
        """Whether the case is on the screen; says how to see it if it is not."""
        if not self.pane.display:
            self.say(keys_of(self.app).fill("The case is not shown here: {list.open} opens it."))
        return self.pane.display

    def _is_below(self) -> bool:
        return self.pane.region.y > self.list.region.y

    def _give_room(self) -> None:
        """Give the case the room that the agent chose, unless it has the whole screen."""
        self.pane.styles.clear_rule("width")
        self.pane.styles.clear_rule("height")
        if self._room is not None and not self.has_class("-case-open"):
            side, cells = self._room
            setattr(self.pane.styles, side, cells)
