"""The entries of the ledger as rows, and the rows as entries.

The reads run within a transaction of the caller: `Database.read` and `Database.write`, which open it, turn
database errors into `DeskError`s.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any

import sqlalchemy as sa

from models.records import Credit, CreditState
from models.store import mapping, tables
from models.store.tables import col

_COLUMNS = mapping.columns_of(tables.Credit)
_FIELDS = tuple(_COLUMNS[name] for name in Credit._fields)
_OF_SENDS = (
    sa.select(*_FIELDS, col(tables.Credit.send_id))
    .where(col(tables.Credit.send_id).in_(mapping.OF_SENDS))
    .order_by(col(tables.Credit.id))
)
LATER = sa.alias(mapping.table_of(tables.Credit))
IS_NEWEST = ~sa.exists().where(
    LATER.c.send_id == col(tables.Credit.send_id), LATER.c.id > col(tables.Credit.id)
)
"""The condition for the newest entry of a send: how its credit stands."""


def entry_columns() -> tuple[sa.Column[Any], ...]:
    """Return the columns of a `Credit`, in the order of its fields."""
    return _FIELDS


def entry(row: Sequence[Any]) -> Credit:
    """Return the entry of a row that begins with `entry_columns`; its time is aware UTC.

    Raises:
        ValueError: If its state is none, or its time cannot be read.
    """
    found = Credit._make(row[: len(_FIELDS)])
    if found.at == tables.UNREADABLE:
        raise ValueError("an entry of the ledger has no time")
    return found._replace(state=CreditState(found.state))


def row(send_id: int, entry: Credit) -> dict[str, Any]:
    """Return the row of the table that stores an entry of the send *send_id*."""
    return {"send_id": send_id, **entry._asdict(), "state": entry.state.value}


def of_sends(connection: sa.Connection, send_ids: Iterable[int]) -> Iterator[tuple[int, Credit]]:
    """Yield the entries of *send_ids*, each with the id of its send, in the order written.

    One that cannot be read is left out: `senddesk db verify` names its send.
    """
    rows = connection.execute(_OF_SENDS, {"send_ids": list(send_ids)}).all()
    for each in rows:
        with suppress(ValueError):
            yield each.send_id, entry(each)
