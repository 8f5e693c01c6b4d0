"""The team's own thresholds and holidays, and what they change about sends."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from models.database import Database
from models.errors import Damaged, DeskError
from models.history import journal
from models.providers import catalogue
from models.providers.catalogue import STATUSES
from models.providers.status import Status, Threshold
from models.rules.derived_columns import POLICY_COLUMNS, derive_columns
from models.store import mapping, tables
from models.values.calendar import Limit
from models.values.text import storable

_CHUNK = 2_000
"""How many sends are recomputed in one transaction; between two of them agents can write."""
_NAME_KEPT = 200
"""The most characters stored of an agent's or a holiday's name."""


@dataclass(frozen=True, slots=True)
class EffectiveThreshold:
    """The threshold of a status that is in force in one database."""

    status: Status
    threshold: Threshold | None
    """None if the status has no limit."""
    own: bool
    """Whether the team has set it in place of the catalogue's."""


def in_force(database: Database) -> Iterator[EffectiveThreshold]:
    """Yield the threshold of every status that is not final, in the order of the catalogue.

    Raises:
        DeskUnavailable: If the database cannot be read.
    """
    with database.read() as connection:
        thresholds = mapping.policy_of(connection).thresholds
    for known in STATUSES.values():
        for status in known.values():
            if not status.final:
                own = (status.provider, status.slug) in thresholds.own
                yield EffectiveThreshold(status, thresholds.of(status.provider, status.slug), own)


def set_limit(
    database: Database,
    provider: str,
    slug: str,
    limit: Limit | None,
    agent: str,
    now: datetime,
) -> int:
    """Set the team's own limit of a status and return how many sends it changes.

    Sends are recomputed in many transactions. If it stops on the way, calling it again completes it.

    Args:
        database: An open database.
        provider: The provider's key.
        slug: The status.
        limit: The limit; None switches it off.
        agent: Who sets it.
        now: The present, in UTC.

    Raises:
        DeskError: If the status is final, unmapped or not in the catalogue.
        ReadOnly: If the database was opened for reading.
        DeskUnavailable: If it cannot be read or written.
    """
    if slug not in STATUSES.get(provider, {}):
        raise DeskError(f"“{provider}:{slug}” has no limit that could be set.")
    status = catalogue.status(provider, slug)
    if status.final:
        raise DeskError(f"{status.label} is final: no limit runs in it.")
    word = "off" if limit is None else str(limit)
    by = storable(agent, _NAME_KEPT)
    own = tables.Threshold(provider=provider, status=slug, limit=word, set_by=by, set_at=now)
    with database.write() as connection:
        _forget(connection, provider, slug)
        connection.execute(sa.insert(tables.Threshold), own.model_dump())
    return _recompute(database, _in_status(provider, slug))


def reset_limit(database: Database, provider: str, slug: str) -> int:
    """Remove the team's own limit of a status and return how many sends that changes.

    The catalogue's limit is in force again. If it stops on the way, calling it again completes it.

    Args:
        database: An open database.
        provider: The provider's key.
        slug: The status.

    Raises:
        ReadOnly: If the database was opened for reading.
        DeskUnavailable: If it cannot be read or written.
    """
    with database.write() as connection:
        _forget(connection, provider, slug)
    return _recompute(database, _in_status(provider, slug))


def add_holiday(database: Database, day: date, name: str) -> int:
    """Make *day* no business day and return how many sends that changes.

    If it stops on the way, calling it again completes it.

    Args:
        database: An open database.
        day: The holiday, a day in UTC; one that is set already gets the new name.
        name: What it is called, for people.

    Raises:
        ReadOnly: If the database was opened for reading.
        DeskUnavailable: If it cannot be read or written.
    """
    holiday = tables.Holiday(day=day.isoformat(), name=storable(name, _NAME_KEPT))
    with database.write() as connection:
        again = col(tables.Holiday.day) == holiday.day
        connection.execute(sa.delete(tables.Holiday).where(again))
        connection.execute(sa.insert(tables.Holiday), holiday.model_dump())
    return _recompute(database, col(tables.Send.stage).not_in(("done", "closed")))


def _forget(connection: sa.Connection, provider: str, slug: str) -> None:
    connection.execute(
        sa.delete(tables.Threshold).where(
            col(tables.Threshold.provider) == provider, col(tables.Threshold.status) == slug
        )
    )


def _in_status(provider: str, slug: str) -> sa.ColumnElement[bool]:
    return sa.and_(col(tables.Send.provider) == provider, col(tables.Send.status) == slug)


def _recompute(database: Database, clause: sa.ColumnElement[bool]) -> int:
    """Recompute `POLICY_COLUMNS` for the sends that meet *clause*; return how many changed."""
    changed = last_id = 0
    while True:
        with database.write() as connection:
            database.one_intake_at_a_time(connection)
            here = sa.and_(clause, col(tables.Send.id) > last_id)
            wanted = sa.select(col(tables.Send.id)).where(here).order_by(col(tables.Send.id))
            ids = [int(row.id) for row in connection.execute(wanted.limit(_CHUNK))]
            if not ids:
                return changed
            changed += _recompute_some(
                connection, sa.and_(clause, col(tables.Send.id).between(ids[0], ids[-1]))
            )
            last_id = ids[-1]


def _recompute_some(connection: sa.Connection, clause: sa.ColumnElement[bool]) -> int:
    """Do for one transaction what `_recompute` does."""
    policy = mapping.policy_of(connection)
    table = mapping.table_of(tables.Send)
    changes = []
    for history in journal.lock_histories(connection, clause):
        send = history.send
        try:
            state = history.state()
        except Damaged:
            # It stays as it is; `senddesk db verify` names it.
            continue
        derived = derive_columns(send.provider, state, policy, send.since)
        if any(derived[name] != getattr(send, name) for name in POLICY_COLUMNS):
            changes.append(
                {"this_send": send.id, **{name: derived[name] for name in POLICY_COLUMNS}}
            )
    if changes:
        this_send: sa.BindParameter[int] = sa.bindparam("this_send")
        values: dict[str, Any] = {name: sa.bindparam(name) for name in POLICY_COLUMNS}
        connection.execute(sa.update(table).where(table.c.id == this_send).values(values), changes)
    return len(changes)
