"""What a status is: its stage, its rank, what usually follows it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from models.values.calendar import Limit

UNMAPPED_SLUG = "unmapped"
"""The status of a send whose provider used a word the desk does not know."""
BATCH_TYPE = "batch"
"""The type of a send that is a batch of others; its words for statuses mean nothing for them."""


class Stage(StrEnum):
    """What a status means for the agent, in words that suit every provider."""

    WAITING = "waiting"
    """The recipient has to act."""
    WORKING = "working"
    """The provider or its warehouse has to act."""
    MOVING = "moving"
    """In transit."""
    DONE = "done"
    """It arrived."""
    PROBLEM = "problem"
    """A person has to act."""
    CLOSED = "closed"
    """It ended without arriving."""


class Threshold(NamedTuple):
    """How long a send may stay in a status before support is contacted.

    The send is over only when more time than the limit has passed.
    """

    limit: Limit
    source: str
    """Who published the limit."""


class Status(NamedTuple):
    """One status of one provider."""

    provider: str
    slug: str
    """Unique within its provider; what the database stores."""
    label: str
    """What agents read."""
    types: tuple[str, ...]
    """The types of send that pass through it."""
    stage: Stage
    rank: int
    """The place in the lifecycle, by which facts without a time are ordered; later is higher."""
    meaning: str
    """What it says about the send, in one or two sentences."""
    advice: str
    """What the agent does about it, in one or two sentences."""
    source: str
    """Where the row comes from: a page of the provider's help, or Send Desk."""
    next: tuple[str, ...] = ()
    """The slugs that usually follow, the most common first."""
    follows_at_once: bool = False
    """Whether it begins as soon as the status before it: that one's time is assumed if it has none."""
    runs_from_schedule: bool = False
    """Whether its limit runs from the scheduled time of the send, and not from its beginning."""
    refunds: bool = False
    """Whether it says that the money was given back."""
    refund_words: tuple[str, ...] = ()
    """Those of its names that say so though the status alone does not, as the provider writes them."""
    final: bool = False
    """Whether the send usually ends here; nothing is due any more."""
    aliases: tuple[str, ...] = ()
    """Other names that exports, APIs and people use."""
    word: str = ""
    """What the provider's API calls it, where the slug says more than that."""
    threshold: Threshold | None = None
    """How long a send may stay in it; None if there is no limit."""
    contact: str = ""
    """Whom to contact, or an empty string."""
    request: str = ""
    """What the packet asks the provider's support; if empty, what it asks for the stage."""
    soft_problem: bool = False
    """Whether the sender, an approver or a payment can settle it: a warning, not an error."""
    short_word: str = ""
    """What is wrong, in one word for the list: `funds`; if empty, the list says `contact`."""

    @property
    def key(self) -> str:
        """Provider and slug, unique among all providers: `sendoso:shipped`."""
        return f"{self.provider}:{self.slug}"


def reachable(statuses: Mapping[str, Status], start: str) -> frozenset[str]:
    """Return every slug that can be reached from *start* in one step or more.

    A problem may be the first or the last of them, but never one to pass through: what comes behind a
    problem that nobody reported is no usual way on.
    """
    found: set[str] = set()
    ahead = list(statuses[start].next) if start in statuses else []
    while ahead:
        slug = ahead.pop()
        if slug not in found:
            found.add(slug)
            if statuses[slug].stage is not Stage.PROBLEM:
                ahead.extend(statuses[slug].next)
    return frozenset(found)
