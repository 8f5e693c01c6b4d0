"""What was done in a round of triage, as a line and as a text for the next agent."""

from collections.abc import Sequence
from typing import NamedTuple

from models.providers import catalogue
from models.records import Event, EventKind, SendRecord
from models.rules.batches import who
from models.rules.deeds import deed
from models.values.local_time import LocalTime
from models.values.text import display_text
from tui.style.formats import due_words
from tui.verbs import VERBS, verb_of

_LAST = (EventKind.OWNER, EventKind.NOTE)
"""Who has a send and what was noted is told after what was decided about it."""
_ORDER = sorted(VERBS.values(), key=lambda verb: verb.kind in _LAST)


class StillOpen(NamedTuple):
    """What needs an agent when a round ends."""

    sends: Sequence[SendRecord]
    """The first of them, the longest overdue first."""
    total: int


class TriageReport:
    """Keeps what was done in one round; a send counts once for each verb."""

    def __init__(self) -> None:
        self._sends: dict[int, SendRecord] = {}
        """By their ids: the sends that something was done to, as they were left last."""
        self._deeds: dict[int, list[Event]] = {}
        """By the ids of the sends: what was done, the oldest first."""

    @property
    def handled(self) -> dict[int, SendRecord]:
        """The sends that something was done to, by their ids, as they were left last."""
        return {id_: self._sends[id_] for id_, deeds in self._deeds.items() if deeds}

    def add(self, action: Event, send: SendRecord) -> None:
        """Count that *action* was done to *send*, which is as it left it."""
        self._sends[send.id] = send
        self._deeds.setdefault(send.id, []).append(action._replace(seq=send.revision))

    def discard(self, action: Event, send: SendRecord) -> None:
        """Count *action* no longer: it was taken back; *send* is as that left it."""
        if send.id in self._deeds:
            self._sends[send.id] = send
            left = [each for each in self._deeds[send.id] if each.seq != action.seq]
            self._deeds[send.id] = left

    def summary(self) -> str:
        """Return the round in a line: `31 handled: 6 escalated, 5 snoozed`."""
        names = [{verb_of(each).name for each in deeds} for deeds in self._deeds.values()]
        counts = [(sum(verb.name in each for each in names), verb.handled) for verb in _ORDER]
        told = ", ".join(f"{count} {word}" for count, word in counts if count)
        handled = f"{len(self.handled)} handled"
        return f"{handled}: {told}" if told else handled

    def hand_over(self, agent: str, local: LocalTime, still_open: StillOpen) -> str:
        """Return the round as a text for the next agent: what was done to each send, and what is left.

        Args:
            agent: Who did it.
            local: The present of the agent; each time has its offset, for a reader elsewhere.
            still_open: What needs an agent now.
        """
        time = local.zoned_words
        lines = [f"Triage by {agent}, {time(local.now)}", f"{self.summary()}."]
        for send in self.handled.values():
            lines += ["", _name(send)]
            lines += [f"  {deed(send.provider, each, time)}" for each in self._deeds[send.id]]
        return "\n".join([*lines, "", *_what_is_left(still_open, local)])


def _what_is_left(still_open: StillOpen, local: LocalTime) -> list[str]:
    """Return how many sends need an agent, then the first of them, one on a line."""
    if not still_open.total:
        return ["Nothing is left: no send needs an agent."]
    need = "send still needs" if still_open.total == 1 else "sends still need"
    lines = [f"Left: {still_open.total:,} {need} an agent, the longest overdue first.", ""]
    for send in still_open.sends:
        label = catalogue.status(send.provider, send.status).label
        due = due_words(send, local.now, zone=local.zone).words
        owner = f"owner {display_text(send.owner, 60)}" if send.owner else ""
        lines.append(" · ".join(filter(None, (_name(send), label, due, owner))))
    if more := still_open.total - len(still_open.sends):
        lines.append(f"and {more:,} more")
    return lines


def _name(send: SendRecord) -> str:
    whom = display_text(who(send), 80)
    return "  ".join(filter(None, (send.ref, whom)))
