"""How long sends stay in their statuses: spread over buckets of lengths, and held against the limits.

A bucket holds the stays that are about equally long, so that a day of any desk is a few numbers. What is
read out of buckets, such as a median, is right to `ACCURACY`.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final, NamedTuple

from models.providers import catalogue
from models.records import Event, EventKind
from models.rules.due import Policy
from models.rules.state import PASSIVE, Stay
from models.values.calendar import Limit

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


class Breaches:
    """Tells which stays were breaches by the limits of *policy*."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self._limits: dict[tuple[str, str], Limit | None] = {}
        """The limits that were looked up: an import asks for the same ones for each of its sends."""

    def of(self, provider: str, stay: Stay) -> Breach | None:
        """Return the breach that *stay* of a send of *provider* was; None if it was none."""
        due = stay.contested_at
        if due is None:
            limit = self._limit(provider, stay.status)
            if limit is None:
                return None
            due = self.policy.calendar.after(stay.limit_from, limit)
        due = max(due, stay.began)
        return Breach(stay.status, stay.began, due, stay.ended) if due < stay.ended else None

    def _limit(self, provider: str, slug: str) -> Limit | None:
        key = (provider, slug)
        if key not in self._limits:
            status = catalogue.status(provider, slug)
            threshold = None if status.final else self.policy.thresholds.of(provider, status.slug)
            self._limits[key] = threshold.limit if threshold else None
        return self._limits[key]


@lru_cache(maxsize=1024)
def _is_final(provider: str, slug: str) -> bool:
    return catalogue.status(provider, slug).final


def reopens(provider: str, stay: Stay) -> bool:
    """Whether a send that had ended has gone on with the end of *stay*."""
    return _is_final(provider, stay.status) and not _is_final(provider, stay.next)


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


Cell = tuple[int, str, str]
"""What stays are counted by: the day in UTC on which they ended, as `date.toordinal` numbers it, the key
of the provider, and the slug of the status."""


class StayCounts:
    """Stays by the day of their end, their status and their bucket; numbers may be negative."""

    def __init__(self) -> None:
        self.lengths: dict[Cell, dict[int, int]] = {}
        """How many stays there are by bucket."""
        self.reopened: Counter[Cell] = Counter()
        """How many sends had ended in the status and went on."""

    def add(self, provider: str, stay: Stay, count: int = 1) -> None:
        """Count a stay of a send of *provider*; -1 takes one back."""
        ended = stay.ended
        day = (ended if ended.tzinfo is UTC else ended.astimezone(UTC)).toordinal()
        cell = (day, provider, stay.status)
        lengths = self.lengths.get(cell)
        if lengths is None:
            lengths = self.lengths[cell] = {}
        bucket = bucket_of(ended - stay.began)
        lengths[bucket] = lengths.get(bucket, 0) + count
        if reopens(provider, stay):
            self.reopened[cell] += count


def difference(
    before: Sequence[Stay], after: Sequence[Stay]
) -> tuple[Sequence[Stay], Sequence[Stay]]:
    """Return which stays of *before* are gone in *after*, and which are new there."""
    if not before:
        return (), after
    if list(after[: len(before)]) == list(before):
        return (), after[len(before) :]
    here, there = Counter(before), Counter(after)
    return tuple((here - there).elements()), tuple((there - here).elements())
