"""A list that is narrowed by typing: the cursor stays in the field, the arrows move the list."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from tui.widgets.bindings import bindings
from tui.widgets.styled_text import QUIET


@dataclass(frozen=True, slots=True)
class Pick:
    """One line of the list."""

    key: str
    """What choosing it answers."""
    line: Content
    searched: str
    """What typing is compared with: the names of the pick, one a line, the usual one first."""
    group: str = ""
    """A heading over the lines that share it; they stand together."""
    help: str = ""
    """What more there is to say of it than has room in the line."""


_NO_FIT = 4
"""The rank of a pick that does not contain what was typed."""
_NEAR_ENOUGH = 78
"""The least similarity that counts, of 100."""

Rank = Callable[[str, Sequence[Pick]], Sequence[Pick]]
"""Returns the picks that fit what was typed, the best first."""


def containing(typed: str, picks: Sequence[Pick]) -> Sequence[Pick]:
    """Return the picks that contain every typed word, those first whose names begin with what was typed.

    The order is: a name that is just what was typed, one that begins with it, words that begin with
    the typed words, any other place. Within each the picks keep their order.
    """
    wanted = " ".join(typed.casefold().split())
    ranked = [(_rank_of(wanted, pick), pick) for pick in picks]
    return [pick for rank, pick in sorted(ranked, key=lambda each: each[0]) if rank < _NO_FIT]


def _rank_of(wanted: str, pick: Pick) -> int:
    """Return how well *pick* fits what is *wanted*; 0 is best."""
    if not wanted:
        return 0
    searched = pick.searched.casefold()
    words = wanted.split()
    if not all(word in searched for word in words):
        return _NO_FIT
    names = searched.split("\n")
    if wanted in names:
        return 0
    if any(name.startswith(wanted) for name in names):
        return 1
    met = searched.split()
    return 2 if all(any(each.startswith(word) for each in met) for word in words) else 3


def nearest(typed: str, picks: Sequence[Pick]) -> Sequence[Pick]:
    """Return the picks that resemble what was typed, the nearest first; all if nothing was."""
    if not typed.strip():
        return picks
    from rapidfuzz import fuzz, process

    exact = containing(typed, picks)
    found = process.extract(
        typed.casefold(),
        [pick.searched.casefold() for pick in picks],
        scorer=fuzz.partial_ratio,
        score_cutoff=_NEAR_ENOUGH,
        limit=20,
    )
    return [*exact, *(picks[place] for _, _, place in found if picks[place] not in exact)]


class PickField(Input):
    """The field of a pick list."""

    BINDINGS: ClassVar = bindings("pick")

    async def action_point(self, move: str) -> None:
        """Move the cursor of the list."""
        await self.query_ancestor(PickList).query_one(OptionList).run_action(move)


class PickList(Vertical):
    """A field over the lines that fit what is typed."""

    @dataclass
    class Picked(Message):
        """A line was chosen; *key* is None when nothing fitted what was *typed*."""

        key: str | None
        typed: str

    @dataclass
    class Moved(Message):
        """The cursor is on another line; *pick* is None when nothing fits what was typed."""

        pick: Pick | None

    def __init__(
        self, picks: Sequence[Pick], *, placeholder: str = "", rank: Rank = containing
    ) -> None:
        super().__init__()
        self._picks = tuple(picks)
        self._placeholder = placeholder
        self._rank = rank
        self._shown: Sequence[Pick] = ()

    def compose(self) -> ComposeResult:
        """Lay the field out over the lines."""
        yield PickField(placeholder=self._placeholder, compact=True, max_length=200)
        yield OptionList(compact=True)

    def on_mount(self) -> None:
        """Show every line; only the field takes the focus."""
        self.query_one(OptionList).can_focus = False
        self._show("")

    def focus_field(self) -> None:
        """Put the cursor in the field."""
        self.query_one(PickField).focus()

    @on(Input.Changed)
    def _narrow(self, event: Input.Changed) -> None:
        event.stop()
        self._show(event.value)

    @on(Input.Submitted)
    def _pick(self, event: Input.Submitted) -> None:
        event.stop()
        self._answer(self.query_one(OptionList).highlighted_option)

    @on(OptionList.OptionHighlighted)
    def _tell(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        self.post_message(
            self.Moved(self._shown[int(event.option.id)] if event.option.id else None)
        )

    @on(OptionList.OptionSelected)
    def _pick_clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self._answer(event.option)

    def _answer(self, option: Option | None) -> None:
        """Report the choice. Options are identified by number, since two picks may have the same key."""
        key = self._shown[int(option.id)].key if option and option.id else None
        self.post_message(self.Picked(key, self.query_one(PickField).value.strip()))

    def _show(self, typed: str) -> None:
        options = self.query_one(OptionList)
        self._shown = self._rank(typed, self._picks)
        options.set_options(_lines(self._shown, headings=not typed.strip()))
        options.highlighted = None
        options.action_first()


def _lines(picks: Sequence[Pick], *, headings: bool) -> list[Option]:
    """Return the lines, with *headings* wherever another group begins.

    What was typed puts the best first, whatever its group is.
    """
    options: list[Option] = []
    group = ""
    for place, pick in enumerate(picks):
        if headings and pick.group != group:
            group = pick.group
            options.append(Option(Content.styled(group, QUIET), disabled=True))
        options.append(Option(pick.line, id=str(place)))
    if not options:
        options.append(Option(Content.styled("nothing like that", QUIET), disabled=True))
    return options
