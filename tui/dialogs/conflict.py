"""The conflict dialog: another agent changed the send first; nothing has been overwritten."""

from collections.abc import Iterator, Sequence
from typing import ClassVar, Literal

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static

from models.providers import catalogue
from models.records import Event, SendRecord
from models.rules.event_words import from_to, who_did
from models.values.local_time import LocalTime
from tui.dialogs.dialog import Dialog
from tui.dialogs.status_text import sign
from tui.keys import Hints
from tui.widgets.letter_menu import Choice, LetterMenu
from tui.widgets.styled_text import QUIET, safe_text, stacked, wrapped_field

Resolution = Literal["theirs", "mine"]
_WIDTH = 68
_LABEL = 12
_CHANGES_SHOWN = 4


class ConflictDialog(Dialog[Resolution]):
    """Shows what the agent saw, what it is now, and what the agent wanted."""

    HINTS: ClassVar[Hints] = (("a letter", "chooses"), ("{dialog.back}", "cancel"))

    def __init__(
        self,
        seen: SendRecord,
        theirs: SendRecord | None,
        wanted: str,
        changes: Sequence[Event] = (),
        *,
        local: LocalTime,
        ascii: bool = False,
    ) -> None:
        """Ask what counts.

        Args:
            seen: The send as the agent saw it.
            theirs: The send as it is now; None if it is gone, which leaves nothing to apply to.
            wanted: The agent's change in words: `status Delivered`, `owner jo`.
            changes: What has happened to it since the agent saw it, the newest first.
            local: The present of the agent.
            ascii: Draw without special glyphs.
        """
        super().__init__()
        self._seen = seen
        self._theirs = theirs
        self._wanted = wanted
        self._changes = tuple(changes)
        self._local = local
        self._ascii = ascii

    def compose(self) -> ComposeResult:
        """Lay out the three states over the choice, the harmless one first."""
        choices = [Choice("t", Content("keep theirs"), "theirs")]
        if self._theirs is not None:
            choices.append(Choice("m", Content("apply mine anyway"), "mine"))
        choices.append(Choice("c", Content.styled("cancel", QUIET), "cancel"))
        with Vertical(classes="dialog"):
            yield self.heading("This send has changed since you looked", self._seen.ref)
            yield Static(self._states(), classes="part")
            yield LetterMenu(choices)
            yield self.foot()

    @on(OptionList.OptionSelected)
    def _choose(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        match event.option_id:
            case "theirs":
                self.dismiss("theirs")
            case "mine":
                self.dismiss("mine")
            case _:
                self.dismiss(None)

    def _since(self) -> Iterator[tuple[str, Content]]:
        """Yield who has changed what, from what to what, when and why: the newest changes first."""
        provider = self._seen.provider
        label = "Since then"
        for event in self._changes[:_CHANGES_SHOWN]:
            step = from_to(provider, event)
            line = Content.assemble(
                (f"{self._local.words(event.recorded_at)}  ", QUIET),
                safe_text(who_did(provider, event), "bold $text", limit=120),
                safe_text(f"  {step}" if step else "", "$text", limit=120),
            )
            if event.reason:
                line += safe_text(f"  “{event.reason}”", QUIET, limit=200)
            yield label, line
            label = ""
        more = len(self._changes) - _CHANGES_SHOWN
        if more > 0:
            yield "", Content.styled(f"and {more:,} more", QUIET)

    def _states(self) -> Content:
        theirs = self._theirs
        now = self._state(theirs) if theirs else Content.styled("the send is gone", "$text-warning")
        rows = [
            ("You saw", self._state(self._seen)),
            *self._since(),
            ("Now", now),
            ("Yours", safe_text(self._wanted, "bold $text")),
        ]
        lines: list[Content] = []
        for name, value in rows:
            lines += wrapped_field(Content.styled(name.ljust(_LABEL), QUIET), value, _WIDTH)
        return stacked(lines)

    def _state(self, send: SendRecord) -> Content:
        """Return what agents change about a send: status, override, owner, revision."""
        status = sign(catalogue.status(send.provider, send.status), ascii=self._ascii)
        by = f"set by {send.override_by}" if send.override_by and send.override_status else ""
        reason = f"“{send.override_reason}”" if by and send.override_reason else ""
        if self._changes and send is self._theirs:
            # It stands beside the change.
            reason = ""
        owner = f"owner {send.owner}" if send.owner else "no owner"
        facts = " · ".join(filter(None, [by, reason, owner, f"revision {send.revision}"]))
        return Content.assemble(status, "  ", safe_text(facts, QUIET, limit=300))
