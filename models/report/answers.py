"""When an agent first did something about a send that was past its limit, and when that was over."""

from bisect import bisect_left
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from models.report.sources import Deed, PastBreach, StuckSend


class Answered(NamedTuple):
    """A send past a limit, and what came of it; all moments are in UTC."""

    provider: str
    status: str
    due_at: datetime
    first_at: datetime | None
    """When an agent first did something to it while it was past the limit; None if nobody has."""
    first_by: str
    ended_at: datetime | None
    """When its status changed; None if it has not yet."""


def answered(
    open_breaches: Iterable[StuckSend], past_breaches: Iterable[PastBreach], deeds: Iterable[Deed]
) -> list[Answered]:
    """Return what came of each breach, by what agents did.

    Args:
        open_breaches: Those that are not over.
        past_breaches: Those that are.
        deeds: What agents did since the earliest of them, in the order of time.
    """
    by_send: dict[int, list[Deed]] = {}
    for deed in deeds:
        by_send.setdefault(deed.send_id, []).append(deed)
    found = []
    rows: list[StuckSend | PastBreach] = [*open_breaches, *past_breaches]
    for row in rows:
        ended = row.ended_at if isinstance(row, PastBreach) else None
        some = by_send.get(row.send_id, [])
        place = bisect_left(some, row.due_at, key=lambda deed: deed.at)
        first = some[place] if place < len(some) else None
        if first and ended and first.at > ended:
            first = None
        found.append(
            Answered(
                row.provider, row.status, row.due_at, first.at if first else None,
                first.actor if first else "", ended,
            )
        )  # fmt: skip
    return found
