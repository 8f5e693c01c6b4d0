"""Help: every key that works, found by typing, run by `Enter`; and the filter language."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from tui.dialogs.dialog import Dialog
from tui.keys import Hints
from tui.widgets.pick_list import Pick, PickList, Rank, containing, nearest
from tui.widgets.styled_text import KEY, QUIET, safe_text

_FILTER = "filter:"


@dataclass(frozen=True, slots=True)
class KeyHelp:
    """One key, or one command without a key."""

    key: str
    """As agents press it: `s`, `space`, `ctrl+d`; empty if it has none."""
    command: str
    """The id that running it answers."""
    description: str
    group: str = ""
    help: str = ""
    """What more there is to say: the command that does the same, or what a view lists."""


def _rows(keys: Sequence[KeyHelp], width: int, *, grouped: bool) -> list[Pick]:
    """Return a line for each of *keys*; *width* is the room for what is pressed."""
    return [
        Pick(
            each.command,
            Content.assemble(
                " ",
                safe_text(each.key.ljust(width), KEY),
                safe_text(each.description, "$text"),
            ),
            f"{each.description}\n{each.key}\n{each.help}\n{each.group}",
            each.group if grouped else "",
            each.help,
        )
        for each in keys
    ]


def _width(keys: Iterable[str]) -> int:
    """Return the room that the longest of *keys* takes, with a gap after it."""
    return max(map(len, keys), default=0) + 2


def _filters(filters: Mapping[str, str], width: int) -> list[Pick]:
    """Return the keys and flags of the filter language, in *width* cells each."""
    return [
        Pick(
            f"{_FILTER}{name}",
            Content.assemble(" ", safe_text(name.ljust(width), KEY), safe_text(said, "$text")),
            f"{name}\n{said}\nfilter",
            "Filter language  (Enter starts a filter)",
            said,
        )
        for name, said in filters.items()
    ]


class _Finder(Dialog[str]):
    """A list of commands that typing narrows; answers the id of the one to run."""

    HINTS: ClassVar[Hints] = (
        ("type", "to find"),
        ("{pick.up} {pick.down}", "move"),
        ("enter", "run"),
        ("{dialog.back}", "close"),
    )
    TITLE_LINE: ClassVar[str] = ""
    ASKS: ClassVar[str] = ""

    def __init__(self, picks: Sequence[Pick], rank: Rank = containing) -> None:
        super().__init__()
        self._picks = picks
        self._rank = rank

    def compose(self) -> ComposeResult:
        """Lay out the field over the commands."""
        with Vertical(classes="dialog wide"):
            yield self.heading(self.TITLE_LINE)
            yield PickList(self._picks, placeholder=self.ASKS, rank=self._rank)
            yield Static(id="finder-help", classes="part")
            yield self.foot()

    def on_mount(self) -> None:
        """Begin in the field."""
        picks = self.query_one(PickList)
        picks.add_class("part")
        picks.focus_field()

    def on_pick_list_moved(self, event: PickList.Moved) -> None:
        """Say below the list what more there is to say of its line."""
        event.stop()
        said = event.pick.help if event.pick else ""
        self.query_one("#finder-help", Static).update(safe_text(said, QUIET))

    def on_pick_list_picked(self, event: PickList.Picked) -> None:
        """Answer the command; nothing that fits answers nothing."""
        event.stop()
        if event.key is not None:
            self.dismiss(event.key)


class HelpScreen(_Finder):
    """Lists keys by group, then the filter language.

    Answers the id of a command, or `filter:` and a key or flag to start a filter with.
    """

    TITLE_LINE = "Keys and filters"
    ASKS = "what do you want to do?"

    def __init__(self, keys: Sequence[KeyHelp], filters: Mapping[str, str]) -> None:
        """Show *keys*, and *filters*: what each key or flag of the filter language finds."""
        width = _width([*(each.key for each in keys), *filters])
        super().__init__([*_rows(keys, width, grouped=True), *_filters(filters, width)])


class CommandPalette(_Finder):
    """Finds a command by a few letters of its name; its key stands beside it."""

    TITLE_LINE = "Commands"
    ASKS = "a command, a view, a setting"

    def __init__(self, commands: Sequence[KeyHelp]) -> None:
        width = _width(each.key for each in commands)
        super().__init__(_rows(commands, width, grouped=False), _or_moment)


def _or_moment(typed: str, picks: Sequence[Pick]) -> Sequence[Pick]:
    """Return what `nearest` does; `at Tue 17:00` is a command of its own, whatever the moment is."""
    word, _, moment = typed.strip().partition(" ")
    if word.lower() != "at" or not moment.strip():
        return nearest(typed, picks)
    line = Content.assemble(" ", safe_text(f"Show the desk as it was: {moment.strip()}", "$text"))
    return [Pick(f"at:{moment.strip()}", line, typed)]
