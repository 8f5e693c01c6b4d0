"""How long sends stay in their statuses: spread over buckets of lengths, and held against the limits.

A bucket holds the stays that are about equally long, so that a day of any desk is a few numbers. What is
read out of buckets, such as a median, is right to `ACCURACY`.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from models.providers import catalogue
from models.records import Event, EventKind
from models.rules.due import Policy
from models.rules.state import PASSIVE, Stay

_GROWTH: Final = 1.1
"""How much longer the stays of a bucket can be than those of the bucket before."""
_FIRST: Final = 60.0
"""The stays of bucket 0 are shorter than this many seconds."""
_LOG_GROWTH: Final = math.log(_GROWTH)
_STANDS_STILL: Final = PASSIVE | {
    *(EventKind.OWNER, EventKind.ESCALATE, EventKind.RESOLVE, EventKind.REFUND),
    *(EventKind.SNOOZE, EventKind.DONE, EventKind.WAKE),
}
"""The kinds of event that change no status, now or earlier."""
ACCURACY: Final = math.sqrt(_GROWTH) - 1
"""How far the length that stands for a bucket can be from a stay in it, in parts of that stay."""


class Breach(NamedTuple):
    """A stay that outlasted its limit; all moments are in UTC."""

    status: str
    began: datetime
    due_at: datetime
    """When the send needed a person: its limit was over, or its provider contradicted the override."""
    ended_at: datetime


def may_end(events: Iterable[Event]) -> bool:
    """Whether *events* can end a stay, or change those that have ended."""
    return any(event.kind not in _STANDS_STILL for event in events)


def breach_of(provider: str, stay: Stay, policy: Policy) -> Breach | None:
    """Return the breach that *stay* was by the limits of *policy*; None if it was none."""
    status = catalogue.status(provider, stay.status)
    due = stay.contested_at
    if due is None:
        threshold = None if status.final else policy.thresholds.of(provider, status.slug)
        if threshold is None:
            return None
        due = policy.calendar.after(stay.limit_from, threshold.limit)
    due = max(due, stay.began)
    return Breach(stay.status, stay.began, due, stay.ended) if due < stay.ended else None


def reopens(provider: str, stay: Stay) -> bool:
    """Whether a send that had ended has gone on with the end of *stay*."""
    is_final = catalogue.status(provider, stay.status).final
    return is_final and not catalogue.status(provider, stay.next).final


def bucket_of(length: timedelta) -> int:
    """Return the bucket of a stay of this length."""
    seconds = length.total_seconds()
    return 0 if seconds < _FIRST else 1 + int(math.log(seconds / _FIRST) / _LOG_GROWTH)


def length_of(bucket: int) -> timedelta:
    """Return the length that stands for a bucket: in the middle between its shortest and longest."""
    if bucket == 0:
        return timedelta(seconds=_FIRST / 2)
    return timedelta(seconds=_FIRST * _GROWTH ** (bucket - 0.5))


def percentile(lengths: Mapping[int, int], share: float) -> timedelta | None:
    """Return about which length *share* of the stays reach at most; None if there are none.

    That is the length of the bucket that holds the stay with that rank.

    Args:
        lengths: How many stays each bucket holds.
        share: 0.5 for the median.
    """
    rank = math.ceil(share * sum(lengths.values()))
    for bucket in sorted(lengths):
        rank -= lengths[bucket]
        if rank <= 0 < lengths[bucket]:
            return length_of(bucket)
    return None


def nearest_rank(lengths: list[timedelta], share: float) -> timedelta | None:
    """Return which of *lengths* as many of them reach at most as *share* says; None if there are none."""
    ordered = sorted(lengths)
    return ordered[max(math.ceil(share * len(ordered)), 1) - 1] if ordered else None


class Cell(NamedTuple):
    """What stays are counted by."""

    day: int
    """The day in UTC on which they ended, as `date.toordinal` numbers it."""
    provider: str
    status: str


class StayCounts:
    """Stays by the day of their end, their status and their bucket; numbers may be negative."""

    def __init__(self) -> None:
        self.lengths: dict[Cell, Counter[int]] = {}
        """How many stays there are by bucket."""
        self.reopened: Counter[Cell] = Counter()
        """How many sends had ended in the status and went on."""

    def add(self, provider: str, stay: Stay, count: int = 1) -> None:
        """Count a stay of a send of *provider*; -1 takes one back."""
        ended = stay.ended if stay.ended.tzinfo is UTC else stay.ended.astimezone(UTC)
        cell = Cell(ended.toordinal(), provider, stay.status)
        lengths = self.lengths.get(cell)
        if lengths is None:
            lengths = self.lengths[cell] = Counter()
        lengths[bucket_of(stay.ended - stay.began)] += count
        if reopens(provider, stay):
            self.reopened[cell] += count


def difference(
    before: Sequence[Stay], after: Sequence[Stay]
) -> tuple[Sequence[Stay], Sequence[Stay]]:
    """Return which stays of *before* are gone in *after*, and which are new there."""
    if after[: len(before)] == before:
        return (), after[len(before) :]
    here, there = Counter(before), Counter(after)
    return tuple((here - there).elements()), tuple((there - here).elements())
