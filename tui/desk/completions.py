"""What the filter line offers: recent filters, and what may stand at the cursor with its counts."""

from collections import Counter
from collections.abc import Mapping, Sequence

from models.reading.counts import Facets
from tui.widgets.filter.text import Completion

_RECENT = 8


def completions(
    text: str, cursor: int, facets: Facets, recent: Sequence[str]
) -> tuple[Completion, ...]:
    """Return what may stand at *cursor*, the best first; in an empty line recent filters come first.

    Args:
        text: The filter as far as it was typed.
        cursor: Where the cursor stands in it.
        facets: Counts by value under the filter in force.
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
