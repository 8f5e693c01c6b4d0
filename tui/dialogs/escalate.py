"""The escalation dialog: the packet to send, the ticket at the platform, and the follow-up time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Label, Static

from models.values import future_time
from models.values.calendar import Calendar
from models.values.local_time import LocalTime
from models.values.text import display_text
from tui.dialogs.dialog import Dialog
from tui.keys import Hints
from tui.widgets.bindings import bindings
from tui.widgets.styled_text import QUIET, safe_text

_LONGEST_PACKET = 20_000
_USUAL = ("1bd", "2bd", "5bd")
_DEFAULT = "2bd"
_PACKET: Hints = (
    ("{packet.copy}", "copy"),
    ("{packet.down} {packet.up}", "scroll"),
    ("{packet.ticket}", "the ticket"),
    ("{dialog.back}", "cancel"),
)
_FIELDS: Hints = (("enter", "escalate"), ("tab", "next field"), ("{dialog.back}", "cancel"))
_FOLLOW: Hints = (
    ("enter", "escalate"),
    ("{follow_up.earlier} {follow_up.later}", "usual times"),
    ("{dialog.back}", "cancel"),
)


@dataclass(frozen=True, slots=True)
class Escalation:
    """What the agent did about a send."""

    reference: str
    """The ticket at the platform; empty if there is none yet."""
    follow_up_at: datetime
    """When the send comes back into triage, in UTC."""
    copied: bool
    """Whether the packet was copied from the dialog."""


class Packet(VerticalScroll, can_focus=True):
    """The text for the platform's support."""

    BINDINGS: ClassVar = bindings("packet")


class FollowUp(Input):
    """When to look again; the arrows go through the usual times."""

    BINDINGS: ClassVar = bindings("follow_up")

    def action_usual(self, by: int) -> None:
        """Put the next usual time into the field."""
        place = _USUAL.index(self.value) if self.value in _USUAL else 1 - by
        self.value = _USUAL[min(max(place + by, 0), len(_USUAL) - 1)]


class EscalateDialog(Dialog[Escalation]):
    """Shows the packet, copies it, and asks for the ticket and the follow-up."""

    AUTO_FOCUS = "Packet"
    HINTS: ClassVar[Hints] = _PACKET

    def __init__(
        self,
        what: str,
        contact: str,
        packet: str,
        *,
        local: LocalTime,
        calendar: Calendar,
        copy: Callable[[str], str],
    ) -> None:
        """Ask about one send.

        Args:
            what: Which send, for the title.
            contact: Whom the packet goes to.
            packet: The text, which may quote the platform.
            local: The present of the agent.
            calendar: The business days and hours of the desk.
            copy: Copies a text and returns the sentence that says where it went.
        """
        super().__init__()
        self._what = what
        self._contact = contact
        self._packet = packet
        self._local = local
        self._calendar = calendar
        self._copy = copy
        self._copied = False

    def compose(self) -> ComposeResult:
        """Lay out the packet over the fields."""
        text = display_text(self._packet, _LONGEST_PACKET, one_line=False)
        with Vertical(classes="dialog"):
            yield self.heading(f"Escalate to {self._contact or 'support'}", self._what)
            with Packet(classes="scroll part"):
                yield Static(Content.styled(text, "$text"))
            with Horizontal(classes="row"):
                yield Label("Ticket", classes="label")
                yield Input(
                    id="ticket",
                    placeholder="reference, if there is one",
                    compact=True,
                    max_length=100,
                )
            with Horizontal(classes="row"):
                yield Label("Look again", classes="label")
                yield FollowUp(_DEFAULT, id="follow-up", compact=True, max_length=40)
                yield Static(id="follow-said")
            yield Static(id="escalate-said", classes="part")
            yield self.foot()

    def on_mount(self) -> None:
        """Say when the default time is."""
        self.query_one("#escalate-said").display = False
        self._preview(_DEFAULT)

    def on_descendant_focus(self) -> None:
        """Say which keys work in the part that has the focus."""
        if isinstance(self.focused, Packet):
            self.show_keys(_PACKET)
        else:
            self.show_keys(_FOLLOW if isinstance(self.focused, FollowUp) else _FIELDS)

    def action_copy(self) -> None:
        """Copy the packet and say what became of it."""
        self._say(safe_text(self._copy(self._packet), "$text-success"))
        self._copied = True

    def action_ticket(self) -> None:
        """Go on to the ticket."""
        self.query_one("#ticket").focus()

    @on(Input.Changed, "#follow-up")
    def _show_moment(self, event: Input.Changed) -> None:
        event.stop()
        self._preview(event.value)

    @on(Input.Submitted)
    def _finish(self, event: Input.Submitted) -> None:
        event.stop()
        follow = self.query_one(FollowUp)
        try:
            moment = future_time.parse_future_time(follow.value, self._local, self._calendar)
        except ValueError as problem:
            follow.focus()
            self._say(safe_text(f"Look again when? {problem}", "$text-warning"))
            return
        reference = self.query_one("#ticket", Input).value.strip()
        self.dismiss(Escalation(reference, moment, self._copied))

    def _preview(self, text: str) -> None:
        try:
            moment = future_time.parse_future_time(text, self._local, self._calendar)
        except ValueError:
            line = Content.styled("  1bd, 3d, mon 14:00, a date", QUIET)
        else:
            line = Content.styled(f"  {self._local.words(moment)}", QUIET)
        self.query_one("#follow-said", Static).update(line)

    def _say(self, line: Content) -> None:
        said = self.query_one("#escalate-said", Static)
        said.display = True
        said.update(line)
