"""Who reads for the list on the screen, and for the one that will be there next."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from models.records import SendRecord

if TYPE_CHECKING:
    from models.desk import Desk
    from models.reading.listing import Listing


@dataclass(slots=True)
class ListedRows:
    """The rows of one listing, for the list's reader thread."""

    desk: "Desk"
    listing: "Listing"
    first: tuple[SendRecord, ...]
    """The first rows, which were read before the list was shown."""
    _is_given: bool = field(default=False, init=False)

    def window(self, start: int, count: int) -> tuple[SendRecord, ...]:
        """Return up to *count* rows from place *start* on."""
        if not self._is_given and start == 0 and count == len(self.first):
            # Once: whoever reads them again wants to see what has changed.
            self._is_given = True
            return self.first
        return self.desk.window(self.listing, start, count)

    def position(self, send_id: int) -> int | None:
        """Return the place of a send, or None if it is not in the list."""
        places = (place for place, send in enumerate(self.first) if send.id == send_id)
        found = next(places, None)
        return self.desk.position(self.listing, send_id) if found is None else found


class Readers:
    """One reader for each list, so that what is read for it ends with it.

    Attributes:
        asked: Reads the list that is waited for.
        shown: Reads the list on the screen.
    """

    def __init__(self) -> None:
        self.asked: Desk | None = None
        self.shown: Desk | None = None

    def begin(self, desk: "Desk") -> "Desk":
        """Return what reads a new list; one that was asked for before is waited for no more."""
        self.forget_asked()
        self.asked = desk.asking()
        return self.asked

    def put(self, reader: "Desk") -> None:
        """Take notice that the list of *reader* is on the screen now."""
        self.asked, self.shown = None, reader

    def forget_asked(self) -> None:
        """Call off what is read for the list that is waited for."""
        if self.asked is not None:
            self.asked.cancel()

    def forget_shown(self) -> None:
        """Call off what is still read for the list on the screen."""
        if self.shown is not None:
            self.shown.cancel()
