"""What the filter line offers: recent filters, and what may stand at the cursor with its counts."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from models.errors import DeskError
from models.reading.facet_counts import Facets
from tui.desk.counts import Counts
from tui.desk.jobs import Jobs
from tui.desk.session import Session
from tui.filter_history import FilterHistory
from tui.widgets.filter.filter_line import FilterLine
from tui.widgets.filter.text import Completion

if TYPE_CHECKING:
    from models.query import Query

_RECENT = 8
_MACHINES: Mapping[str, str] = {
    "import": "files that were imported",
    "api": "what the platforms reported",
    "rule": "what happened because time had passed",
}


class Completer:
    """Offers what may stand at the cursor of the filter line.

    The counts beside owners and statuses are of the filter without the word at the cursor. The list
    follows that word while it is typed, and half a word often fits no send at all.
    """

    def __init__(
        self,
        session: Session,
        jobs: Jobs,
        counts: Counts,
        line: FilterLine,
        history: FilterHistory,
    ) -> None:
        self._session = session
        self._jobs = jobs
        self._counts = counts
        self._line = line
        self._history = history
        self._days: Mapping[str, Mapping[str, str]] = {}
        """What the words for days mean, by key, from when the line was opened."""
        self._rest: Query | None = None
        """The filter that `_facets` are counts of."""
        self._facets = Facets()

    def begin(self) -> None:
        """Take the counts of the list, and the present, as they are when the line opens."""
        from models.query import dated_words
        from models.values.calendar import Calendar

        session = self._session
        self._days = dated_words(session.clock(), Calendar(zone=session.options.zone))
        self._take_counts()

    def is_unfinished(self, text: str, cursor: int) -> bool:
        """Return whether the word at *cursor* is so far only the beginning of one that is known."""
        from models.query import may_go_on

        return may_go_on(text, cursor, self._known())

    def offer(self, text: str, cursor: int) -> None:
        """Offer what may stand at *cursor* in *text*, again once its counts were read."""
        from models.query import without_word

        self._jobs.stop("completions")
        rest = self._rest
        # Where the other words cannot be read on their own, the last counts have to do.
        with suppress(DeskError):
            rest = self._session.desk.parse(without_word(text, cursor))
        if rest == self._counts.counted:
            self._take_counts()
        self._line.completions = self._completions(text, cursor)
        if rest is not None and rest != self._rest:
            self._jobs.restart("completions", self._count, rest, text, cursor)

    async def _count(self, rest: "Query", text: str, cursor: int) -> None:
        offered = self._line.completions
        reader = self._session.desk.cancellable()
        try:
            facets = await asyncio.to_thread(reader.facets, rest)
        finally:
            # A thread goes on after its job was stopped.
            reader.cancel()
        self._rest, self._facets = rest, facets
        # What the agent has closed stays closed, and what is being chosen from stays as it is.
        if self._line.completions == offered and not self._line.is_choosing:
            self._line.completions = self._completions(text, cursor)

    def _completions(self, text: str, cursor: int) -> tuple[Completion, ...]:
        from models.query import complete

        lately = self._history.recent[:_RECENT] if not text.strip() else ()
        used = tuple(Completion(each, "used lately", 0) for each in lately)
        offered = complete(text, cursor, self._known())
        return (*used, *(Completion(each.text, each.help, each.start) for each in offered))

    def _take_counts(self) -> None:
        self._rest, self._facets = self._counts.counted, self._counts.facets

    def _known(self) -> dict[str, Mapping[str, str]]:
        """Return, by key, the values that the desk knows, with a few words on each."""
        me = self._session.options.agent
        owners, statuses = _owners(self._facets, me), _statuses(self._facets)
        names = [owner for owner in owners if not owner.startswith("@")]
        return {
            **self._days,
            "owner": owners,
            "by": {**dict.fromkeys(names, "what they did"), **_MACHINES},
            "status": statuses,
        }


def _owners(facets: Facets, me: str) -> Mapping[str, str]:
    """Return the agent, nobody, and the others who have sends, each with their number."""
    counts = {facet.value: facet.count for facet in facets.owner}
    first = {"@me": counts.pop(me, 0), "@none": counts.pop("", 0)}
    return {
        owner: f"{count:,} send{'' if count == 1 else 's'}"
        for owner, count in (first | counts).items()
    }


def _statuses(facets: Facets) -> Mapping[str, str]:
    """Return every status, those first that most sends have, each with their number."""
    from models.query import values_for

    counts: Counter[str] = Counter()
    for facet in facets.status:
        counts[facet.value.partition(":")[2]] += facet.count
    said = values_for("status")
    met = {
        slug: f"{count:,} · {said[slug]}" for slug, count in counts.most_common() if slug in said
    }
    return {**met, **{slug: words for slug, words in said.items() if slug not in met}}
