"""The preview: what a change would do to several sends, before it is made."""

from collections.abc import Iterable, Iterator
from typing import ClassVar, Literal

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import OptionList, Static

from models.rules.batches import who
from tui.dialogs.dialog import Dialog
from tui.keys import Hints
from tui.preview import Judged, Preview, reasons, steps
from tui.style.glyphs import plain
from tui.widgets.letter_menu import Choice, LetterMenu
from tui.widgets.lines import Lines, TextKeys
from tui.widgets.styled_text import QUIET, safe_text, stacked, wrapped_field

Consent = Literal["usual", "all"]
"""To which sends the change is made: those about which there is nothing to say, or the unusual ones too."""
_ROWS_AROUND = 11
"""Rows of the dialog beside the sums: frame, heading, four answers, keys, and the blanks between."""
_WIDTH = 68
_REF = 12
_NAME = 20


class PreviewText(TextKeys, VerticalScroll, can_focus=True):
    """The sums, which scroll where they are higher than the screen."""


class PreviewDialog(Dialog[Consent]):
    """Shows what becomes of what, what is unusual and what is left out; answers to which sends it is made."""

    AUTO_FOCUS = "LetterMenu"
    HINTS: ClassVar[Hints] = (
        ("a letter", "chooses"),
        ("tab", "scroll"),
        ("{dialog.back}", "leave it"),
    )

    def __init__(
        self, title: str, what: str, preview: Preview, *, command: str = "", ascii: bool = False
    ) -> None:
        """Show *preview*.

        Args:
            title: The change in words.
            what: To which sends it would be made: `45 sends`.
            preview: The sends, judged.
            command: The command line that makes the same change; empty if it would be too long.
            ascii: Draw without special glyphs.
        """
        super().__init__()
        self._title = title
        self._what = what
        self._preview = preview
        self._command = command
        self._ascii = ascii

    def compose(self) -> ComposeResult:
        """Lay out the sums over the answers, the safe one first; the sends wait to be looked at."""
        with Vertical(classes="dialog"):
            yield self.heading(self._title, self._what)
            with PreviewText(classes="part sums"):
                yield Static(stacked(self._sums(self._rows)), id="sums")
            yield Lines(len(self._preview.all), self._line, classes="scroll part")
            yield LetterMenu(list(self._choices()))
            yield self.foot()

    def on_mount(self) -> None:
        """Begin with the sums."""
        self._give_room()
        self._show_sends(False)

    def on_resize(self) -> None:
        """Sum up in as many rows as there are now."""
        self._give_room()
        self.query_one("#sums", Static).update(stacked(self._sums(self._rows)))

    @property
    def _rows(self) -> int:
        """The rows that the answers leave."""
        return max(self.app.size.height - _ROWS_AROUND, 2)

    def _give_room(self) -> None:
        self.query_one(PreviewText).styles.max_height = self._rows
        self.query_one(Lines).styles.max_height = self._rows

    def action_back(self) -> None:
        """Go back to the sums, or leave."""
        if self.query_one(Lines).display:
            self._show_sends(False)
        else:
            self.dismiss(None)

    @on(OptionList.OptionSelected)
    def _answer(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        match event.option_id:
            case "usual":
                self.dismiss("usual")
            case "all":
                self.dismiss("all")
            case "sends":
                self._show_sends(not self.query_one(Lines).display)
            case _:
                self.dismiss(None)

    def _choices(self) -> Iterator[Choice]:
        usual, unusual = len(self._preview.usual), len(self._preview.unusual)
        yield Choice("n", Content("leave it"), "no")
        if usual:
            rest = f", leave out the {unusual:,} unusual" if unusual else ""
            yield Choice("y", Content(f"do it: {_sends(usual)}{rest}"), "usual")
        if unusual:
            all_ = usual + unusual
            said = f"do it all the same: {_sends(all_)}" + (", the unusual too" if usual else "")
            yield Choice("a", Content(said), "all")
        if len(self._preview.all) > 1:
            yield Choice("l", Content("look at each send"), "sends")

    def _show_sends(self, shown: bool) -> None:
        self.query_one(Lines).display = shown
        self.query_one(PreviewText).display = not shown
        back = "back" if shown else "leave it"
        self.show_keys((("a letter", "chooses"), ("tab", "scroll"), ("{dialog.back}", back)))

    def _sums(self, rows: int) -> list[Content]:
        """Return what becomes of what, then what speaks against it, in about as many *rows*."""
        preview = self._preview
        parts = 1 + bool(preview.unusual) + bool(preview.refused)
        most = max((rows - 2 * (parts - 1)) // parts - 1, 1)
        lines = list(self._steps(preview.possible, most))
        if not lines:
            lines.append(Content.styled("Nothing can be done to these sends.", "$text-warning"))
        if preview.unusual:
            lines += [Content(), Content.styled("Unusual", "bold $text-warning")]
            lines += _reasons(preview.unusual, most)
        if preview.refused:
            lines += [Content(), Content.styled("Left out: it cannot be done", "bold $text-error")]
            lines += _reasons(preview.refused, most)
        if self._command:
            command = safe_text(self._command, QUIET, limit=1000)
            lines += [Content(), *wrapped_field(Content(), command, _WIDTH, lines=4)]
        return lines

    def _steps(self, judged: Iterable[Judged], most: int) -> Iterator[Content]:
        counted = steps(judged)
        for (before, after), number in counted[:most]:
            yield _number(number) + self._step(before, after)
        if len(counted) > most:
            rest = sum(number for _, number in counted[most:])
            yield _number(rest) + Content.styled(f"in {len(counted) - most:,} more ways", QUIET)

    def _step(self, before: str, after: str) -> Content:
        arrow = f" {plain('→', self._ascii)} " if before else ""
        return Content.assemble(
            safe_text(before, "$text", limit=60),
            (arrow, QUIET),
            safe_text(after, "bold $text", limit=60),
        )

    def _line(self, place: int) -> Content:
        """Return one send: what becomes of it, or why it is left out."""
        send, verdict = self._preview.all[place].send, self._preview.all[place].verdict
        style = "$text-error" if verdict.is_refused else "$text-warning" if verdict.why else QUIET
        said = (
            safe_text(verdict.why, style)
            if verdict.why
            else self._step(*self._preview.all[place].step)
        )
        return Content.assemble(
            safe_text(send.ref.ljust(_REF), "bold $text"),
            safe_text(who(send), QUIET).truncate(_NAME, ellipsis=True, pad=True),
            "  ",
            said,
        )


def _reasons(judged: Iterable[Judged], most: int) -> list[Content]:
    counted = reasons(judged)
    lines = [_number(number) + safe_text(why, "$text", limit=160) for why, number in counted[:most]]
    if len(counted) > most:
        more = f"and {len(counted) - most:,} more reasons"
        lines.append(Content.styled(f"{'':9}{more}", QUIET))
    return lines


def _number(count: int) -> Content:
    return Content.styled(f"{count:>6,} × ", QUIET)


def _sends(count: int) -> str:
    return f"{count:,} send" if count == 1 else f"{count:,} sends"
