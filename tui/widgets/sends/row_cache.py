"""A cache of rows: windows of a long list in memory, the least recently used dropped first. Pure."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import Final

from models.records import SendRecord

WINDOW: Final = 200
"""Rows of one window; every window starts at a multiple of it."""
MOST: Final = 16
"""Windows that are kept."""


class RowCache:
    """Rows by their place in the list, as far as they were read.

    After `invalidate` the old rows are shown until they have been read again, so that a list that is
    refreshed does not flicker.
    """

    def __init__(self, size: int = WINDOW, most: int = MOST) -> None:
        self.size = size
        self._most = most
        self._fresh: OrderedDict[int, tuple[SendRecord, ...]] = OrderedDict()
        self._stale: dict[int, tuple[SendRecord, ...]] = {}

    def __len__(self) -> int:
        return len(self._fresh)

    def row(self, index: int) -> SendRecord | None:
        """Return the row at *index*, a stale one if it was not read again; None if it was never read."""
        start, place = index - index % self.size, index % self.size
        rows = self._fresh.get(start)
        if rows is None:
            rows = self._stale.get(start, ())
        return rows[place] if place < len(rows) else None

    def is_fresh(self, index: int) -> bool:
        """Whether the window that holds *index* was read since the last `invalidate`."""
        return index - index % self.size in self._fresh

    def starts(self, first: int, stop: int) -> range:
        """Return where the windows start that hold the rows from *first* up to, but not including, *stop*."""
        return range(max(first, 0) // self.size * self.size, max(stop, 0), self.size)

    def missing(self, starts: Iterable[int]) -> list[int]:
        """Return those of *starts* that must be read; the others are marked as just used."""
        lacking = []
        for start in starts:
            if start in self._fresh:
                self._fresh.move_to_end(start)
            else:
                lacking.append(start)
        return lacking

    def put(self, start: int, rows: tuple[SendRecord, ...]) -> None:
        """Keep *rows* as the window at *start*; the least recently used one is dropped if there are too many."""
        self._fresh[start] = rows
        self._fresh.move_to_end(start)
        self._stale.pop(start, None)
        while len(self._fresh) > self._most:
            self._fresh.popitem(last=False)

    def correct(self, sends: Mapping[int, SendRecord]) -> None:
        """Replace the rows of *sends*, given by their ids, wherever they are kept."""
        for windows in (self._fresh, self._stale):
            for start, rows in windows.items():
                if not sends.keys().isdisjoint(row.id for row in rows):
                    windows[start] = tuple(sends.get(row.id, row) for row in rows)

    def drop(self, index: int) -> None:
        """Drop the window that holds *index*."""
        self._fresh.pop(index - index % self.size, None)

    def invalidate(self, *, keep: bool) -> None:
        """Have everything read again; with *keep* the old rows are shown until then."""
        self._stale = (self._stale | dict(self._fresh)) if keep else {}
        while len(self._stale) > self._most:
            del self._stale[next(iter(self._stale))]
        self._fresh.clear()

    def find(self, send_id: int) -> int | None:
        """Return the place of a send among the rows read since `invalidate`, or None."""
        for start, rows in self._fresh.items():
            for place, row in enumerate(rows):
                if row.id == send_id:
                    return start + place
        return None
