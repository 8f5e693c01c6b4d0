"""The orders of batches, counted by their status."""

from collections.abc import Sequence

import sqlalchemy as sa

from models.providers import catalogue
from models.records import OrdersIn, SendRecord
from models.rules.batches import is_batch
from models.store.tables import Send, col

_LOOKUP = 400
"""How many batches one statement is about."""
_HAS_BATCH = col(Send.batch) != sa.literal("", literal_execute=True)
"""As the index `send_batch` says it, which has all that is counted."""

Orders = tuple[OrdersIn, ...]


def orders_of(connection: sa.Connection, batches: Sequence[SendRecord]) -> dict[int, Orders]:
    """Return for each of *batches*, by its id here, its orders by status, first to last.

    Args:
        connection: An open transaction.
        batches: The batches; other sends have no orders.
    """
    here = {(each.provider, each.external_id): each.id for each in batches if is_batch(each)}
    found: dict[int, list[OrdersIn]] = {send_id: [] for send_id in here.values()}
    names = [name for _, name in here]
    for start in range(0, len(names), _LOOKUP):
        known = _HAS_BATCH & col(Send.batch).in_(names[start : start + _LOOKUP])
        grouped = (col(Send.batch), col(Send.provider), col(Send.status))
        counted = sa.select(*grouped, sa.func.count()).where(known).group_by(*grouped)
        for batch, provider, status, count in connection.execute(counted):
            if (provider, batch) in here:
                found[here[provider, batch]].append(OrdersIn(status, count))
    providers = {send_id: provider for (provider, _), send_id in here.items()}
    return {
        send_id: tuple(
            sorted(orders, key=lambda each: catalogue.status(providers[send_id], each.status).rank)
        )
        for send_id, orders in found.items()
    }
