"""What is written to the sender or the recipient of a send: the rows of a provider and their form.

A text is a `string.Template`; `models.rules.reply` knows what fills it in.
"""

from dataclasses import dataclass
from typing import Literal, NamedTuple

To = Literal["sender", "recipient"]
"""Whom a text is for."""


class NoReply(NamedTuple):
    """There is nothing to write."""

    why: str
    """A sentence for the agent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusReplies:
    """What is written about a send in one status of one provider."""

    status: str
    """The slug of the status."""
    to_sender: str | NoReply
    to_recipient: str | NoReply
    late_to_sender: str = ""
    """What the sender is told once the limit of the status is over; if empty, the same as before."""
    late_to_recipient: str = ""

    def text(self, to: To, *, late: bool) -> str | NoReply:
        """Return what is written to *to*.

        Args:
            to: The sender or the recipient.
            late: Whether the limit of the status is over.
        """
        usual, later = (
            (self.to_sender, self.late_to_sender)
            if to == "sender"
            else (self.to_recipient, self.late_to_recipient)
        )
        return (late and later) or usual


def letter(body: str) -> str:
    """Return *body*, one or more paragraphs, with a greeting before and a closing behind it."""
    return f"$hello\n\n{body.strip()}\n\nKind regards\n"


SURPRISE = NoReply("The recipient has not heard of the gift yet: a text would spoil the surprise.")
SENDERS_MATTER = NoReply("Nothing will arrive: whether to tell the recipient is up to the sender.")

UNMAPPED = StatusReplies(
    status="unmapped",
    to_sender=letter(
        "$platform reports a step of your $gift for $recipient that we do not know yet. We"
        " are finding out what it means, and will write to you as soon as we know. You need"
        " not do anything until then."
    ),
    to_recipient=letter(
        "Thank you for asking about your $gift. We are finding out where it is, and will"
        " write to you as soon as we know. You need not do anything until then."
    ),
)
"""What is written while a provider uses a word that the desk does not know."""
