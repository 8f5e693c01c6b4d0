"""The theme dialog: the colours of the desk, which the desk behind it shows at once."""

from collections.abc import Callable, Mapping
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import OptionList

from tui.dialogs.dialog import Dialog
from tui.dialogs.status_text import letters
from tui.keys import Hints
from tui.widgets.letter_menu import Choice, LetterMenu
from tui.widgets.styled_text import safe_text


class ThemeDialog(Dialog[str]):
    """Asks for a theme by its name; the one under the cursor is tried out."""

    HINTS: ClassVar[Hints] = (
        ("enter", "keep"),
        ("{menu.down} {menu.up}", "try another"),
        ("{dialog.back}", "as it was"),
    )

    def __init__(
        self, themes: Mapping[str, str], now: str, *, preview: Callable[[str], object]
    ) -> None:
        """Offer *themes*, their labels by name; *preview* is called with each that is tried out."""
        super().__init__()
        self._themes = themes
        self._now = now
        self._preview = preview

    def compose(self) -> ComposeResult:
        """Lay out one line for each theme."""
        given = letters(self._themes.values())
        with Vertical(classes="dialog narrow"):
            yield self.heading("Theme")
            yield LetterMenu(
                [
                    Choice(letter, safe_text(label), name)
                    for letter, (name, label) in zip(given, self._themes.items(), strict=True)
                ]
            )
            yield self.foot()

    def on_mount(self) -> None:
        """Begin with the theme that there is."""
        self.query_one(LetterMenu).point_at(self._now)

    @on(OptionList.OptionHighlighted)
    def _try(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        self._preview(event.option_id or self._now)

    @on(OptionList.OptionSelected)
    def _choose(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(event.option_id)
