"""The log of changes: who did what to which send, newest first, and a filter over it."""

import re
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.events import Resize
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from models.errors import BadQuery, DeskError
from models.values.local_time import LocalTime
from tui.dialogs.dialog import Dialog
from tui.keys import Hints
from tui.widgets.bindings import bindings
from tui.widgets.letter_menu import KeyList
from tui.widgets.styled_text import QUIET, STRUCK, safe_text

if TYPE_CHECKING:
    from models.reading.activity import Activity

_NARROW = 60
"""Cells of a terminal below which only what was done to which send has room in a line."""
_BROAD = 100
"""Cells from which the recipient has room too; the line below the list always names them."""
_WHO = 10
_REF = 10
_NAME = 16
_LONGEST_FILTER = 500
_AHEAD = 50
"""How far from the end of what is read the cursor may be before more is read."""
MINE = "by:@me"
_BY = re.compile(r'(?<!\S)by:("[^"]*"|\S*)', re.IGNORECASE)
EXAMPLE = "by:jo verb:set since:7d until:fri send:S-104233"
Read = Callable[[str, "Activity | None"], Awaitable["tuple[Activity, ...]"]]
"""Returns the entries of a filter behind the one given, or the newest; none if there are no more.

It may raise a `DeskError`.
"""

Run = Callable[[Callable[[], Awaitable[None]]], object]
"""Runs a job beside the screen, in place of the one before if that is not done."""


