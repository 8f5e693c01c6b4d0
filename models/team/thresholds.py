"""The team's own thresholds, and what they change about sends."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from models.database import Database
from models.errors import DeskError
from models.providers import catalogue
from models.providers.catalogue import STATUSES
from models.providers.status import Status, Threshold
from models.store import mapping, tables
from models.store.tables import col
from models.team import changes
from models.team.recompute import recompute_status
from models.values.calendar import Limit
from models.values.text import storable

_NAME_KEPT = 200
"""The most characters stored of an agent's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectiveThreshold:
    """The threshold of a status that is in force in one database."""

    status: Status
    threshold: Threshold | None
    """None if the status has no limit."""
    own: bool
    """Whether the team has set it in place of the catalogue's."""
    warning: timedelta
    """How long before the limit a send counts as due soon."""
    own_warning: bool
    """Whether the team has set the warning for just this status."""
    set_by: str = ""
    """Who set the team's own limit; empty without one."""
    set_at: datetime | None = None


def in_force(database: Database) -> Iterator[EffectiveThreshold]:
    """Yield the threshold of every status that is not final, in the order of the catalogue.

    Raises:
        DeskUnavailable: If the database cannot be read.
    """
    table = tables.Threshold
    who = sa.select(col(table.provider), col(table.status), col(table.set_by), col(table.set_at))
    with database.read() as connection:
        policy = mapping.policy_of(connection)
        set_by = {(row[0], row[1]): (row[2], row[3]) for row in connection.execute(who)}
    for known in STATUSES.values():
        for status in known.values():
            key = (status.provider, status.slug)
            if not status.final:
                own = key in policy.thresholds.own
                by, at = set_by[key] if own else ("", None)
                yield EffectiveThreshold(
                    status=status,
                    threshold=policy.thresholds.of(*key),
                    own=own,
                    warning=policy.warnings.of(*key),
                    own_warning=key in policy.warnings.own,
                    set_by=by,
                    set_at=at,
                )


def refusal(database: Database) -> str:
    """Return why this user cannot change the team's limits, or an empty string.

    Raises:
        DeskUnavailable: If the database cannot be read.
    """
    if database.read_only:
        return database.read_only
    if database.may_write(tables.Threshold.__tablename__):
        return ""
    return "Only leads change limits here: your user of the server has no right to."


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
    status = limited_status(provider, slug)
    word = "off" if limit is None else str(limit)
    by = storable(agent, _NAME_KEPT)
    own = tables.Threshold(provider=provider, status=slug, limit=word, set_by=by, set_at=now)
    with database.write() as connection:
        before = mapping.policy_of(connection).thresholds.of(provider, slug)
        _forget(connection, provider, slug)
        connection.execute(sa.insert(tables.Threshold), own.model_dump())
        changes.add(connection, by, now, f"limit {status.key}", _limit_word(before), word)
    return recompute_status(database, provider, slug)


def reset_limit(database: Database, provider: str, slug: str, agent: str, now: datetime) -> int:
    """Remove the team's own limit of a status and return how many sends that changes.

    The catalogue's limit is in force again. If it stops on the way, calling it again completes it.

    Args:
        database: An open database.
        provider: The provider's key.
        slug: The status.
        agent: Who does it.
        now: The present, in UTC.

    Raises:
        ReadOnly: If the database was opened for reading.
        DeskUnavailable: If it cannot be read or written.
    """
    status = catalogue.status(provider, slug)
    with database.write() as connection:
        thresholds = mapping.policy_of(connection).thresholds
        if (provider, slug) in thresholds.own:
            before, after = thresholds.of(provider, slug), status.threshold
            words = (_limit_word(before), _limit_word(after))
            changes.add(connection, agent, now, f"limit {status.key}", *words)
        _forget(connection, provider, slug)
    return recompute_status(database, provider, slug)


def set_warning(
    database: Database,
    status: Status | None,
    before: Limit | None,
    agent: str,
    now: datetime,
) -> None:
    """Set how long before a limit sends count as due soon.

    Args:
        database: An open database.
        status: The status; None for every status without a time of its own.
        before: The time, in hours or days; None for the usual one.
        agent: Who sets it.
        now: The present, in UTC.

    Raises:
        DeskError: If the status has no limit, or the time is in business days.
        ReadOnly: If the database was opened for reading.
        DeskUnavailable: If it cannot be read or written.
    """
    if status is not None:
        limited_status(status.provider, status.slug)
    if before is not None and before.is_of_business:
        raise DeskError("A warning comes hours or days before a limit: write 48h or 3d.")
    provider, slug = (status.provider, status.slug) if status else ("", "")
    table = tables.LimitWarning
    here = sa.and_(col(table.provider) == provider, col(table.status) == slug)
    # What leaves no time at all is stored as none: `now` is a limit and no time before one.
    word = "" if before is None else "0h" if before.at_once else str(before)
    with database.write() as connection:
        found = connection.execute(sa.select(col(table.before)).where(here)).scalar() or ""
        connection.execute(sa.delete(table).where(here))
        if word:
            row = {"provider": provider, "status": slug, "before": word}
            connection.execute(sa.insert(table), row)
        if word != found:
            subject = f"warning {status.key}" if status else "warning"
            changes.add(connection, agent, now, subject, found or "usual", word or "usual")


def limited_status(provider: str, slug: str) -> Status:
    """Return a status that can have a limit.

    Raises:
        DeskError: If the status is final, unmapped or not in the catalogue.
    """
    if slug not in STATUSES.get(provider, {}):
        raise DeskError(f"“{provider}:{slug}” has no limit that could be set.")
    status = catalogue.status(provider, slug)
    if status.final:
        raise DeskError(f"{status.label} is final: no limit runs in it.")
    return status


def _limit_word(threshold: Threshold | None) -> str:
    return "off" if threshold is None else str(threshold.limit)


def _forget(connection: sa.Connection, provider: str, slug: str) -> None:
    connection.execute(
        sa.delete(tables.Threshold).where(
            col(tables.Threshold.provider) == provider, col(tables.Threshold.status) == slug
        )
    )
