"""The statuses that follow from more than is reported: from shipments and scheduled times."""

from collections.abc import Iterable
from datetime import datetime

from models.providers.derived import Derived, Known
from models.providers.goody.batch_statuses import PENDING, SCHEDULED
from models.providers.goody.shipments import SHIPMENT_STATES
from models.providers.status import Stage

_STAGES = {state.slug: state.stage for state in SHIPMENT_STATES}
FAILED = frozenset(slug for slug, stage in _STAGES.items() if stage is Stage.PROBLEM)
"""The states of a shipment that failed and is not replaced."""
ARRIVED = frozenset(slug for slug, stage in _STAGES.items() if stage is Stage.DONE)
MOVING = ARRIVED | {slug for slug, stage in _STAGES.items() if stage is Stage.MOVING}
"""The states of a shipment that the carrier has, or had."""
REPLACED = frozenset(slug for slug, stage in _STAGES.items() if stage is Stage.CLOSED)
_NOT_SHIPPED = frozenset(
    {"created", "notified", "opened", "accepted", "pending_payment", "paid", "ordered"}
)
_ENDED = frozenset({"failed", "canceled"})


def derived(said: str, known: Known, now: datetime) -> Derived | None:
    """Return the status that an order or a batch has beyond its own, or None.

    A shipment that failed and is not replaced comes first, whatever the order says: Goody may call it
    delivered. An order is shipped once its first shipment moves, and delivered once all have arrived.

    Args:
        said: The slug of its own status.
        known: When it is to be sent, and its shipments.
        now: The present, in UTC.
    """
    starts, shipments = known.scheduled_at, known.shipments
    if said not in _ENDED and any(each.status in FAILED for each in shipments):
        return Derived("shipment_failed", now)
    if said in _NOT_SHIPPED or said == "shipped":
        # Which shipment replaces another is not said: only the order itself knows that none is missing.
        if shipments and all(each.status in ARRIVED for each in shipments):
            arrivals = _known(each.delivered_at for each in shipments)
            is_known = len(arrivals) == len(shipments)
            return Derived("delivered", min(max(arrivals), now) if is_known else now)
        if said != "shipped" and any(each.status in MOVING for each in shipments):
            departures = _known(each.shipped_at for each in shipments)
            return Derived("shipped", min((*departures, now)))
    if said == PENDING and starts is not None:
        return Derived(SCHEDULED, now, limit_from=starts)
    return None


def _known(moments: Iterable[datetime | None]) -> list[datetime]:
    return [moment for moment in moments if moment is not None]
