"""Lists with letter keys: `j` and `k` move, and in a menu each line has a letter that chooses it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tui.widgets.bindings import bindings
from tui.widgets.styled_text import KEY


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of a menu."""

    letter: str
    line: Content
    key: str
    """What choosing it answers; the id of its option."""


class KeyList(OptionList):
    """A list in which `j` and `k` move as the arrows do."""

    BINDINGS: ClassVar = bindings("menu")

    def point_at(self, key: str | None) -> None:
        """Put the cursor on the line with this *key*; without such a line there is no cursor."""
        places = {option.id: place for place, option in enumerate(self.options) if option.id}
        self.highlighted = places.get(key) if key else None


class LetterMenu(KeyList):
    """Chooses by letter, or by moving and `Enter`; posts `OptionSelected`."""

    def __init__(self, choices: Sequence[Choice], *, id: str | None = None) -> None:
        lines = (Content.assemble(" ", (each.letter, KEY), "  ", each.line) for each in choices)
        super().__init__(
            *(Option(line, id=each.key) for line, each in zip(lines, choices, strict=True)),
            id=id,
            classes="part",
            compact=True,
        )
        self._places = {each.letter: place for place, each in enumerate(choices)}

    def on_key(self, event: events.Key) -> None:
        """Let a letter choose its line."""
        place = self._places.get(event.character or "")
        if place is not None:
            event.stop()
            self.highlighted = place
            self.action_select()
