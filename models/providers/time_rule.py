"""What a rule is that time triggers, and how long a send usually lasts where its platform gave no date."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from models.values.calendar import Limit


class When(StrEnum):
    """What the moment of a rule is counted from."""

    END = "end"
    """The moment at which the send ends; without one, the end of its usual span."""
    AT_ONCE = "at once"
    """The beginning of the status."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UsualSpan:
    """How long a send lasts if its platform does not say when it ends."""

    key: str
    """Unique among all platforms: `egift`."""
    what: str
    """What lasts so long, in words: `the offer of an eGift`."""
    limit: Limit
    """The span of a desk that has set none."""
    from_status: bool = False
    """Whether it runs from the beginning of the status, and not from when the send was made."""
    source: str
    """Who published it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeRule:
    """One rule: which sends it matches, when, and what it does to them."""

    name: str
    """Unique among all platforms; with `rule:` before it, the actor of its events."""
    provider: str
    types: tuple[str, ...]
    """The types of send that it matches."""
    statuses: tuple[str, ...]
    """The slugs that the platform's status must be one of."""
    when: When
    before: timedelta = timedelta(0)
    """How long before that moment."""
    span: UsualSpan | None = None
    """What serves if the platform gave no end; None if such a send never ends."""
    to: str = ""
    """The slug of the status that it gives; empty for a reminder, which gives none."""
    credits: bool = False
    """Whether the cost of the send then goes back to its funding source."""
    matches: str
    """Which sends it matches, in words: `an eGift still Sent when its offer ends`."""
    does: str
    """What it does, in words: `Refunded, and its cost is credited`."""
    reason: str
    """The sentence that the history tells."""
    source: str
    """Who published it."""

    @property
    def actor(self) -> str:
        """Who acts in its events: `rule:egift_unopened`."""
        return f"rule:{self.name}"
