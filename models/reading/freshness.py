"""How fresh what the desk knows of each platform is."""

from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa

from models.store.live_tables import SyncState
from models.store.mapping import table_of
from models.store.tables import col

_USUAL = timedelta(hours=1)
"""How old a platform may be where nobody has said how often it is synced."""
_GRACE = timedelta(minutes=2)
"""How much later than planned a sync may be: it takes a while itself."""


class Freshness(NamedTuple):
    """How far a platform is known."""

    provider: str
    """The key of the platform."""
    synced_at: datetime | None
    """When the last finished sync began; what the platform did later is not all known. None if there is none."""
    every: timedelta | None
    """How long after a sync the next is planned; None if nobody has said."""
    holder: str
    """Who has run the last sync that began: `ana on desk-7 (process 4711)`."""
    held_since: datetime | None
    """When that began."""
    problem: str
    """Why it did not finish, in a sentence, or an empty string."""
    is_unfinished: bool
    """Whether a sync runs, or has broken off and waits to go on."""

    def age(self, now: datetime) -> timedelta | None:
        """Return how old what is known is; None if nothing is."""
        return max(now - self.synced_at, timedelta()) if self.synced_at else None

    def is_late(self, now: datetime) -> bool:
        """Whether the next sync should have ended by *now*, and has not."""
        age = self.age(now)
        if age is None:
            return bool(self.problem)
        allowed = _USUAL if self.every is None else 2 * self.every + _GRACE
        return age > allowed


def freshness(connection: sa.Connection) -> tuple[Freshness, ...]:
    """Return how fresh each platform is that was ever synced, by its key."""
    table = table_of(SyncState)
    rows = connection.execute(sa.select(table).order_by(col(SyncState.provider))).mappings()
    return tuple(
        Freshness(
            provider=row["provider"],
            synced_at=row["synced_at"],
            every=None if row["every"] is None else timedelta(seconds=row["every"]),
            holder=row["holder"],
            held_since=row["held_since"],
            problem=row["problem"],
            is_unfinished=bool(row["cursor"]),
        )
        for row in rows
    )
