"""What was done in a round of triage, as a line and as a text for the next agent."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from models.records import EventKind, SendRecord
from tui.verbs import SET, VERBS, Verb

_LAST = (EventKind.OWNER, EventKind.NOTE)
"""Who has a send and what was noted is told after what was decided about it."""
_ORDER = sorted(VERBS.values(), key=lambda verb: verb.kind in _LAST)


class TriageReport:
    """Counts what was done in one round; a send counts once for each verb."""

    def __init__(self) -> None:
        self._sends: dict[str, dict[int, SendRecord]] = {}
        """By the name of a verb, and by their ids: the sends it was done to, as it left them."""

    @property
    def handled(self) -> dict[int, SendRecord]:
        """The sends that something was done to, by their ids, as they were left last."""
        found: dict[int, SendRecord] = {}
        for sends in self._sends.values():
            for send in sends.values():
                other = found.get(send.id)
                if other is None or other.revision < send.revision:
                    found[send.id] = send
        return found

    def add(self, verb: Verb[Any], sends: Iterable[SendRecord]) -> None:
        """Count that *verb* was done to *sends*, which are as it left them."""
        self._sends.setdefault(verb.name, {}).update((send.id, send) for send in sends)

    def discard(self, send: SendRecord) -> None:
        """Count no longer that *send* was set to another status: that was undone."""
        self._sends.get(SET.name, {}).pop(send.id, None)

    def summary(self) -> str:
        """Return the round in a line: `31 handled: 6 escalated, 5 snoozed`."""
        counts = [f"{len(sends)} {verb.handled}" for verb, sends in self._by_verb()]
        handled = f"{len(self.handled)} handled"
        return f"{handled}: {', '.join(counts)}" if counts else handled

    def hand_over(self, agent: str, ended: datetime, left: int) -> str:
        """Return the round as a text for the next agent.

        Args:
            agent: Who did it.
            ended: When, in the time zone of the agent.
            left: How many sends still need an agent.
        """
        need = "send still needs" if left == 1 else "sends still need"
        lines = [
            f"Triage by {agent}, {ended:%Y-%m-%d %H:%M}",
            f"{self.summary()}.",
            f"{left:,} {need} an agent.",
        ]
        for verb, sends in self._by_verb():
            lines += ["", verb.handled.capitalize(), *(_line(verb, send) for send in sends)]
        return "\n".join(lines)

    def _by_verb(self) -> Iterator[tuple[Verb[Any], list[SendRecord]]]:
        """Yield each verb that was used, with the sends it was done to."""
        for verb in _ORDER:
            if sends := self._sends.get(verb.name):
                yield verb, list(sends.values())


def _line(verb: Verb[Any], send: SendRecord) -> str:
    return "  ".join(filter(None, (send.ref, send.recipient_name, verb.detail(send))))
