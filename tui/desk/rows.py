"""The rows of one listing, and which desks read the list on the screen and the one being loaded."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from models.reading.counts import Count
from models.records import SendRecord

if TYPE_CHECKING:
    from models.desk import Desk
    from models.reading.listing import Listing


@dataclass(slots=True)
class ListingRows:
    """The rows of one listing, for the list's reading thread."""

    desk: "Desk"
    """Reads for this listing alone; another list cancels its reads."""
    listing: "Listing"
    first: tuple[SendRecord, ...]
    """The first rows, which were read before the list was shown."""
    kept: SendRecord | None = None
    """A send that is shown among them though it is none of them any more: the cursor is on it."""
    kept_at: int = 0
    """The place where it is shown."""
    _is_given: bool = field(default=False, init=False)

    def keep(self, send: SendRecord, place: int) -> None:
        """Show *send* at *place*, too; those from there on come one place later."""
        self.kept, self.kept_at = send, place

    def length(self, total: int) -> int:
        """Return how many rows are shown if the listing has *total*."""
        return total + (self.kept is not None)

    def shown_at(self, place: int) -> int:
        """Return where the row at *place* of the listing is shown."""
        return place + (self.kept is not None and place >= self.kept_at)

    def window(self, start: int, count: int) -> tuple[SendRecord, ...]:
        """Return up to *count* rows from place *start* on.

        Raises:
            DeskError: The database does not answer, or the read was cancelled.
        """
        if not self._is_given and start == 0 and count == len(self.first):
            # Once: whoever reads them again wants to see what has changed.
            self._is_given = True
            if self.kept is None:
                return self.first
        if self.kept is None:
            return self.desk.window(self.listing, start, count)
        before = min(max(self.kept_at - start, 0), count)
        above = self.desk.window(self.listing, start, before) if before else ()
        if before == count:
            return above
        is_within = start <= self.kept_at
        after = count - before - is_within
        below = (
            self.desk.window(self.listing, start + before - (not is_within), after) if after else ()
        )
        return (*above, *((self.kept,) if is_within else ()), *below)

    def position(self, send_id: int) -> int | None:
        """Return the place of a send, or None if it is not in the list.

        Raises:
            DeskError: The database does not answer, or the read was cancelled.
        """
        if self.kept is not None and self.kept.id == send_id:
            return self.kept_at
        places = (place for place, send in enumerate(self.first) if send.id == send_id)
        found = next(places, None)
        if found is None:
            found = self.desk.position(self.listing, send_id)
        return None if found is None else self.shown_at(found)

    def count(self) -> Count:
        """Return how many rows there are, which is counted if it was not yet.

        Raises:
            DeskError: The database does not answer, or the read was cancelled.
        """
        return self.desk.count(self.listing)


class ActiveReads:
    """One reading desk for each list, so that what is read for a list can be cancelled with it."""

    def __init__(self) -> None:
        self._loading: Desk | None = None
        self._shown: Desk | None = None

    def begin(self, desk: "Desk") -> "Desk":
        """Return what reads a new list; the reads of one that is still loading are cancelled."""
        self.cancel_loading()
        self._loading = desk.cancellable()
        return self._loading

    def show(self, reader: "Desk") -> None:
        """Remember that the list of *reader* is on the screen now."""
        self._loading, self._shown = None, reader

    def cancel_loading(self) -> None:
        """Cancel what is read for the list that is waited for."""
        if self._loading is not None:
            self._loading.cancel()

    def cancel_shown(self) -> None:
        """Cancel what is still read for the list on the screen."""
        if self._shown is not None:
            self._shown.cancel()
