"""The release dialog: an override ends, or, where the platform contradicts it, is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Label, OptionList, Static

from models.providers import catalogue
from models.records import SendRecord
from models.rules.batches import who
from tui.dialogs.dialog import Dialog
from tui.dialogs.status_text import sign
from tui.keys import Hints
from tui.widgets.letter_menu import Choice, LetterMenu
from tui.widgets.styled_text import QUIET, safe_text, stacked, wrapped_field

_LONGEST_REASON = 500
_WIDTH = 68
_KEEP, _RELEASE = "keep", "release"


@dataclass(frozen=True, slots=True)
class ReleaseAnswer:
    """What becomes of the override."""

    keep: bool
    """True to confirm the override against the platform's newer word; False to end it."""
    reason: str
    """Never empty for an override that is kept."""


class ReleaseDialog(Dialog[ReleaseAnswer]):
    """Shows both statuses and asks which one counts from now on."""

    AUTO_FOCUS = "LetterMenu"
    HINTS: ClassVar[Hints] = (("a letter", "chooses"), ("{dialog.back}", "cancel"))

    def __init__(self, sends: Sequence[SendRecord], *, ascii: bool = False) -> None:
        """Ask about *sends*, at least one, each of which has an override."""
        super().__init__()
        self._sends = tuple(sends)
        self._ascii = ascii
        self._contested = any(send.contested for send in sends)
        self._keep = False

    def compose(self) -> ComposeResult:
        """Lay out both statuses, the choice and the reason."""
        one = self._sends[0]
        many = len(self._sends) > 1
        what = f"{len(self._sends):,} sends" if many else f"{one.ref}  {who(one)}"
        title = "The platform disagrees" if self._contested else "Release the override"
        with Vertical(classes="dialog"):
            yield self.heading(title, what)
            yield Static(Content() if many else self._both(one), classes="part")
            yield LetterMenu(self._choices(one, many=many))
            with Horizontal(classes="row"):
                yield Label("Reason", classes="label")
                yield Input(placeholder="why?", compact=True, max_length=_LONGEST_REASON)
            yield Static(id="release-said", classes="part")
            yield self.foot()

    def on_mount(self) -> None:
        """Begin with the choice."""
        self._open_reason(False)

    def action_back(self) -> None:
        """Go back to the choice, or leave."""
        if self.query_one(".row").display:
            self._open_reason(False)
        else:
            self.dismiss(None)

    @on(OptionList.OptionSelected)
    def _choose(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self._keep = event.option_id == _KEEP
        self._open_reason(True)

    @on(Input.Submitted)
    def _finish(self, event: Input.Submitted) -> None:
        event.stop()
        reason = event.value.strip()
        if self._keep and not reason:
            said = Content.styled("An override that is kept needs a reason.", "$text-warning")
            self.query_one("#release-said", Static).update(said)
        else:
            self.dismiss(ReleaseAnswer(self._keep, reason))

    def _both(self, send: SendRecord) -> Content:
        mine = catalogue.status(send.provider, send.override_status or send.status)
        theirs = catalogue.status(send.provider, send.provider_status)
        by = safe_text(f"  by {send.override_by}" if send.override_by else "", QUIET, limit=60)
        raw = safe_text(f"  {send.provider_raw}" if send.provider_raw else "", QUIET, limit=60)
        rows = [
            ("Override", sign(mine, ascii=self._ascii) + by),
            ("Because", safe_text(send.override_reason, "$text", limit=300)),
            ("Platform", sign(theirs, ascii=self._ascii) + raw),
        ]
        lines: list[Content] = []
        for name, value in rows:
            lines += wrapped_field(Content.styled(name.ljust(10), QUIET), value, _WIDTH)
        return stacked(lines)

    def _choices(self, one: SendRecord, *, many: bool) -> list[Choice]:
        theirs = "the platform's status" if many else ""
        theirs = theirs or catalogue.status(one.provider, one.provider_status).label
        choices = [Choice("R", Content(f"release: {theirs} shows again"), _RELEASE)]
        if self._contested:
            mine = "the overrides" if many else ""
            mine = mine or catalogue.status(one.provider, one.override_status or one.status).label
            choices.insert(0, Choice("s", Content(f"keep {mine}"), _KEEP))
        return choices

    def _open_reason(self, is_open: bool) -> None:
        self.query_one(".row").display = is_open
        self.query_one("#release-said").display = is_open
        if not is_open:
            self.query_one(LetterMenu).focus()
            self.show_keys(self.HINTS)
            return
        field = self.query_one(Input)
        field.placeholder = "why? it stays in the history" if self._keep else "why? may stay empty"
        field.focus()
        done = "keep the override" if self._keep else "release the override"
        self.show_keys((("enter", done), ("{dialog.back}", "choose again")))
