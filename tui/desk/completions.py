"""What the filter line offers: recent filters, and what may stand at the cursor with its counts."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from models.errors import DeskError
from models.reading.counts import Facets
from tui.desk.counts import Counts
from tui.desk.jobs import Jobs
from tui.desk.session import Session
from tui.filter_history import FilterHistory
from tui.widgets.filter.filter_line import FilterLine
from tui.widgets.filter.text import Completion

if TYPE_CHECKING:
    from models.query import Query

_RECENT = 8


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
        self._rest: Query | None = None
        """The filter that `_facets` are counts of."""
        self._facets = Facets()

    def begin(self) -> None:
        """Take the counts of the list as it is when the line opens."""
        self._rest, self._facets = self._counts.counted, self._counts.facets

    def offer(self, text: str, cursor: int) -> None:
        """Offer what may stand at *cursor* in *text*, again once its counts were read."""
        from models.query import without_word

        self._jobs.stop("completions")
        rest = self._rest
        # Where the other words cannot be read on their own, the last counts have to do.
        with suppress(DeskError):
            rest = self._session.desk.parse(without_word(text, cursor))
        if rest == self._counts.counted:
            self.begin()
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
        return completions(text, cursor, self._facets, self._history.recent)


def completions(
    text: str, cursor: int, facets: Facets, recent: Sequence[str]
) -> tuple[Completion, ...]:
    """Return what may stand at *cursor*, the best first; in an empty line recent filters come first.

    Args:
        text: The filter as far as it was typed.
        cursor: Where the cursor stands in it.
        facets: Counts by value.
        recent: The agent's last filters, the newest first.
    """
    from models.query import complete

    used = () if text else tuple(Completion(each, "used lately", 0) for each in recent[:_RECENT])
    known = {"owner": _owners(facets), "status": _statuses(facets)}
    offered = complete(text, cursor, known)
    return (*used, *(Completion(each.text, each.help, each.start) for each in offered))


def _owners(facets: Facets) -> Mapping[str, str]:
    return {facet.value: f"{facet.count:,} sends" for facet in facets.owner}


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
