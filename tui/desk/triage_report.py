"""A round of triage: what was done to how many sends, and how that is handed over."""

from collections.abc import Iterable
from datetime import datetime

from models.records import SendRecord

_DONE = {
    "set": "set to another status",
    "release": "released",
    "escalate": "escalated",
    "resolve": "resolved",
    "snooze": "snoozed",
    "done": "done for now",
    "take": "taken",
    "assign": "given away",
    "note": "noted",
}
"""By the verb of the command line, in the order of the summary."""


class Round:
    """Counts the deeds of one round; a send counts once for each verb."""

    def __init__(self) -> None:
        self._done: dict[str, dict[int, SendRecord]] = {verb: {} for verb in _DONE}

    @property
    def handled(self) -> dict[int, SendRecord]:
        """The sends that something was done to, by their ids, as they were left last."""
        found: dict[int, SendRecord] = {}
        for sends in self._done.values():
            for send in sends.values():
                other = found.get(send.id)
                if other is None or other.revision < send.revision:
                    found[send.id] = send
        return found

    def add(self, verb: str, sends: Iterable[SendRecord]) -> None:
        """Count that *verb* was done to *sends*, which are as it left them."""
        self._done[verb].update((send.id, send) for send in sends)

    def take_back(self, send: SendRecord) -> None:
        """Forget that *send* was set to another status."""
        self._done["set"].pop(send.id, None)

    def summary(self) -> str:
        """Return the round in a line: `31 handled: 6 escalated, 5 snoozed`."""
        counts = [
            f"{len(self._done[verb])} {said}" for verb, said in _DONE.items() if self._done[verb]
        ]
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
        for verb, said in _DONE.items():
            if self._done[verb]:
                lines += ["", said.capitalize()]
                lines += [_line(verb, send) for send in self._done[verb].values()]
        return "\n".join(lines)


def _line(verb: str, send: SendRecord) -> str:
    what = {"set": send.override_reason, "escalate": send.escalation_ref, "assign": send.owner}
    return "  ".join(filter(None, ("", send.ref, send.recipient_name, what.get(verb, ""))))
