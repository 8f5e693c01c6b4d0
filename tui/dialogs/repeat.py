"""The repeat dialog: what the last change would do to these sends, before it is made."""

from collections import Counter
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static

from models.records import SendRecord
from tui.dialogs.dialog import Dialog
from tui.keys import Hints
from tui.widgets.letter_menu import Choice, LetterMenu
from tui.widgets.styled_text import QUIET, safe_text, stacked, wrapped_field

_ROWS = 6
_WIDTH = 68


@dataclass(frozen=True, slots=True)
class Plan:
    """A change and the sends that it would be made to."""

    wanted: str
    """The change in words: `status Delivered`."""
    sends: tuple[tuple[SendRecord, str], ...]
    """Each with what would be replaced, as it is now; empty where something is only added."""
    left_out: int
    """How many of the chosen sends it does not apply to."""
    command: str
    """The command line that makes the same change."""


class RepeatDialog(Dialog[bool]):
    """Answers True only for an explicit yes."""

    HINTS: ClassVar[Hints] = (("y", "do it"), ("n", "leave it"), ("{dialog.back}", "leave it"))

    def __init__(self, plan: Plan, *, ascii: bool = False) -> None:
        super().__init__()
        self._plan = plan
        self._ascii = ascii

    def compose(self) -> ComposeResult:
        """Lay out the sends, the steps and the command over the answers, the safe one first."""
        first, _ = self._plan.sends[0]
        many = len(self._plan.sends)
        what = f"{many:,} sends" if many > 1 else f"{first.ref}  {first.recipient_name}"
        command = wrapped_field(
            Content(), safe_text(self._plan.command, QUIET, limit=1000), _WIDTH, lines=4
        )
        with Vertical(classes="dialog"):
            yield self.heading("Once more", what)
            yield Static(stacked(self._steps()), classes="part")
            yield Static(stacked(command), classes="part")
            yield LetterMenu(
                [Choice("n", Content("leave it"), "no"), Choice("y", Content("do it"), "yes")]
            )
            yield self.foot()

    def _steps(self) -> list[Content]:
        """Return what becomes what, the commonest first, and how many sends are left out."""
        arrow = " > " if self._ascii else " → "
        counted = Counter(before for _, before in self._plan.sends).most_common()
        lines = [
            Content.assemble(
                (f"{number:>5,} × ", QUIET),
                safe_text(before, "$text", limit=60),
                (arrow if before else "", QUIET),
                safe_text(self._plan.wanted, "bold $text", limit=60),
            )
            for before, number in counted[:_ROWS]
        ]
        if len(counted) > _ROWS:
            lines.append(Content.styled(f"      and {len(counted) - _ROWS:,} more kinds", QUIET))
        if self._plan.left_out:
            said = f"{self._plan.left_out:>5,} left out: it does not apply to them"
            lines.append(Content.styled(said, "$text-warning"))
        return lines

    @on(OptionList.OptionSelected)
    def _answer(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(event.option_id == "yes")
