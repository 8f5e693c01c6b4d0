"""The assign dialog: who takes care of the send."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from tui.dialogs.dialog import Dialog
from tui.keys import Hints
from tui.widgets.pick_list import Pick, PickList, containing
from tui.widgets.styled_text import QUIET, safe_text

_NOBODY = "\0nobody"
_TYPED = "\0typed"
"""Keys that no owner's name can have, as names are printable."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """The new owner."""

    owner: str
    """Empty for nobody."""


class AssignDialog(Dialog[Assignment]):
    """Asks for one of the known owners, another name, or nobody."""

    HINTS: ClassVar[Hints] = (
        ("type", "a name"),
        ("{pick.up} {pick.down}", "move"),
        ("enter", "assign"),
        ("{dialog.back}", "cancel"),
    )

    def __init__(self, what: str, owners: Sequence[str], *, me: str, current: str = "") -> None:
        super().__init__()
        self._what = what
        self._owners = owners
        self._me = me
        self._current = current

    def compose(self) -> ComposeResult:
        """Lay out the owners, the agent first and nobody last."""
        others = [owner for owner in self._owners if owner and owner != self._me]
        picks = [self._pick(owner) for owner in (self._me, *others)]
        picks.append(Pick(_NOBODY, Content.styled("nobody", QUIET), "nobody"))
        with Vertical(classes="dialog"):
            yield self.heading("Assign", self._what)
            yield PickList(picks, placeholder="to whom?", rank=_with_typed)
            yield self.foot()

    def on_mount(self) -> None:
        """Begin in the field."""
        picks = self.query_one(PickList)
        picks.add_class("part")
        picks.focus_field()

    def on_pick_list_picked(self, event: PickList.Picked) -> None:
        """Take the owner."""
        event.stop()
        match event.key:
            case "\0nobody":
                self.dismiss(Assignment(""))
            case "\0typed" | None:
                self.dismiss(Assignment(event.typed))
            case owner:
                self.dismiss(Assignment(owner))

    def _pick(self, owner: str) -> Pick:
        said = "me" if owner == self._me else ""
        said += " · owner now" if said and owner == self._current else ""
        said = said or ("owner now" if owner == self._current else "")
        line = Content.assemble(safe_text(owner, "$text", limit=60), "  ", (said, QUIET))
        return Pick(owner, line, owner)


def _with_typed(typed: str, picks: Sequence[Pick]) -> Sequence[Pick]:
    """Return the owners that fit, and the typed name itself unless it is one of them."""
    found = list(containing(typed, picks))
    name = typed.strip()
    if name and all(pick.key != name for pick in picks):
        line = Content.assemble(safe_text(name, "$text", limit=60), ("  another name", QUIET))
        found.append(Pick(_TYPED, line, name))
    return found