class LogDialog(Dialog[str]):
    """Shows the log, the agent's own first; answers the short id of the send to go to."""

    AUTO_FOCUS = "KeyList"
    BINDINGS: ClassVar = bindings("log")
    TELLS_WHEN: ClassVar = True
    HINTS: ClassVar[Hints] = (
        ("enter", "go to the send"),
        ("{log.turn}", "mine or everyone's"),
        ("{log.filter}", "filter"),
        ("{dialog.back}", "close"),
    )
    FIELD_HINTS: ClassVar[Hints] = (("enter", "show these"), ("{dialog.back}", "back to the list"))
    """The keys while a filter is typed."""

    def __init__(self, read: Read, run: Run, *, local: LocalTime) -> None:
        super().__init__()
        self._read = read
        self._run = run
        self._local = local
        self._filter = MINE
        self._log: list[Activity] = []
        self._is_all = True
        self._laid_out: tuple[bool, ...] = ()

    def compose(self) -> ComposeResult:
        """Lay out the filter over the list."""
        with Vertical(classes="dialog wide broad"):
            yield self.heading("")
            yield Input(
                self._filter, placeholder=EXAMPLE, compact=True, max_length=_LONGEST_FILTER,
                id="log-filter", classes="part",
            )  # fmt: skip
            yield Static(classes="part", id="log-said")
            yield KeyList(compact=True, classes="part")
            yield Static(id="log-entry", classes="part")
            yield self.foot()

    def on_mount(self) -> None:
        """Begin with the agent's own."""
        self.query_one("#log-said").display = False
        self._show(self._filter)

    def on_resize(self, event: Resize) -> None:
        """Lay the lines out for another width."""
        if self._layout != self._laid_out and self._log:
            options = self.query_one(KeyList)
            here = options.highlighted
            self._write("")
            options.highlighted = here

    def action_turn(self) -> None:
        """Show what everyone did, or again what the agent did; the rest of the filter stays."""
        others = " ".join(_BY.sub(" ", self._filter).split())
        self._show(others if self._is_mine else f"{MINE} {others}".rstrip())

    def action_filter(self) -> None:
        """Let the agent type another filter."""
        self.query_one(Input).focus()
        self.show_keys(self.FIELD_HINTS)

    def action_back(self) -> None:
        """Go back to the list from the field; from the list close the log."""
        if self.query_one(Input).has_focus:
            self.query_one(Input).value = self._filter
            self._say("")
            self._to_list()
        else:
            super().action_back()

    @on(Input.Submitted)
    def _submit(self, event: Input.Submitted) -> None:
        event.stop()
        self._show(" ".join(event.value.split()))

    @on(OptionList.OptionHighlighted)
    def _moved(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        if self._log:
            self._tell(self._log[event.option_index])
        if not self._is_all and event.option_index >= len(self._log) - _AHEAD:
            # Until it is read, nothing more is asked for.
            self._is_all = True
            self._run(self._read_more)

    @on(OptionList.OptionSelected)
    def _choose(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(self._log[event.option_index].ref)

    def _show(self, wanted: str) -> None:
        self._is_all = True
        self._run(partial(self._read_first, wanted))

    async def _read_first(self, wanted: str) -> None:
        """Show the newest entries of a filter; one that cannot be read leaves the list as it is."""
        found = await self._asked(wanted, None)
        if found is None:
            # What was being read of the list that stays was given up.
            self._is_all = not self._log
            return
        self._filter, self._log = wanted, list(found)
        self._is_all = not found
        self._say("")
        field, options = self.query_one(Input), self.query_one(KeyList)
        field.value = wanted
        nothing = "Nothing yet." if wanted in ("", MINE) else "Nothing that fits."
        self._write(nothing)
        options.highlighted = 0 if found else None
        if not found:
            self.query_one("#log-entry", Static).update("")
        self._to_list()
        self._head()

    def _write(self, nothing: str) -> None:
        """Write the entries that are read, for the width that there is; without any, *nothing*."""
        self._laid_out = self._layout
        none = Option(Content.styled(nothing, QUIET), disabled=True)
        self.query_one(KeyList).set_options(self._lines(self._log) or [none])

    @property
    def _layout(self) -> tuple[bool, ...]:
        """Whether a line has room for the whole date, for who did it, for the recipient."""
        width = self.app.size.width
        return width >= _NARROW, width >= _NARROW and not self._is_mine, width >= _BROAD

    @property
    def _is_mine(self) -> bool:
        return MINE in self._filter.split()

    async def _read_more(self) -> None:
        wanted = self._filter
        found = await self._asked(wanted, self._log[-1])
        if found and wanted == self._filter:
            self._log += found
            self.query_one(KeyList).add_options(self._lines(found))
            self._head()
            self._is_all = False

    async def _asked(self, wanted: str, after: "Activity | None") -> "tuple[Activity, ...] | None":
        """Return the entries; None if they cannot be read, which is said, or if the log was closed."""
        try:
            found = await self._read(wanted, after)
            return found if self.is_attached else None
        except DeskError as error:
            if self.is_attached:
                self._say(f"{error} {error.hint}" if isinstance(error, BadQuery) else str(error))
            return None

    def _head(self) -> None:
        title = {MINE: "What I did", "": "What everyone did"}.get(self._filter, "The log")
        count = len(self._log)
        self.change_heading(title, f"the last {count:,}, newest first" if count else "")

    def _to_list(self) -> None:
        self.query_one(KeyList).focus()
        self.show_keys(self.HINTS)

    def _say(self, problem: str) -> None:
        said = self.query_one("#log-said", Static)
        said.update(safe_text(problem, "$text-warning"))
        said.display = bool(problem)

    def _lines(self, log: "Sequence[Activity]") -> list[Option]:
        return [Option(self._line(each)) for each in log]

    def _tell(self, change: "Activity") -> None:
        """Write below the list what its line may have no room for: all of an entry."""
        who = safe_text(f"{change.actor}, {change.recipient_name}: ", QUIET, limit=120)
        self.query_one("#log-entry", Static).update(Content.assemble(who, self._said(change)))

    def _line(self, change: "Activity") -> Content:
        has_date, has_who, has_name = self._layout
        local = self._local
        when = local.words(change.at) if has_date else f"{local.brief_words(change.at):>6}"
        return Content.assemble(
            (f"{when}  ", QUIET),
            _column(change.actor, "$text", _WHO) if has_who else "",
            _column(change.ref, "$text-primary", _REF),
            _column(change.recipient_name, QUIET, _NAME) if has_name else "",
            self._said(change),
        )

    def _said(self, change: "Activity") -> Content:
        further = "".join(f" · {each}" for each in change.further(self._local))
        reason = f" – {change.reason}" if change.reason else ""
        said, why = (STRUCK, STRUCK) if change.is_undone else ("$text", QUIET)
        return Content.assemble(
            safe_text(change.said, said, limit=60),
            safe_text(further, why, limit=200),
            safe_text(reason, why, limit=200),
        )


def _column(value: str, style: str, width: int) -> Content:
    return safe_text(value, style).truncate(width, ellipsis=True, pad=True) + "  "
