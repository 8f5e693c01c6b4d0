"""What the database knows about the sync of a platform; each function runs in the caller's transaction."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from models.database import Database
from models.providers.incoming import Fact
from models.store.live_tables import SyncFact, SyncState
from models.store.mapping import table_of
from models.store.tables import col

_LOOKUP = 400
"""How many sends one statement looks up."""
_INSERT_FACTS = sa.text(
    "INSERT INTO sync_fact (provider, external_id, word, at) VALUES (:provider, :external_id, :word, :at)"
    " ON CONFLICT DO NOTHING"
).bindparams(sa.bindparam("at", type_=table_of(SyncFact).c.at.type))


def read_state(connection: sa.Connection, provider: str) -> SyncState:
    """Return what is stored about the sync of a platform; a blank one if that is nothing."""
    table = table_of(SyncState)
    found = connection.execute(sa.select(table).where(table.c.provider == provider)).mappings()
    row = found.one_or_none()
    return SyncState(**row) if row is not None else SyncState(provider=provider)


def write_state(connection: sa.Connection, provider: str, values: Mapping[str, Any]) -> None:
    """Store *values*, by the names of the columns."""
    known = sa.update(SyncState).where(col(SyncState.provider) == provider).values(**values)
    if not connection.execute(known).rowcount:
        blank = SyncState(provider=provider).model_dump()
        connection.execute(sa.insert(SyncState).values(**{**blank, **values}))


def keep_facts(
    database: Database, connection: sa.Connection, provider: str, facts: Sequence[tuple[str, Fact]]
) -> None:
    """Keep *facts*, each with its external id, until their sends are described.

    Most are new: they are written as one stream, which took a third of the time that a server needs to
    look for each. Where one is known, as on a page that is read again, it is looked for each.
    """
    rows = [
        {"provider": provider, "external_id": external_id, "word": fact.word, "at": fact.at}
        for external_id, fact in dict.fromkeys(facts)
    ]
    try:
        with connection.begin_nested():
            database.insert(connection, table_of(SyncFact), rows)
    except IntegrityError:
        connection.execute(_INSERT_FACTS, rows)


def kept_facts(
    connection: sa.Connection, provider: str, external_ids: Iterable[str]
) -> dict[str, list[Fact]]:
    """Return the facts that are kept for the sends of *external_ids*."""
    wanted = list(external_ids)
    found: dict[str, list[Fact]] = {}
    for start in range(0, len(wanted), _LOOKUP):
        rows = connection.execute(
            sa.select(col(SyncFact.external_id), col(SyncFact.word), col(SyncFact.at)).where(
                col(SyncFact.provider) == provider,
                col(SyncFact.external_id).in_(wanted[start : start + _LOOKUP]),
            )
        )
        for external_id, name, at in rows:
            found.setdefault(external_id, []).append(Fact(name, at))
    return found


def forget_facts(connection: sa.Connection, provider: str) -> None:
    """Forget the facts that are kept: their sends are described now, or nowhere."""
    connection.execute(sa.delete(SyncFact).where(col(SyncFact.provider) == provider))


def covered(known: datetime | None, since: datetime | None, until: datetime) -> datetime | None:
    """Return up to which time all news are known, once those from *since* to *until* have been read.

    Args:
        known: Up to which time they were known before; None if they were not.
        since: None if everything was read.
        until: The newest that was read.
    """
    if since is not None and (known is None or since > known):
        return known
    return until
