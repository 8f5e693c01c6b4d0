"""Who changed which setting of the team, and when; entries are never changed or removed."""

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from models.database import Database
from models.store import tables
from models.store.mapping import table_of
from models.store.tables import col
from models.values.text import storable

MOST = 200
"""How many changes are shown at most."""
_NAME_KEPT = 200


class SettingChange(NamedTuple):
    """One change of a setting."""

    at: datetime
    """In UTC."""
    subject: str
    """What was changed: `limit sendoso:shipped`, `warning`."""
    actor: str
    before: str
    after: str


def add(
    connection: sa.Connection, agent: str, now: datetime, subject: str, before: str, after: str
) -> None:
    """Write down that *agent* has changed *subject* at *now* (UTC)."""
    row = tables.SettingChange(
        at=now, subject=subject, actor=storable(agent, _NAME_KEPT), before=before, after=after
    )
    again = sa.and_(
        col(tables.SettingChange.at) == now, col(tables.SettingChange.subject) == subject
    )
    found = connection.execute(
        sa.select(sa.func.count()).select_from(table_of(tables.SettingChange)).where(again)
    )
    if not found.scalar():
        connection.execute(sa.insert(tables.SettingChange), row.model_dump())


def newest(database: Database) -> tuple[SettingChange, ...]:
    """Return the newest changes, the newest first, at most `MOST`.

    Raises:
        DeskUnavailable: If the database cannot be read.
    """
    table = tables.SettingChange
    columns = (table.at, table.subject, table.actor, table.before, table.after)
    wanted = sa.select(*map(col, columns)).order_by(col(table.at).desc()).limit(MOST)
    with database.read() as connection:
        return tuple(SettingChange._make(row) for row in connection.execute(wanted))
