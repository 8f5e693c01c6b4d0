"""Verbs, undo and redo, told in sentences: never over somebody else's change without being asked."""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from models.errors import DeskError, OffLifecycle, StaleSend
from models.records import Event, SendRecord
from models.rules.event_words import from_to, who_did
from models.values.text import named
from models.writing.writer import Bulk, Request
from tui.on_platform import doer_of
from tui.plain.console import Console, Left
from tui.plain.sends import Sends
from tui.plain.sentences import count, owner, sentence, spoken, status
from tui.preview import Judged, by_change, forced, preview_of, reasons, steps
from tui.terminal.stopping import stoppable
from tui.verbs import Change, done_again, taken_back

if TYPE_CHECKING:
    from models.desk import Desk
    from models.writing.bulk import BulkResult
    from models.writing.steps import Step
    from tui.preview import Changes, Preview
    from tui.preview import Step as Becomes

Done = tuple[Event, SendRecord]
"""An action that was done, taken back or done again, and its send as it then stood."""
_CHANGES_SAID = 4
"""How many of the newest changes a conflict tells one by one."""
_BACK = "Undo takes it back."


class Doing:
    """Writes what the agent has decided, and says what became of it.

    Attributes:
        last: What was done last, which can be done once more; None at first.
        on_done: Is called with the verb's actions, or those done again.
        on_undone: Is called with the actions that were taken back.
    """

    def __init__(self, desk: "Desk", console: Console, sends: Sends) -> None:
        self.last: Change[Any] | None = None
        self.on_done: Callable[[Sequence[Done]], object] = lambda done: None
        self.on_undone: Callable[[Sequence[Done]], object] = lambda done: None
        self._desk = desk
        self._console = console
        self._sends = sends
        self._passed: list[Step] = []
        """What was refused to be taken back since the last verb: the next undo passes it over."""

    def do(self, changes: "Changes") -> None:
        """Make *changes*: one send at once, several after a preview.

        Raises:
            Left: If the agent leaves it.
            DeskError: If it is refused.
        """
        ((change, sends), *more) = changes
        if more or len(sends) > 1:
            self._do_several(changes)
        else:
            self._do_one(change, sends[0])

    def undo(self, seen: SendRecord | None) -> None:
        """Take back the agent's last action, on *seen* or on any sends.

        Raises:
            DeskError: If there is none, or it is refused.
        """
        step = self._desk.last_step(seen, () if seen else tuple(self._passed))
        if done := self._turn(step, seen, taken_back, "Redo does it again."):
            self.on_undone(done)
        elif seen is None:
            self._passed.append(step)
            self._console.say("Undo once more takes back what you did before it.")

    def redo(self, seen: SendRecord | None) -> None:
        """Do again what the agent took back last, on *seen* or on any sends.

        Raises:
            DeskError: If there is nothing, or it is refused.
        """
        step = self._desk.last_undone_step(seen)
        if done := self._turn(step, seen, done_again, _BACK):
            self.on_done(done)

    def _do_one(self, change: Change[Any], seen: SendRecord) -> None:
        request = Request()
        while True:
            try:
                doer = doer_of(self._desk, change.verb)
                case = doer.do(seen, change.operation, request=request)
                break
            except StaleSend as stale:
                if stale.theirs is None or not self._insists(seen, stale, change):
                    raise Left from None
                seen = stale.theirs
            except OffLifecycle:
                if change.verb.force is None or not self._agrees_to(change, seen):
                    raise Left from None
                change = change.forced(True)
        said = change.verb.said(case.send, change.answer, self._desk.local_time())
        back = "" if change.verb.on_platform else f" {_BACK}"
        self._console.say(f"{sentence(spoken(said))}{back}")
        action = next(event for event in case.history if event.kind is change.verb.kind)
        self._finish(change, [(action, case.send)])

    def _insists(self, seen: SendRecord, stale: StaleSend, change: Change[Any]) -> bool:
        """Say how the send has changed, and return whether the change is made all the same."""
        theirs = stale.theirs
        assert theirs is not None
        console = self._console
        console.say(str(stale))
        for event in stale.changes[:_CHANGES_SAID]:
            step = from_to(seen.provider, event)
            what = f", {spoken(step)}" if step else ""
            why = f": {event.reason}" if event.reason else "."
            at = self._desk.local_time().words(event.recorded_at)
            console.say(f"{at}, {who_did(seen.provider, event)}{what}{why}")
        console.say(f"You were told: {_state(seen)}. Now: {_state(theirs)}.")
        console.say(f"Yours would be: {change.wanted}.")
        self._sends.tell(theirs)
        try:
            choice = console.choose(
                "Type theirs to keep it as it is now, or mine to make your change: ",
                ("theirs", "mine"),
            )
        except Left:
            return False
        return choice == "mine"

    def _agrees_to(self, change: Change[Any], seen: SendRecord) -> bool:
        console = self._console
        before, after = change.step(seen, self._desk.local_time().words)
        console.say(f"{seen.ref} is {before}, which is not usually followed by {after}.")
        return console.agrees("Set it all the same?")

    def _do_several(self, changes: "Changes") -> None:
        desk, console = self._desk, self._console
        chosen = [send for _, sends in changes for send in sends]
        now = {send.id: send for send in desk.as_now(chosen)}
        changed = [send.id for send in chosen if now.get(send.id, send) != send]
        current = [
            (change, [now[send.id] for send in sends if send.id in now])
            for change, sends in changes
        ]
        gone = len(chosen) - len(now)
        preview = preview_of(desk, current, desk.local_time().words, changed=changed)
        console.tell(_preview(preview, gone))
        judged = self._consent(preview)
        written, refused = self._write(judged)
        for change, done in written.items():
            console.say(f"{count(len(done), 'send')}: {spoken(change.wanted)}.")
            self._finish(change, done)
        if any(not change.verb.on_platform for change in written):
            console.say("Undo takes all of it back." if len(judged) > 1 else _BACK)
        not_done = [*(str(each.verdict.refusal) for each in preview.refused), *refused]
        console.refusals += len(not_done)
        if not_done:
            console.tell([f"{count(len(not_done), 'send')} refused:", *not_done], indent=2)

    def _consent(self, preview: "Preview") -> list[Judged]:
        """Return to which sends the changes are made.

        Raises:
            Left: If to none.
        """
        console, usual, possible = self._console, preview.usual, preview.possible
        if not possible:
            raise Left
        if len(usual) == len(possible):
            if not console.agrees(f"Do it to {_these(len(possible))}?"):
                raise Left
        elif not usual:
            if not console.agrees(f"Do it to {_these(len(possible))} all the same?"):
                raise Left
        else:
            asked = f"All {len(possible):,}, only the {len(usual):,} usual, or none: "
            answer = console.choose(asked, ("all", "usual", "only", "none"))
            if answer == "none":
                raise Left
            possible = possible if answer == "all" else usual
        return forced(possible)

    def _write(self, judged: Sequence[Judged]) -> tuple[dict[Change[Any], list[Done]], list[str]]:
        """Write to the sends of *judged*; return what was done, and a sentence for each refusal."""
        bulk, written, refused = Bulk(), dict[Change[Any], list[Done]](), list[str]()
        tried = 0
        problem = "stopped before it was tried."
        with stoppable() as stop:
            try:
                for change, result in self._results(judged, bulk, stop):
                    tried += 1
                    if isinstance(result.became, DeskError):
                        refused.append(named(result.seen.ref, str(result.became)))
                    elif result.event is not None:
                        written.setdefault(change, []).append((result.event, result.became))
            except DeskError as error:
                problem = str(error)
        if tried < len(judged):
            refused.append(f"{len(judged) - tried:,} not tried: {problem}")
        return written, refused

    def _results(
        self, judged: Sequence[Judged], bulk: Bulk, stop: Callable[[], bool]
    ) -> "Iterator[tuple[Change[Any], BulkResult]]":
        for change, those in by_change(judged):
            pairs = ((each.send, bulk.request(each.send)) for each in those)
            doer = doer_of(self._desk, change.verb)
            for result in doer.do_all(pairs, change.operation, stop=stop):
                yield change, result

    def _turn(
        self,
        step: "Step",
        seen: SendRecord | None,
        told: Callable[[Event, SendRecord], str],
        back: str,
    ) -> list[Done]:
        """Take *step* back or do it again, and return what was not refused."""
        done: list[Done] = []
        refused = []
        for action, result in zip(step, self._desk.undo_or_redo(step, seen=seen), strict=True):
            if isinstance(result.became, DeskError):
                refused.append(str(result.became))
            else:
                done.append((action.event, result.became))
        if done:
            first, send = done[0]
            who = send.ref if len(done) == 1 else count(len(done), "send")
            self._console.say(f"{who}: {spoken(told(first, send))}. {back}")
        self._console.refusals += len(refused)
        self._console.tell(refused)
        for _, send in done:
            self._sends.tell(send)
        return done

    def _finish(self, change: Change[Any], done: Sequence[Done]) -> None:
        self.last = change
        self._passed.clear()
        for _, send in done:
            self._sends.tell(send)
        self.on_done(done)


def _preview(preview: "Preview", gone: int) -> Iterator[str]:
    """Yield what becomes of what and how often, then what speaks against it."""
    yield f"{count(len(preview.all), 'send')}:"
    for becomes, number in steps(preview.possible):
        yield f"{number:,} {_becomes(becomes)}."
    for why, number in reasons(preview.unusual):
        yield f"Unusual, {count(number, 'send')}: {why}."
    for why, number in reasons(preview.refused):
        yield f"Refused, {count(number, 'send')}: {why}."
    if gone:
        yield f"{count(gone, 'send')} {'is' if gone == 1 else 'are'} no longer there."


def _becomes(step: "Becomes") -> str:
    before, after = step
    return f"from {before} to {after}" if before else spoken(after)


def _these(number: int) -> str:
    return "this one" if number == 1 else f"these {number:,}"


def _state(send: SendRecord) -> str:
    return f"{status(send)}, {owner(send)}"
