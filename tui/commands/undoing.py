"""`senddesk undo` and `redo`: what an agent did is taken back, and done again."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from models.errors import DeskError, NothingToDo, UnknownSend
from models.records import Outcome, SendRecord
from tui.commands.outcomes import conclude, refused, report
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


@click.command("undo")
@global_options
@selecting("[REQUEST | SEND…]")
@expect_option
@click.option(
    "--last", metavar="N", type=click.IntRange(1, _MOST_STEPS),
    help="Your last N actions, the newest first.",
)  # fmt: skip
def undo_command(
    words: tuple[str, ...],
    query: str | None,
    request_id: str | None,
    expect: int | None,
    last: int | None,
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
        if step := _step_of_request(desk, targets):
            return _turn(desk, targets, [step], taken_back)
        if words or query is not None:
            return _turn_each(desk, targets, desk.last_step, taken_back)
        begun = desk.begun_step(request_id) if request_id else ()
        return _turn(desk, targets, [begun] if begun else _last_steps(desk, last or 1), taken_back)


@click.command("redo")
@global_options
@selecting()
@expect_option
def redo_command(
    words: tuple[str, ...], query: str | None, request_id: str | None, expect: int | None
) -> int:
    """Do again what you took back last.

    Of each SEND; without one, of all.
    """
    targets = Targets(words, query, request_id, expect).check(may_be_empty=True)
    with setup_of().open_desk() as desk:
        warn_of_clock(desk.database, desk.now)
        if words or query is not None:
            return _turn_each(desk, targets, desk.last_undone_step, done_again)
        begun = desk.begun_step(request_id) if request_id else ()
        return _turn(desk, targets, [begun or desk.last_undone_step()], done_again)


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


def _turn(desk: "Desk", targets: Targets, steps: "Sequence[Step]", told: Told) -> int:
    """Take *steps* back or do them again, print what became of each send, return the exit code."""
    several = replace(targets, names=())
    actions = [action.event for step in steps for action in step]
    with stoppable() as stop:
        # Each step has requests of its own: two of them can be about the same send.
        results = (
            result
            for step in steps
            for result in desk.undo_or_redo(step, replace(several).request, stop=stop)
        )
        outcomes = list(report(actions, map(_outcome, actions, results, [told] * len(actions))))
        stopped = stop()
    return _conclude(outcomes, told, alone=len(actions) == 1, stopped=stopped)


def _turn_each(
    desk: "Desk", targets: Targets, find: "Callable[[SendRecord], Step]", told: Told
) -> int:
    """Take back or do again the last action on each of *targets*; what *find* returns is turned."""
    sends, missing = targets.find(desk)

    def attempt(send: SendRecord) -> Outcome:
        request = targets.request(send)
        try:
            begun = desk.begun_step(request.id, send) if targets.request_id else ()
            step = begun or find(send)
        except NothingToDo as problem:
            return refused(send, problem)
        (result,) = desk.undo_or_redo(step, lambda seen: request, seen=targets.seen(send))
        return _outcome(step[0].event, result, told)

    outcomes = [*missing, *report(sends, map(attempt, sends))]
    return _conclude(outcomes, told, alone=targets.is_single)


def _outcome(action: "Event", result: "BulkResult", told: Told) -> Outcome:
    if isinstance(result.became, DeskError):
        return refused(result.seen, result.became)
    return Outcome(result.seen.ref, done=True, message=told(action, result.became))


def _conclude(outcomes: list[Outcome], told: Told, *, alone: bool, stopped: bool = False) -> int:
    hint = (
        "`senddesk redo` does it again." if told is taken_back else "`senddesk undo` takes it back."
    )
    return conclude(outcomes, alone=alone, hint=hint, stopped=stopped)
