"""Sends that time alone has brought into triage: how many in the header, and a sign on their rows."""

import asyncio
from collections import Counter
from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING

from tui.desk.jobs import Jobs
from tui.desk.sends import Sends
from tui.desk.session import Session
from tui.desk.status import Status
from tui.style.glyphs import plain

if TYPE_CHECKING:
    from models.reading.passing_time import Arrival, Reason
    from models.records import SendRecord

_POINTED_AT = 10
"""How many arrivals are looked up in the list, to say whether they are above the cursor or below."""
_WORDS: "dict[Reason, tuple[str, str]]" = {
    "snooze": ("back from snooze", "back from snooze"),
    "follow-up": ("to follow up", "to follow up"),
    "limit": ("past its limit", "past their limit"),
}
"""What is told of one send, and of several."""


class Arrivals:
    """Tells calmly what has come; the cursor and the rows stay where they are.

    An arrival is news until the cursor has been on it, or the agent reads the list again.
    """

    def __init__(self, session: Session, jobs: Jobs, status: Status, sends: Sends) -> None:
        self._ascii = session.ascii
        self._jobs = jobs
        self._status = status
        self._sends = sends
        self._reasons: dict[int, Reason] = {}
        self._places: dict[int, int] = {}
        """Where the first of them stand in the list on the screen, by the ids of the sends."""
        self._under_cursor: int | None = None

    def add(self, arrivals: "Iterable[Arrival]") -> None:
        """Tell of *arrivals*, besides those that are news still."""
        self._reasons.update((each.send_id, each.reason) for each in arrivals)
        self._show()

    def forget(self) -> None:
        """Call nothing news any more."""
        self._reasons.clear()
        self._show()

    def cursor_moved(self, send: "SendRecord | None") -> None:
        """Call the send that the cursor has left news no more."""
        left, self._under_cursor = self._under_cursor, send.id if send else None
        if left == self._under_cursor or not self._reasons:
            return
        if left is not None:
            self._reasons.pop(left, None)
        self._show()

    def point(self) -> None:
        """Find out whether the arrivals are above the cursor or below, in the list on the screen."""
        if self._reasons:
            self._jobs.restart("arrivals", self._point)

    async def _point(self) -> None:
        shown, ids = self._sends.shown, list(islice(self._reasons, _POINTED_AT))
        if shown is None:
            return
        places = {each: await asyncio.to_thread(shown.position, each) for each in ids}
        self._places = {each: place for each, place in places.items() if place is not None}
        self._show()

    def _show(self) -> None:
        self._sends.list.show_arrived(self._reasons)
        counts = Counter(self._reasons.values())
        told = [
            f"{counts[reason]:,} {one if counts[reason] == 1 else several}"
            for reason, (one, several) in _WORDS.items()
            if counts[reason]
        ]
        news = f"{', '.join(told)} {self._arrows()}".strip() if told else ""
        self._status.header.news = news

    def _arrows(self) -> str:
        """Return where the arrivals stand: above the cursor, below, or both."""
        cursor = self._sends.list.cursor_index
        places = [place for each, place in self._places.items() if each in self._reasons]
        above, below = min(places, default=cursor) < cursor, max(places, default=cursor) > cursor
        return plain("↑", self._ascii) * above + plain("↓", self._ascii) * below
