"""What an agent can do to any number of sends, as values: what was answered, and nothing about a send."""

from datetime import datetime
from typing import NamedTuple


class SetStatus(NamedTuple):
    """Put a status in place of the provider's."""

    word: str
    """The new status: its slug, label or an alias, which each platform reads in its own list."""
    reason: str
    """Why; required."""
    force: bool = False
    """Allow a step outside the usual lifecycle."""


class KeepOverride(NamedTuple):
    """Confirm an override against what the provider has said since."""

    reason: str
    """Why; required."""


class Release(NamedTuple):
    """End the override; the provider's status is in force again."""

    reason: str = ""


class Assign(NamedTuple):
    """Give the send to someone."""

    owner: str
    """Empty for nobody."""


class Take(NamedTuple):
    """Make the agent the owner."""


class Escalate(NamedTuple):
    """Mark the send as escalated."""

    reference: str = ""
    """The ticket at the provider's support."""
    follow_up_at: datetime | None = None
    """When to look again, in UTC; two business days from now if None."""
    reason: str = ""
    """What was asked of them."""
    provider: str = ""
    """The platform that has the ticket; empty if it may be any."""


class Resolve(NamedTuple):
    """End the escalation."""

    reason: str = ""


class AddNote(NamedTuple):
    """Add a note to the history, whether or not the send has changed since it was seen."""

    text: str


class PutOff(NamedTuple):
    """Snooze: keep the send out of triage for a time."""

    until: datetime | None = None
    """When it comes back, in UTC; None for the provider's next change."""


class Finish(NamedTuple):
    """Call the send done for now: out of triage until its provider changes it or its next limit is over."""


class Wake(NamedTuple):
    """End what a snooze or `Finish` began."""


class CancelOnPlatform(NamedTuple):
    """Ask the provider to cancel the send."""

    reason: str = ""


class ExtendOnPlatform(NamedTuple):
    """Ask the provider to let the send end at another time."""

    until: datetime
    """In UTC."""


Operation = (
    SetStatus | KeepOverride | Release | Assign | Take | Escalate | Resolve | AddNote | PutOff | Finish | Wake
    | CancelOnPlatform | ExtendOnPlatform
)  # fmt: skip
