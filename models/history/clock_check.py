"""Looks whether the clock of this computer can be right."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from models.database import Database
from models.store import tables
from models.store.tables import col

_FAR_AHEAD = timedelta(days=300)
_BEHIND = timedelta(days=1)
_NEWEST = sa.select(col(tables.Event.recorded_at)).order_by(col(tables.Event.id).desc()).limit(1)


def clock_warning(database: Database, now: datetime) -> str:
    """Return a sentence if *now* is far from the newest entry of all, or an empty string.

    Args:
        database: An open database.
        now: The present by this computer's clock, in UTC.

    Raises:
        DeskUnavailable: If the database cannot be read.
    """
    with database.read() as connection:
        newest = connection.execute(_NEWEST).scalar()
    if newest is None or -_BEHIND <= now - newest <= _FAR_AHEAD:
        return ""
    days = abs(now - newest).days
    side = "after" if now > newest else "before"
    return (
        f"The clock says {now:%Y-%m-%d}, {days:,} days {side} the newest entry of the history "
        f"({newest:%Y-%m-%d}): if that is wrong, set the clock before you go on."
    )
