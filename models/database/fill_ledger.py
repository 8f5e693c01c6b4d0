"""The ledger of a database that had none, filled from its histories."""

import sqlalchemy as sa

from models.database.sound_histories import sound_histories
from models.ledger import stored
from models.ledger.entries import all_entries
from models.records import EventKind
from models.rules.refunds import REFUNDING
from models.rules.state import UNREADABLE_ENTRY
from models.store import mapping, tables

BEFORE = "0006"
"""Schemas before this version had no ledger."""
_event = mapping.columns_of(tables.Event)
_MAY_HAVE_CREDITS = (
    sa.select(_event["send_id"])
    .where(
        (_event["kind"] == EventKind.REFUND.value)
        | ((_event["kind"] == EventKind.FACT.value) & _event["to_status"].in_(sorted(REFUNDING)))
    )
    .distinct()
)
"""The sends of which a platform has said that it gave the money back; no rule had credited any yet.

They are found by one pass over the history. Only theirs are read: at a million sends those are a few in
a hundred.
"""


def fill_ledger(connection: sa.Connection) -> None:
    """Write the entries that the histories of all sends add up to into a ledger that has none.

    Args:
        connection: Of a transaction that writes, on a database with this program's schema.

    Raises:
        DBAPIError: If the database refuses.
    """
    table = mapping.table_of(tables.Credit)
    send_ids = sorted(connection.execute(_MAY_HAVE_CREDITS).scalars())
    for histories in sound_histories(connection, send_ids):
        rows = []
        for send, events in histories:
            try:
                rows += [stored.row(send.id, entry) for entry in all_entries(send, events)]
            except UNREADABLE_ENTRY:
                # `senddesk db verify` names it.
                continue
        if rows:
            connection.execute(sa.insert(table), rows)
