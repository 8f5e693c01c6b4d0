"""The export dialog: where the list goes, and in which format."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Label, Static

from models.errors import DeskError
from models.store.location import expanded
from tui.dialogs.dialog import Dialog
from tui.keys import Hints
from tui.widgets.bindings import bindings
from tui.widgets.styled_text import KEY, QUIET, safe_text


@dataclass(frozen=True, slots=True)
class Export:
    """What the agent wants written."""

    path: Path
    format: str


class ExportDialog(Dialog[Export]):
    """Asks for a path; the format follows its suffix and the arrows."""

    AUTO_FOCUS = "Input"
    TELLS_WHEN: ClassVar = True
    HINTS: ClassVar[Hints] = (
        ("enter", "write"),
        ("{export.previous} {export.next}", "format"),
        ("{dialog.back}", "cancel"),
    )
    BINDINGS: ClassVar = bindings("export")

    def __init__(
        self,
        what: str,
        path: Path,
        formats: Sequence[str] = ("csv", "jsonl", "json", "md"),
        *,
        exists: Callable[[Path], bool] = Path.exists,
    ) -> None:
        """Ask where *what* goes.

        Args:
            what: How many sends, in words.
            path: The path that is offered; its suffix says the format.
            formats: Suffixes of the known formats.
            exists: Says whether a file is there already.
        """
        super().__init__()
        self._what = what
        self._path = path
        self._formats = tuple(formats)
        self._exists = exists
        self._warned: Path | None = None

    def compose(self) -> ComposeResult:
        """Lay out the path over the formats."""
        with Vertical(classes="dialog"):
            yield self.heading("Export", self._what)
            with Horizontal(classes="row"):
                yield Label("File", classes="label")
                yield Input(str(self._path), compact=True, select_on_focus=False)
            yield Static(id="export-formats", classes="part")
            yield Static(id="export-said", classes="part")
            yield self.foot()

    def on_mount(self) -> None:
        """Show the formats."""
        self.query_one("#export-said").display = False
        self._show()

    def action_format(self, by: int) -> None:
        """Change the format, and the suffix with it."""
        place = self._formats.index(self._format) if self._format in self._formats else -by
        field = self.query_one(Input)
        following = self._formats[(place + by) % len(self._formats)]
        field.value = str(Path(field.value or "sends").with_suffix(f".{following}"))
        field.cursor_position = len(field.value)

    @on(Input.Changed)
    def _follow(self, event: Input.Changed) -> None:
        event.stop()
        self._show()

    @on(Input.Submitted)
    def _finish(self, event: Input.Submitted) -> None:
        event.stop()
        text = event.value.strip()
        try:
            path = expanded(text)
        except DeskError as problem:
            self._say(str(problem))
            return
        if not text or self._format not in self._formats:
            self._say("A file name ends in one of the formats.")
        elif self._exists(path) and self._warned != path:
            self._warned = path
            self._say("There is such a file. Enter once more writes over it.")
        else:
            self.dismiss(Export(path, self._format))

    @property
    def _format(self) -> str:
        return Path(self.query_one(Input).value.strip()).suffix.removeprefix(".").lower()

    def _show(self) -> None:
        pieces = [
            Content.styled(each, KEY if each == self._format else QUIET) for each in self._formats
        ]
        line = Content.assemble(("Format".ljust(10), QUIET), Content("   ").join(pieces))
        self.query_one("#export-formats", Static).update(line)

    def _say(self, sentence: str) -> None:
        said = self.query_one("#export-said", Static)
        said.display = True
        said.update(safe_text(sentence, "$text-warning"))
