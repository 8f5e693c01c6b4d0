"""What a status is: its stage, its rank, what usually follows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from models.values.calendar import Limit

UNMAPPED_SLUG = "unmapped"
"""The status of a send whose platform used a word the desk does not know."""


class Stage(StrEnum):
    """Where a send stands, in words that fit every platform."""

    WAITING = "waiting"
    """The recipient has to act."""
    WORKING = "working"
    """The platform or its warehouse has to act."""
    MOVING = "moving"
    """In transit."""
    DONE = "done"
    """It arrived."""
    PROBLEM = "problem"
    """A person has to act."""
    CLOSED = "closed"
    """It ended without arriving."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """How long a send may stand in a status before support is contacted.

    The limit is strict: exactly at the limit is still fine.
    """

    limit: Limit
    source: str
    """Who says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """One status of one platform."""

    provider: str
    slug: str
    """Unique within its provider; what the database stores."""
    label: str
    """What agents read."""
    types: tuple[str, ...]
    """The types of send that pass through it."""
    stage: Stage
    rank: int
    """Place in the lifecycle, for facts that come without a time; a later step ranks higher."""
    next: tuple[str, ...] = ()
    """Slugs that usually follow, the commonest first."""
    final: bool = False
    aliases: tuple[str, ...] = ()
    """Other spellings that exports, interfaces and people use."""
    threshold: Threshold | None = None
    meaning: str
    advice: str
    """What the agent does about it."""
    contact: str = ""
    """Whom to contact, or an empty string."""
    request: str = ""
    """What the packet asks the platform's support; if empty, what it asks for the stage."""
    soft_problem: bool = False
    """A problem that the sender, an approver or a payment settles: a warning and not an error."""
    short_word: str = ""
    """What an agent has to see to, in one short word: `funds`; if empty, the list says `contact`."""
    source: str

    @property
    def key(self) -> str:
        """The name across platforms, as `provider:slug`."""
        return f"{self.provider}:{self.slug}"


def reachable(statuses: Mapping[str, Status], start: str) -> frozenset[str]:
    """Return every slug that can be reached from *start* in one step or more."""
    found: set[str] = set()
    ahead = list(statuses[start].next) if start in statuses else []
    while ahead:
        slug = ahead.pop()
        if slug not in found:
            found.add(slug)
            ahead.extend(statuses[slug].next)
    return frozenset(found)
