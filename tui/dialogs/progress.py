"""How far long work has come; it can be stopped."""

from collections.abc import Callable

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from tui.dialogs.dialog import Dialog
from tui.style.glyphs import plain
from tui.widgets.styled_text import QUIET, stacked

_LOOK_EVERY = 0.1
"""Seconds between two looks at how far it has come."""
_WIDTH = 68


class ProgressDialog(Dialog[None]):
    """Stays until whoever opened it closes it; `Esc` and `Ctrl+C` ask to stop."""

    def __init__(
        self,
        title: str,
        total: int,
        done: Callable[[], int],
        stop: Callable[[], None],
        *,
        counted: str = "",
        hint: str = "stop after what is written",
        ascii: bool = False,
    ) -> None:
        """Show how far *title* has come.

        Args:
            title: What is done, in words.
            total: To how many sends, or in how many parts.
            done: Returns how many of them are done, or refused.
            stop: Has the work end where what is done can be told.
            counted: What is counted, if that is not sends.
            hint: What the keys do that stop it.
            ascii: Draw without special glyphs.
        """
        super().__init__()
        self._counted = counted
        self._hint = hint
        self._title = title
        self._total = total
        self._done = done
        self._stop = stop
        self._ascii = ascii
        self._stopping = False
        self._has_said = False

    def compose(self) -> ComposeResult:
        """Lay out the bar."""
        with Vertical(classes="dialog"):
            sends = "1 send" if self._total == 1 else f"{self._total:,} sends"
            yield self.heading(self._title, "" if self._counted else sends)
            yield Static(self._progress(), id="progress-bar", classes="part")
            yield self.foot()

    def on_mount(self) -> None:
        """Follow the work."""
        self.show_keys((("{dialog.back} ctrl+c", self._hint),))
        self.set_interval(_LOOK_EVERY, self._look)

    def action_back(self) -> None:
        """Ask to stop."""
        self._stopping = True
        self._stop()
        self._look()

    def on_key(self, event: events.Key) -> None:
        """Say once that other keys than those at the foot are not taken."""
        if event.key not in self.active_bindings and not self._has_said:
            self._has_said = True
            said = (
                "Keys pressed while this goes on are not taken: press them again when it has ended."
            )
            self.app.notify(said, severity="warning")

    def _look(self) -> None:
        self.query_one("#progress-bar", Static).update(self._progress())

    def _progress(self) -> Content:
        done = self._done()
        full = _WIDTH * done // max(self._total, 1)
        bar = Content.assemble(
            (plain("━", self._ascii) * full, "$text-primary"),
            (plain("─", self._ascii) * (_WIDTH - full), QUIET),
        )
        count = f"{done} {self._counted}" if self._counted else f"{done:,} of {self._total:,}"
        written = "stopping…" if self._counted else "stopping once this part is written…"
        said = written if self._stopping else ""
        return stacked([bar, Content.styled(f"{count}   {said}", QUIET)])
