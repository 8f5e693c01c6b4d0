"""What was done in a round of triage, as a line and as a text for the next agent."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain
from typing import Any

from models.records import EventKind, SendRecord
from tui.verbs import VERBS, Verb

_LAST = (EventKind.OWNER, EventKind.NOTE)
"""Who has a send and what was noted is told after what was decided about it."""
_ORDER = sorted(VERBS.values(), key=lambda verb: verb.kind in _LAST)


class TriageReport:
    """Counts what was done in one round; a send counts once for each verb."""

    def __init__(self) -> None:
        self._sends: dict[str, dict[int, list[SendRecord]]] = {}
        """By the name of a verb, and by their ids: the sends it was done to, as it left them each time."""

    @property
    def handled(self) -> dict[int, SendRecord]:
        """The sends that something was done to, by their ids, as they were left last."""
        found: dict[int, SendRecord] = {}
        for by_id in self._sends.values():
            for send in chain.from_iterable(by_id.values()):
                other = found.get(send.id)
                if other is None or other.revision < send.revision:
                    found[send.id] = send
        return found

    def add(self, verb: Verb[Any], sends: Iterable[SendRecord]) -> None:
        """Count that *verb* was done to *sends*, which are as it left them."""
        by_id = self._sends.setdefault(verb.name, {})
        for send in sends:
            by_id.setdefault(send.id, []).append(send)

    def discard(self, send_id: int, revision: int) -> None:
        """Count no longer what was done to a send: it was taken back.

        Args:
            send_id: The send.
            revision: The one that it got by what was done.
        """
        for by_id in self._sends.values():
            left = [send for send in by_id.get(send_id, []) if send.revision != revision]
            if left:
                by_id[send_id] = left
            else:
                by_id.pop(send_id, None)

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
            if by_id := self._sends.get(verb.name):
                yield verb, [sends[-1] for sends in by_id.values()]


def _line(verb: Verb[Any], send: SendRecord) -> str:
    return "  ".join(filter(None, (send.ref, send.recipient_name, verb.detail(send))))
