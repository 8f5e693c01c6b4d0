"""`senddesk undo` and `redo`: what an agent did is taken back, and done again."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import click

from models.errors import DeskError, NothingToDo, UnknownSend
from models.records import Outcome, SendRecord
from models.rules.event_words import did
from tui.commands import output
from tui.commands.outcomes import Form, conclude, refused, report, telling
from tui.commands.setup import global_options, setup_of, warn_of_clock
from tui.commands.targets import Targets, expect_option, selecting
from tui.terminal.stopping import stoppable
from tui.verbs import done_again, taken_back

if TYPE_CHECKING:
    from models.desk import Desk
    from models.records import Event
    from models.writing.bulk import BulkResult
    from models.writing.steps import Step

_MOST_STEPS = 100
Told = Callable[["Event", SendRecord], str]
"""Says what has become of an action, from its event and the send as it is now."""
_WOULD: Mapping[Told, str] = {taken_back: "take back", done_again: "do again"}
"""What a dry run says in place of each."""


@click.command("undo")
@global_options
@selecting("[REQUEST | SEND…]")
@expect_option
@click.option(
    "--last", metavar="N", type=click.IntRange(1, _MOST_STEPS),
    help="Your last N actions, the newest first.",
)  # fmt: skip
@telling
def undo_command(
    words: tuple[str, ...],
    query: str | None,
    request_id: str | None,
    expect: int | None,
    last: int | None,
    form: Form,
) -> int:
    """Take back what you did last.

    Of each SEND, if you name some; or all that the command with the request id REQUEST did. What one
    command did to several sends is one action.
    """
    targets = Targets(words, query, request_id, expect).check(may_be_empty=True)
    if last and (words or query is not None or request_id is not None):
        raise click.UsageError("--last counts your last actions: give it alone.")
    with setup_of().open_desk() as desk:
        warn_of_clock(desk.database, desk.now)
        turning = _Turning(desk, targets, taken_back, form)
        if step := _step_of_request(desk, targets):
            return turning.turn([step])
        if words or query is not None:
            return turning.turn_each(desk.last_step)
        if request_id and (begun := desk.begun_step(request_id)):
            return turning.turn([begun])
        steps = _last_steps(desk, last or 1)
        if len(steps) < (last or 1):
            output.say(f"You have {len(steps)} actions that can be taken back, not {last}.")
        return turning.turn(steps, is_newest=last is None)


@click.command("redo")
@global_options
@selecting("[SEND…]")
@expect_option
@telling
def redo_command(
    words: tuple[str, ...],
    query: str | None,
    request_id: str | None,
    expect: int | None,
    form: Form,
) -> int:
    """Do again what you took back last.

    Of each SEND; without one, of all.
    """
    targets = Targets(words, query, request_id, expect).check(may_be_empty=True)
    with setup_of().open_desk() as desk:
        warn_of_clock(desk.database, desk.now)
        turning = _Turning(desk, targets, done_again, form)
        if words or query is not None:
            return turning.turn_each(desk.last_undone_step)
        begun = desk.begun_step(request_id) if request_id else ()
        return turning.turn([begun or desk.last_undone_step()])


def _step_of_request(desk: "Desk", targets: Targets) -> "Step":
    """Return what the request did that is named in place of sends; empty if the word is no request.

    Raises:
        NothingToDo: If all of it is taken back.
        UnknownSend: If the word is neither a request nor a send.
    """
    if not targets.is_single:
        return ()
    (name,) = targets.names
    try:
        if step := desk.step_of(name):
            return step
    except NothingToDo:
        if targets.request_id and (begun := desk.begun_step(targets.request_id)):
            return begun
        raise
    try:
        desk.find(name)
    except UnknownSend as unknown:
        raise UnknownSend(f"{unknown} No request of yours is called so either.") from None
    return ()


def _last_steps(desk: "Desk", count: int) -> "list[Step]":
    """Return the agent's last steps, the newest first, as many as there are up to *count*.

    Raises:
        NothingToDo: If there is none.
    """
    steps = [desk.last_step()]
    while len(steps) < count:
        try:
            steps.append(desk.last_step(passing=steps))
        except NothingToDo:
            break
    return steps


@dataclass(frozen=True)
class _Turning:
    """Takes actions back or does them again, and tells what became of each send."""

    desk: "Desk"
    targets: Targets
    told: Told
    form: Form

    def turn(self, steps: "Sequence[Step]", *, is_newest: bool = False) -> int:
        """Take *steps* back or do them again; return the exit code.

        Args:
            steps: What was done in one go each, the newest first.
            is_newest: Whether it is the newest step of all, which nobody has named.
        """
        several = replace(self.targets, names=())
        actions = [action.event for step in steps for action in step]
        with stoppable() as stop:
            # Each step has requests of its own: two of them can be about the same send.
            results = (
                result
                for step in steps
                for result in self.desk.undo_or_redo(
                    step, replace(several).request, stop=stop, dry_run=self.form.dry_run
                )
            )
            outcomes = list(report(actions, map(self._outcome, actions, results), self.form))
            stopped = stop()
        code = self._conclude(outcomes, alone=len(actions) == 1, stopped=stopped, steps=len(steps))
        if is_newest and not any(outcome.done for outcome in outcomes):
            self._tell_of_the_one_before(steps)
        return code

    def turn_each(self, find: "Callable[[SendRecord], Step]") -> int:
        """Take back or do again the last action on each of the targets; *find* returns it."""
        sends, missing = self.targets.find(self.desk)
        found = report(sends, (self._attempt(send, find) for send in sends), self.form)
        return self._conclude([*missing, *found], alone=self.targets.is_single)

    def _attempt(self, send: SendRecord, find: "Callable[[SendRecord], Step]") -> Outcome:
        request = self.targets.request(send)
        try:
            begun = self.desk.begun_step(request.id, send) if self.targets.request_id else ()
            step = begun or find(send)
        except NothingToDo as problem:
            return refused(send, problem)
        (result,) = self.desk.undo_or_redo(
            step, lambda seen: request, seen=self.targets.seen(send), dry_run=self.form.dry_run
        )
        return self._outcome(step[0].event, result)

    def _tell_of_the_one_before(self, steps: "Sequence[Step]") -> None:
        """Say how the step before is taken back, as the newest one cannot be."""
        try:
            self.desk.last_step(passing=steps)
        except NothingToDo:
            return
        output.say(
            f"`senddesk undo --last {len(steps) + 1}` also takes back what you did before that."
        )

    def _outcome(self, action: "Event", result: "BulkResult") -> Outcome:
        if isinstance(result.became, DeskError):
            return refused(result.seen, result.became)
        said = self.told(action, result.became)
        if self.form.dry_run:
            said = f"would {_WOULD[self.told]} “{did(result.seen.provider, action)}”"
        return Outcome(result.seen.ref, done=True, message=said)

    def _conclude(
        self, outcomes: list[Outcome], *, alone: bool, stopped: bool = False, steps: int = 1
    ) -> int:
        hint = "`senddesk undo` takes it back."
        if self.told is taken_back:
            hint = "`senddesk redo` does it again."
        if steps > 1:
            hint = f"`senddesk redo` does them again, one after the other: {steps} times for all."
        return conclude(outcomes, alone=alone, hint=hint, form=self.form, stopped=stopped)
