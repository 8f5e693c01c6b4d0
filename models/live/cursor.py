"""Where a sync that is not finished goes on, and what it covers until there."""

from datetime import datetime

from pydantic import AwareDatetime, BaseModel, ValidationError


class Counts(BaseModel):
    """What a sync has read, and what that brought."""

    read: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    odd: int = 0
    """How many entries were skipped, as they are not what the platform has published."""
    warned: int = 0


class Cursor(BaseModel):
    """A sync between two pages; stored in one transaction with the entries of the pages before."""

    full: bool
    """Whether everything is read, and not only what came after `since`."""
    since: AwareDatetime | None = None
    """What was told at this time or later is read of what the platform tells as news; None for all. A list
    that has no times is read whole if `full` says so."""
    begun: AwareDatetime
    """When the sync began, by the clock of the desk."""
    asked: AwareDatetime
    """The same by the clock of the platform: what it tells as newer may have been missed."""
    feed: str
    """The name of the list that is being read."""
    page: str = ""
    """The page that is read next; empty for the first."""
    seen: int = 0
    """How many entries of this list were read."""
    total: int | None = None
    """How many it has, if the platform says so."""
    newest: AwareDatetime | None = None
    """The newest time that any entry has."""
    counts: Counts = Counts()

    def see(self, moment: datetime | None) -> None:
        """Keep the time of an entry if it is the newest."""
        if moment is not None and (self.newest is None or moment > self.newest):
            self.newest = moment

    def covers(self, since: datetime | None, *, full: bool) -> bool:
        """Whether a sync that goes on here reads all that one of *since*, or of everything, would."""
        reaches = self.since is None or (since is not None and self.since <= since)
        return reaches and (self.full or not full)


def read_cursor(text: str) -> Cursor | None:
    """Return the cursor that was stored as *text*; None if there is none, or one of another program."""
    try:
        return Cursor.model_validate_json(text) if text else None
    except ValidationError:
        return None
