"""Which rows of a list are in view, and where its cursor stands. Pure arithmetic."""

from dataclasses import dataclass


@dataclass(slots=True)
class Viewport:
    """A view of *rows* rows, from *top* on, into a list of *total*; the cursor is always in view."""

    total: int = 0
    rows: int = 1
    cursor: int = 0
    top: int = 0

    @property
    def last(self) -> int:
        """The place of the last row; 0 in an empty list."""
        return max(self.total - 1, 0)

    @property
    def bottom(self) -> int:
        """The place after the last row in view."""
        return min(self.top + self.rows, self.total)

    @property
    def furthest(self) -> int:
        """The highest place that the view can start from."""
        return max(self.total - self.rows, 0)

    def move(self, index: int) -> None:
        """Put the cursor on *index*, or the nearest row there is.

        Where the cursor leaves the view, the view follows by half a page. Following row by row would
        repaint the whole view with every key at its edge, slow over SSH, and never show what follows.
        """
        self.cursor = min(max(index, 0), self.last)
        half = self.rows // 2
        if self.cursor < self.top:
            self._start(min(self.cursor, self.top - half))
        elif self.cursor >= self.top + self.rows:
            self._start(max(self.cursor - self.rows + 1, self.top + half))

    def centre(self, index: int) -> None:
        """Put the cursor on *index* in the middle of the view, unless it is in view already."""
        self.cursor = min(max(index, 0), self.last)
        if not self.top <= self.cursor < self.top + self.rows:
            self._start(self.cursor - self.rows // 2)

    def page(self, rows: int) -> None:
        """Move view and cursor together by *rows*, down if that is positive."""
        self._start(self.top + rows)
        self.move(self.cursor + rows)

    def scroll_to(self, top: int) -> None:
        """Start the view at *top*; the cursor moves only as far as it must to stay in view."""
        self._start(top)
        self.cursor = min(max(self.cursor, self.top), max(self.bottom - 1, 0))

    def place(self, index: int, offset: int) -> None:
        """Put the cursor on *index*, *offset* rows below the top of the view, if the list is long enough."""
        self.cursor = min(max(index, 0), self.last)
        self._start(self.cursor - offset)

    def fit(self, *, total: int | None = None, rows: int | None = None) -> None:
        """Adjust to another length of the list, or another height of the view."""
        self.total = self.total if total is None else total
        self.rows = self.rows if rows is None else max(rows, 1)
        self._start(self.top)
        self.move(self.cursor)

    def thumb(self, track: int) -> range:
        """Return which of the *track* cells of a scrollbar show the view; none if all is in view."""
        if self.total <= self.rows or track < 1:
            return range(0)
        length = min(max(track * self.rows // self.total, 1), track)
        start = round((track - length) * self.top / self.furthest)
        return range(start, start + length)

    def top_at(self, cell: int, track: int) -> int:
        """Return where the view starts when the scrollbar is dragged to *cell* of *track* cells."""
        return round(self.furthest * min(max(cell / max(track - 1, 1), 0), 1))

    def _start(self, top: int) -> None:
        self.top = min(max(top, 0), self.furthest)
