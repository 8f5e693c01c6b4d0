"""What time and colleagues have changed since the agent last pressed Enter, told before the next prompt."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Final

from models.errors import DeskError
from models.rules.event_words import who_did
from tui.plain.console import Console, in_words
from tui.plain.sends import Sends
from tui.plain.sentences import count, named, owner, standing, status

if TYPE_CHECKING:
    from models.desk import Desk
    from models.reading.passing_time import Arrival
    from models.records import Case, SendRecord
    from models.writing.rule_runner import Ruled

_MOST_NAMED = 3
"""How many changed sends are told one by one; of more, only their numbers are."""
_CAME: Final = {
    "snooze": "back from snooze",
    "follow-up": "to follow up",
    "limit": "past its limit",
}


class News:
    """Asks the database before each prompt, and never in between."""

    def __init__(self, desk: "Desk", console: Console, sends: Sends) -> None:
        self._desk = desk
        self._console = console
        self._sends = sends
        self._told_until: datetime = desk.now()
        self._next_at: datetime | None = None
        """The next moment, in UTC, that changes something; None if there is none."""
        self._knows_next = False
        """Whether nothing was written since `_next_at` was asked for."""
        self._is_away = False
        """Whether the database did not answer when it was asked last."""

    def written(self) -> None:
        """Ask anew when time will change something: the agent has written something."""
        self._knows_next = False

    def tell(self, case: "Case | None") -> "Case | None":
        """Say what has changed, and return the open *case* as the agent then knows it."""
        try:
            found = self._tell(case)
        except DeskError as problem:
            if not self._is_away:
                self._console.refuse(f"{problem} What was said before may be old.")
            self._is_away = True
            return case
        self._is_away = False
        return found

    def _tell(self, case: "Case | None") -> "Case | None":
        changed = self._desk.changed()
        if self._is_away:
            self._console.say("The database answers again.")
            changed = True
        passed = self._passed(by_others=changed)
        if changed:
            case = self._tell_changes(case)
        if (changed or passed) and self._sends.recount():
            self._console.say(f"{self._sends.where()} Type list to read it again.")
        return case

    def _passed(self, *, by_others: bool) -> bool:
        """Say what time has brought into triage; return whether it has changed anything."""
        now = self._desk.now()
        is_over = self._next_at is not None and now > self._next_at
        if self._knows_next and not is_over and not by_others:
            return False
        time = self._desk.passing_time(self._told_until, now)
        self._told_until, self._next_at, self._knows_next = now, time.next_at, True
        if time.arrivals:
            self._console.say(self._arrivals(time.arrivals))
        ruled = time.are_rules_due and self._run_rules()
        return is_over or ruled or bool(time.arrivals)

    def _run_rules(self) -> bool:
        """Run the rules that time triggers and say what they did; return whether that is anything.

        They change a hundred sends at most: what is left waits for the next prompt.
        """
        if self._desk.read_only:
            return False
        from models.rules.rule_words import run_words

        begun = False

        def has_begun() -> bool:
            nonlocal begun
            was, begun = begun, True
            return was

        done: list[Ruled] = []
        # A user of the server may have no right to write, and whoever has runs them too.
        with suppress(DeskError):
            done.extend(self._desk.run_rules("desk", stop=has_begun))
        if done:
            self._knows_next = False
            self._console.say(run_words(done))
        return bool(done)

    def _arrivals(self, arrivals: "Sequence[Arrival]") -> str:
        told = [
            f"{named(self._desk.case(each.send_id).send)} is {_CAME[each.reason]}"
            for each in arrivals[:_MOST_NAMED]
        ]
        more = len(arrivals) - len(told)
        return f"Into triage: {in_words([*told, f'{more:,} more'] if more else told)}."

    def _tell_changes(self, case: "Case | None") -> "Case | None":
        """Say what others did to the open case and to the sends that were said."""
        if case is not None:
            case = self._tell_case(case)
        known = [send for send in self._sends.known if case is None or send.id != case.send.id]
        now = {send.id: send for send in self._desk.as_now(known)}
        changed = [now[send.id] for send in known if now.get(send.id, send) != send]
        for send in changed[:_MOST_NAMED]:
            number = self._sends.number_of(send)
            self._console.say(f"Number {number} has changed: {send.ref}, {self._state(send)}.")
            self._sends.tell(send)
        if rest := changed[_MOST_NAMED:]:
            numbers = [f"{self._sends.number_of(send)}" for send in rest]
            have = "has" if len(rest) == 1 else "have"
            self._console.say(f"{in_words(numbers[:20])} {have} changed too.")
        if gone := [send for send in known if send.id not in now]:
            are = "is" if len(gone) == 1 else "are"
            self._console.say(f"{count(len(gone), 'send')} of the list {are} no longer there.")
        return case

    def _tell_case(self, case: "Case") -> "Case":
        fresh = self._desk.case(case.send.id)
        if fresh.send == case.send:
            return case
        seen = case.history[0].seq if case.history else 0
        new = [event for event in reversed(fresh.history) if event.seq > seen]
        did = [who_did(fresh.send.provider, event) for event in new[-_MOST_NAMED:]]
        said = f": {in_words(did)}" if did else ""
        self._console.say(f"{fresh.send.ref} has changed{said}. Now {self._state(fresh.send)}.")
        self._sends.tell(fresh.send)
        return fresh

    def _state(self, send: "SendRecord") -> str:
        stands = standing(send, self._desk.local_time())
        return f"{status(send)}, {stands}, {owner(send)}"
