"""Every refusal of the desk. The message is the sentence the agent reads."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from models.records import Event, SendRecord


TRIES_AGAIN = "The desk tries again by itself."
"""How each sentence ends that tells of something that passes."""


class DeskError(Exception):
    """The desk refused or could not do what was asked; nothing was written."""


class UnknownSend(DeskError):
    """No send, or more than one, answers to the given reference."""


class UnknownStatus(DeskError):
    """The provider has no such status."""


class OffLifecycle(DeskError):
    """The step is outside the usual lifecycle and was not confirmed."""


class MissingReason(DeskError):
    """A change that must be explained came without a reason."""


class NothingToDo(DeskError):
    """The send is already as asked, or there is nothing to undo, release or resolve."""


class ReadOnly(DeskError):
    """The desk was opened for reading."""


class StaleSend(DeskError):
    """The send has changed since the agent saw it.

    Attributes:
        theirs: The send as it is now, or None if it was not read.
        changes: What has happened to it since, the newest first; empty if it was not read.
    """

    def __init__(
        self,
        message: str,
        theirs: "SendRecord | None" = None,
        changes: "tuple[Event, ...]" = (),
    ) -> None:
        super().__init__(message)
        self.theirs = theirs
        self.changes = changes


class BadName(DeskError):
    """The name of the agent is one that a platform or a rule signs with, or that nobody can have."""


class DeskUnavailable(DeskError):
    """The database cannot be reached, opened, read or written.

    Attributes:
        passes: Whether that can pass by itself, as when a server starts.
    """

    def __init__(self, message: str, *, passes: bool = False) -> None:
        super().__init__(message)
        self.passes = passes


class Cancelled(DeskError):
    """A read was cancelled before it had its answer."""

    def __init__(self, message: str = "The read was cancelled.") -> None:
        super().__init__(message)


class BadAddress(DeskError):
    """The address of the database is not understood; the message repeats no part that may be secret."""


class Damaged(DeskError):
    """The stored rows of a send contradict each other or cannot be read: `senddesk db verify` names them."""


class WrongSchema(DeskError):
    """The database has another schema than this program."""


class BadQuery(DeskError):
    """The filter cannot be read.

    Attributes:
        position: Where it went wrong, counted from 0 in the filter text.
        hint: What to write instead, or an empty string.
        cut_short: Whether only the rest is missing: typing on could make it a filter.
    """

    def __init__(
        self, message: str, position: int = 0, hint: str = "", *, cut_short: bool = False
    ) -> None:
        super().__init__(message)
        self.position = position
        self.hint = hint
        self.cut_short = cut_short


class BadFile(DeskError):
    """A file is not a send export, or cannot be read or written."""
