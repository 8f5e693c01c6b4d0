"""The list that the agent is in: a view or a filter, read a page at a time, its sends numbered."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from models.errors import BadQuery, DeskError
from models.rules.views import VIEWS, View
from tui.plain.console import Console
from tui.plain.sentences import count, named, row, spoken

if TYPE_CHECKING:
    from models.desk import Desk
    from models.query import Query
    from models.reading.listing import Listing
    from models.records import SendRecord

_TRIAGE = VIEWS[0]
_ROOM = 4
"""Lines of a page that the heading and the prompt need."""


class Sends:
    """One list of sends.

    A number stays with its send until another list is opened or this one is read anew: what an agent
    types is done to the send that was heard with this number, whatever has happened to the list.

    Attributes:
        view: The view that the list began with; None for a filter of its own.
        total: How many sends the list had when it was last read.
        waiting: How many sends needed an agent then.
    """

    def __init__(self, desk: "Desk", console: Console) -> None:
        self.view: View | None = _TRIAGE
        self.total = 0
        self.waiting = 0
        self._desk = desk
        self._console = console
        self._query: Query | None = None
        self._page: Sequence[SendRecord] = ()
        self._start = 0
        """The place of the first send of the page in the list, counted from 0."""
        self._by_number: dict[int, SendRecord] = {}
        """The sends that were said, as they were told last."""
        self._numbers: dict[int, int] = {}
        """The number of each of them, by its id."""

    @property
    def name(self) -> str:
        """What the list is called: `Triage`, or `Filter` and what was typed."""
        return self.view.name if self.view else f"Filter {self._query}"

    @property
    def prompt(self) -> str:
        """What the list is called where a word is waited for."""
        return self.view.name if self.view else "Filter"

    @property
    def filter(self) -> str:
        """The filter in force."""
        return str(self._query or "")

    @property
    def known(self) -> "list[SendRecord]":
        """The sends that have a number."""
        return list(self._by_number.values())

    def open_view(self, name: str) -> None:
        """Open the view with this name, in any case, or with this digit.

        Raises:
            BadQuery: If there is none, or its filter cannot be read.
            DeskUnavailable: If the database cannot be read.
        """
        view = self.view_named(name)
        if view is None:
            names = ", ".join(each.name for each in self._desk.views())
            raise BadQuery(f"There is no view “{name[:40]}”. There are {names}.")
        self.enter(view)

    def enter(self, view: View) -> None:
        """Open *view*, which the desk need not have any more, or not yet.

        Raises:
            BadQuery: If its filter cannot be read.
            DeskUnavailable: If the database cannot be read.
        """
        self._open(self._desk.parse(view.query), view)

    def view_named(self, name: str) -> View | None:
        """Return the view with this name, in any case, or with this digit."""
        wanted = name.strip().casefold()
        views = self._desk.views() if wanted else ()
        return next((each for each in views if wanted in (each.name.casefold(), each.digit)), None)

    def open_filter(self, text: str) -> None:
        """Open the sends of a filter.

        Raises:
            BadQuery: If it cannot be read.
            DeskUnavailable: If the database cannot be read.
        """
        self._open(self._desk.parse(text), None)

    def again(self) -> None:
        """Read the list from its beginning, and number it anew.

        Raises:
            DeskUnavailable: If the database cannot be read.
        """
        if self._query is None:
            self.open_view(_TRIAGE.name)
        else:
            self._open(self._query, self.view)

    def enter_triage(self) -> None:
        """Go to Triage without saying its sends; stay in a filter that the agent has typed.

        Raises:
            DeskUnavailable: If the database cannot be read.
        """
        if self.view not in (None, _TRIAGE):
            self._enter(self._desk.parse(_TRIAGE.query), _TRIAGE)

    def next_page(self) -> None:
        """Say the sends behind those that were said last.

        Raises:
            DeskUnavailable: If the database cannot be read.
        """
        listing = self._listing()
        start = self._place_behind(listing, self._page, self._start)
        if self._desk.window(listing, start, 1):
            self._say_page(listing, start)
        elif self._page:
            self._console.say("This was the last page.")
        else:
            self._say_nothing()

    def previous_page(self) -> None:
        """Say the sends before those that were said last.

        Raises:
            DeskUnavailable: If the database cannot be read.
        """
        listing = self._listing()
        first = self._desk.position(listing, self._page[0].id) if self._page else None
        end = self._start if first is None else first
        if not end:
            self._console.say("This is the first page.")
            return
        self._say_page(listing, max(end - self._most(), 0), end)

    def numbered(self, number: int) -> "SendRecord":
        """Return the send that was said with this number, as it was told last.

        Raises:
            DeskError: If there is none.
        """
        if send := self._by_number.get(number):
            return send
        if not self._by_number:
            raise DeskError(f"There is no number {number:,}: no send has a number here.")
        last = max(self._by_number)
        raise DeskError(f"There is no number {number:,}: the numbers go from 1 to {last:,} here.")

    def number_of(self, send: "SendRecord") -> int | None:
        """Return the number of a send, or None if it has none."""
        return self._numbers.get(send.id)

    def tell(self, send: "SendRecord") -> None:
        """Remember *send* as the agent has just been told that it is."""
        if (number := self._numbers.get(send.id)) is not None:
            self._by_number[number] = send

    def behind(self, send: "SendRecord", place: int) -> "tuple[SendRecord | None, int]":
        """Return the send behind *send* in the list as it is now, and its place.

        Args:
            send: The send, which need not be in the list any more.
            place: Where it was, counted from 0: what is there now is behind it.

        Raises:
            DeskUnavailable: If the database cannot be read.
        """
        listing = self._listing()
        found = self._desk.position(listing, send.id)
        following = place if found is None else found + 1
        window = self._desk.window(listing, following, 1)
        return (window[0] if window else None), following

    def place(self, send: "SendRecord") -> int | None:
        """Return the place of *send* in the list as it is now, counted from 0, or None."""
        return self._desk.position(self._listing(), send.id)

    def send_at(self, place: int) -> "SendRecord | None":
        """Return the send at a place of the list as it is now, counted from 0."""
        window = self._desk.window(self._listing(), place, 1) if place >= 0 else ()
        return window[0] if window else None

    def recount(self) -> bool:
        """Count the list and what waits anew; return whether either has changed.

        Raises:
            DeskUnavailable: If the database cannot be read.
        """
        before = self.total, self.waiting
        triage = self._desk.listing(self._desk.parse(_TRIAGE.query))
        self.waiting = self._desk.count(triage).value
        is_triage = self.view is _TRIAGE or self._query is None
        self.total = self.waiting if is_triage else self._desk.count(self._listing()).value
        return before != (self.total, self.waiting)

    def where(self) -> str:
        """Return in a sentence where the agent is and how many sends wait."""
        if self.view is _TRIAGE:
            need = "needs" if self.total == 1 else "need"
            return f"Triage: {count(self.total, 'send')} {need} an agent."
        wait = "waits" if self.waiting == 1 else "wait"
        what = "batch" if self._is_of_batches() else "send"
        return f"{self.name}: {count(self.total, what)}. {self.waiting:,} {wait} in Triage."

    def _is_of_batches(self) -> bool:
        from models.query import is_of_batches

        return self._query is not None and is_of_batches(self._query)

    def _open(self, query: "Query", view: View | None) -> None:
        # Whatever cannot be read leaves the list that is open as it is.
        listing = self._desk.listing(query)
        self._desk.window(listing, 0, 1)
        self._enter(query, view)
        self._console.say(self.where())
        if self.total:
            self._say_page(listing, 0)
        else:
            self._say_nothing()

    def _enter(self, query: "Query", view: View | None) -> None:
        self._query, self.view = query, view
        self._by_number, self._numbers, self._page, self._start = {}, {}, (), 0
        self.recount()

    def _listing(self) -> "Listing":
        query = self._query or self._desk.parse(_TRIAGE.query)
        return self._desk.listing(query)

    def _place_behind(self, listing: "Listing", page: "Sequence[SendRecord]", start: int) -> int:
        """Return the place behind *page*; what has left the list since makes room."""
        for send in reversed(page):
            if (place := self._desk.position(listing, send.id)) is not None:
                return place + 1
        return start

    def _most(self) -> int:
        return max(self._console.page - _ROOM, 1)

    def _say_page(self, listing: "Listing", start: int, end: int | None = None) -> None:
        """Say as many sends from *start* on as fit on a page; with an *end*, the last before it."""
        window = self._desk.window(listing, start, self._most() if end is None else end - start)
        local, room = self._desk.local_time(), self._most()
        page: list[SendRecord] = []
        lines: list[str] = []
        for send in window if end is None else reversed(window):
            # Numbers are given once it is known which sends fit: until then each takes the widest.
            taken = self._console.lines(row(start + len(window), send, local), indent=3)
            if page and len(lines) + len(taken) > room:
                break
            page.append(send)
            lines += taken
        if end is not None:
            page.reverse()
            start = end - len(page)
        self._page, self._start = page, start
        for send in page:
            self._console.say(row(self._number(send), send, local), indent=3)
        self.total = max(self.total, start + len(page))
        self._console.say(self._what_follows(start + len(page)))

    def _what_follows(self, end: int) -> str:
        more = self.total - end
        if more > 0:
            return f"{more:,} more follow: type next." if more > 1 else "1 more follows: type next."
        return "That is all." if self._start == 0 else "That is the last page."

    def _number(self, send: "SendRecord") -> int:
        number = self._numbers.setdefault(send.id, len(self._numbers) + 1)
        self._by_number[number] = send
        return number

    def _say_nothing(self) -> None:
        """Say why the list is empty, and what may be typed."""
        if not self._desk.total():
            said = (
                "There are no sends yet: senddesk import FILE, typed in a shell, brings them here."
            )
        elif self.view is _TRIAGE:
            said = f"Nothing needs an agent.{self._ahead()} Type all for every send."
        elif self.view:
            said = "Nothing is in this view. Type 1 for Triage, or all for every send."
        else:
            said = "No send matches. Type filter and other words, or the name of a view."
        self._console.say(spoken(said))

    def _ahead(self) -> str:
        """Return which send needs an agent next, and when."""
        following = self._desk.next_due()
        if following is None or following.triage_at is None:
            return ""
        return f" Next: {named(following)}, {self._desk.local_time().words(following.triage_at)}."
