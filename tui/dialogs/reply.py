"""The reply dialog: what is written to the sender or the recipient, to be read before it is copied."""

from collections.abc import Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from models.providers.replies import To
from models.rules.reply import Reply
from models.values.text import display_text
from tui.dialogs.dialog import Dialog
from tui.dialogs.text import ReadOnlyText
from tui.keys import Hints
from tui.widgets.bindings import bindings
from tui.widgets.styled_text import QUIET, safe_text

_LONGEST = 20_000


class ReplyDialog(Dialog[Reply]):
    """Shows the text for one of the two; answers the one that shall be copied."""

    AUTO_FOCUS = "ReadOnlyText"
    HINTS: ClassVar[Hints] = (
        ("{reply.copy}", "copy"),
        ("{reply.sender}", "to the sender"),
        ("{reply.recipient}", "to the recipient"),
        ("{text.down} {text.up}", "scroll"),
        ("{dialog.back}", "close"),
    )
    BINDINGS: ClassVar = bindings("reply")

    def __init__(self, what: str, replies: Mapping[To, Reply], first: To) -> None:
        """Show the one for *first*; *what* is the send, for the title."""
        super().__init__()
        self._what = what
        self._replies = replies
        self._shown: To = first

    def compose(self) -> ComposeResult:
        """Lay out the text over what is to be said about it."""
        with Vertical(classes="dialog"):
            yield self.heading(self._what)
            with ReadOnlyText(classes="scroll part"):
                yield Static(id="reply-text")
            yield Static(id="reply-said", classes="part warning")
            yield self.foot()

    def on_mount(self) -> None:
        """Begin with the likely one."""
        self._show(self._shown)

    def action_sender(self) -> None:
        """Show what is written to the sender."""
        self._show("sender")

    def action_recipient(self) -> None:
        """Show what is written to the recipient."""
        self._show("recipient")

    def action_copy(self) -> None:
        """Copy the text that is shown."""
        shown = self._replies[self._shown]
        if shown.text:
            self.dismiss(shown)
        else:
            self._say("There is nothing to copy.")

    def _show(self, to: To) -> None:
        self._shown = to
        reply = self._replies[to]
        whom = reply.whom or "neither name nor address is known"
        self.change_heading(f"{self._what}: write to the {to}", whom)
        safe = display_text(reply.text.rstrip() or reply.why_not, _LONGEST, one_line=False)
        text = Content.styled(safe, "$text" if reply.text else QUIET)
        self.query_one("#reply-text", Static).update(text)
        self.query_one(ReadOnlyText).scroll_home(animate=False)
        self._say(reply.warning)

    def _say(self, sentence: str) -> None:
        said = self.query_one("#reply-said", Static)
        said.display = bool(sentence)
        said.update(safe_text(sentence, "$text", limit=300))
