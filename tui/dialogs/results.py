"""The result sheet: what became of each send of a change, until the agent closes it."""

from collections import Counter
from collections.abc import Sequence
from typing import ClassVar, Literal, NamedTuple

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from models.records import SendRecord
from models.rules.batches import who
from models.values.text import unnamed
from tui.dialogs.dialog import Dialog
from tui.keys import Hints
from tui.style.glyphs import Tone, plain
from tui.widgets.bindings import bindings
from tui.widgets.lines import Lines
from tui.widgets.styled_text import QUIET, colour, safe_text

Ending = Literal["retry", "undo"]
Outcome = Literal["refused", "untried", "left", "done"]
_REF = 12
_NAME = 22
_WIDE = 110
"""Columns of a terminal that has room for name and reason."""
_WORDS: dict[Outcome, tuple[str, Tone, str]] = {
    "refused": ("✗", "error", "refused"),
    "untried": ("·", "warning", "not tried"),
    "left": ("·", "muted", "left out"),
    "done": ("✓", "success", "done"),
}
"""Sign, colour and word of each outcome, in the order in which they are listed."""


class ResultLine(NamedTuple):
    """What became of one send."""

    send: SendRecord
    outcome: Outcome
    said: str
    """What was done, or why not."""


class ResultSheet(Dialog[Ending]):
    """Lists the sends, those first to which nothing was written."""

    AUTO_FOCUS = "Lines"
    BINDINGS: ClassVar = bindings("results")

    def __init__(
        self,
        title: str,
        lines: Sequence[ResultLine],
        *,
        retry: int = 0,
        undo: bool = False,
        ascii: bool = False,
    ) -> None:
        """Show what became of *lines*.

        Args:
            title: The change in words.
            lines: The sends, in the order in which they were chosen.
            retry: How many of them can be tried once more.
            undo: Whether something was written that can be taken back.
            ascii: Draw without special glyphs.
        """
        super().__init__()
        self._title = title
        order = list(_WORDS)
        self._lines = sorted(lines, key=lambda line: order.index(line.outcome))
        self._retry = retry
        self._undo = undo
        self._ascii = ascii

    def compose(self) -> ComposeResult:
        """Lay out the sums over the sends."""
        with Vertical(classes="dialog broad"):
            yield self.heading(self._title, self._sums())
            yield Lines(len(self._lines), self._line, classes="scroll part")
            yield self.foot()

    def on_mount(self) -> None:
        """Say which keys work."""
        hints: Hints = (
            *((("{results.retry}", f"try the {self._retry:,} once more"),) if self._retry else ()),
            *((("{results.undo}", "undo what was written"),) if self._undo else ()),
            ("{text.down} {text.up}", "scroll"),
            ("{dialog.back}", "close"),
        )
        self.show_keys(hints)

    def action_retry(self) -> None:
        """Try those once more that failed, if there are any."""
        if self._retry:
            self.dismiss("retry")

    def action_undo(self) -> None:
        """Take back what was written."""
        if self._undo:
            self.dismiss("undo")

    def _sums(self) -> str:
        counts = Counter(line.outcome for line in self._lines)
        words = [(counts[each], word) for each, (_, _, word) in reversed(_WORDS.items())]
        return " · ".join(f"{count:,} {word}" for count, word in words if count)

    def _line(self, place: int) -> Content:
        send, outcome, said = self._lines[place]
        sign, tone, _ = _WORDS[outcome]
        name = safe_text(f"{who(send)} ", QUIET).truncate(_NAME, ellipsis=True, pad=True)
        # Where there is no room for both, why nothing was written says more than a name.
        is_short = outcome == "done" or self.app.size.width >= _WIDE
        return Content.assemble(
            (plain(sign, self._ascii), colour(tone)),
            " ",
            safe_text(send.ref.ljust(_REF), "bold $text"),
            name if is_short else "",
            safe_text(unnamed(send.ref, said), "$text" if outcome == "done" else colour(tone)),
        )
