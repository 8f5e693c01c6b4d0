"""What each agent did, counted by verb."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from models.records import EventKind
from models.report.sources import Deed
from models.rules.log_verbs import LOG_VERBS

_TITLES: Final[Mapping[str, str]] = MappingProxyType({EventKind.OWNER.value: "take/assign"})
"""What verbs that write one kind of event are called together."""
_VERBS: Final[Mapping[str, str]] = MappingProxyType(
    {
        # Of the verbs that write one kind the first gives its name.
        **{kind.value: verb for verb, kind in reversed(tuple(LOG_VERBS.items())) if kind},
        **_TITLES,
    }
)


class Work:
    """What agents did in one span."""

    def __init__(self) -> None:
        self.deeds: defaultdict[str, Counter[str]] = defaultdict(Counter)
        """By agent: how often each verb was used."""
        self.sends: defaultdict[str, set[int]] = defaultdict(set)
        """By agent: the sends that something was done to."""

    def add(self, deed: Deed) -> None:
        """Count *deed*."""
        self.deeds[deed.actor][_VERBS.get(deed.kind, deed.kind)] += 1
        self.sends[deed.actor].add(deed.send_id)

    @property
    def agents(self) -> list[str]:
        """Who did anything, the busiest first."""
        return sorted(self.deeds, key=lambda agent: (-self.deeds[agent].total(), agent))

    @property
    def verbs(self) -> list[str]:
        """What was done at all, in the order of the log's verbs."""
        used = {verb for counts in self.deeds.values() for verb in counts}
        known = list(dict.fromkeys(_VERBS[kind.value] for kind in LOG_VERBS.values() if kind))
        return [verb for verb in known if verb in used]

    @property
    def total(self) -> int:
        """How many actions there were."""
        return sum(counts.total() for counts in self.deeds.values())

    @property
    def all_sends(self) -> int:
        """To how many different sends something was done."""
        return len(set().union(*self.sends.values()))


def work(deeds: Iterable[Deed], since: datetime) -> tuple[Work, Work]:
    """Return what was done from *since* (UTC) on, and what was done before that."""
    here, there = Work(), Work()
    for deed in deeds:
        (here if deed.at >= since else there).add(deed)
    return here, there
