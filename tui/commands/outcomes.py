"""What becomes of each send of a verb: printed as it happens, summed up at the end, or as JSON."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import wraps
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast

import click

from models.errors import DeskError, DeskUnavailable, ReadOnly, StaleSend, WrongSchema
from models.records import Outcome, SendRecord
from models.values.text import named
from tui.commands import output
from tui.commands.exits import Exit
from tui.commands.progress import progress

if TYPE_CHECKING:
    from models.records import Event

_HOPELESS = (DeskUnavailable, ReadOnly, WrongSchema)
"""What no other send of the same command would escape."""
Function = TypeVar("Function", bound=Callable[..., Any])


class Form(NamedTuple):
    """How a command tells what became of each send."""

    as_json: bool = False
    dry_run: bool = False
    """Whether it only says what would become of each."""
    skip_unusual: bool = False
    """Whether sends that an agent may not have meant are left out."""


TEXT = Form()
"""Lines of text, about what was done."""


def telling(function: Function) -> Function:
    """Give a command `--dry-run` and `--format`; it gets a `Form` as *form*."""

    @wraps(function)
    def run(
        *args: Any, dry_run: bool, told_as: str, skip_unusual: bool = False, **options: Any
    ) -> Any:
        return function(*args, form=Form(told_as == "json", dry_run, skip_unusual), **options)

    told_as = click.option(
        "--format", "told_as", type=click.Choice(["text", "json"]), default="text",
        help="How the result of each send is printed.",
    )  # fmt: skip
    dry_run = click.option("--dry-run", is_flag=True, help="Say what would happen; write nothing.")
    return dry_run(told_as(cast("Function", run)))


skip_unusual_option = click.option(
    "--skip-unusual", is_flag=True,
    help="Leave out what is unusual, such as a colleague's send or one escalated already.",
)  # fmt: skip


def refused(send: SendRecord, problem: DeskError) -> Outcome:
    """Return the outcome of a send to which nothing was written."""
    stale = isinstance(problem, StaleSend)
    return Outcome(send.ref, done=False, message=str(problem), stale=stale)


def report(
    sends: "Sequence[SendRecord | Event]", results: Iterator[Outcome], form: Form = TEXT
) -> Iterator[Outcome]:
    """Print each of *sends* that was written, and yield what became of all of them.

    Args:
        sends: The sends, or what is done to them, in the order of *results*.
        results: What becomes of each, as it happens; what no other send would escape ends it.
        form: Whether a line is printed for each.
    """
    done = 0
    with _watched(len(sends)) as told:
        for place in range(len(sends)):
            try:
                outcome = next(results, None)
                problem = "you stopped it"
            except _HOPELESS as hopeless:
                if not done:
                    raise
                outcome, problem = None, str(hopeless)
            if outcome is None:
                rest = sends[place:]
                yield from (Outcome(_ref(each), False, problem, tried=False) for each in rest)
                return
            if outcome.done:
                done += 1
                if not form.as_json:
                    output.line(f"{outcome.ref}: {outcome.message}")
            told(place + 1)
            yield outcome


def _ref(item: "SendRecord | Event") -> str:
    return item.ref if isinstance(item, SendRecord) else ""


def _watched(total: int) -> AbstractContextManager[Callable[[int], None]]:
    """Give what shows how far many sends are, unless the lines about them show it."""
    if output.on_terminal():
        return nullcontext(lambda done: None)
    return progress("Writing", total)


def conclude(
    outcomes: Sequence[Outcome],
    *,
    alone: bool,
    hint: str = "",
    form: Form = TEXT,
    stopped: bool = False,
) -> int:
    """List the refusals with their reasons and return the exit code.

    Args:
        outcomes: What became of each send.
        alone: Whether just one send was named, whose refusal speaks for itself.
        hint: A sentence to end with if anything was done: how to take it back.
        form: Whether the outcomes are also data.
        stopped: Whether the agent has ended it before all were tried.
    """
    if form.as_json:
        from models.files import json_text

        output.write([json_text([_as_json(each, form) for each in outcomes]), "\n"])
    failed = [outcome for outcome in outcomes if outcome.tried and not outcome.done]
    left_out = sum(outcome.left_out for outcome in outcomes)
    untried = [outcome for outcome in outcomes if not outcome.tried and not outcome.left_out]
    for outcome in failed:
        output.say(outcome.message if alone else named(outcome.ref, outcome.message))
    if untried:
        output.say(f"{len(untried):,} not tried: {untried[0].message}")
    done = sum(outcome.done for outcome in outcomes)
    if form.dry_run:
        output.say(_sum_of_dry_run(done, len(failed), left_out))
    elif not alone:
        left = f", {left_out:,} left out" if left_out else ""
        rest = f", {len(untried):,} not tried" if untried else ""
        output.say(f"{done:,} done, {len(failed):,} refused{left}{rest}")
    if hint and done and not form.dry_run:
        output.say(hint)
    if stopped and untried:
        return Exit.INTERRUPTED
    if not failed and not untried:
        return Exit.DONE
    if done:
        return Exit.IN_PART
    return Exit.STALE if failed and all(outcome.stale for outcome in failed) else Exit.REFUSED


def _sum_of_dry_run(done: int, failed: int, left_out: int) -> str:
    refused = f", {failed:,} refused" if failed else ""
    left = f", {left_out:,} left out" if left_out else ""
    return f"This was a dry run: {done:,} would be done{refused}{left}. Nothing was written."


def _as_json(outcome: Outcome, form: Form) -> dict[str, object]:
    not_tried = "left out" if outcome.left_out else "not tried"
    result = "done" if outcome.done else "refused" if outcome.tried else not_tried
    return {
        "id": outcome.ref,
        "result": result,
        "message": outcome.message,
        "stale": outcome.stale,
        "unusual": outcome.unusual,
        "dry_run": form.dry_run,
    }
