"""`senddesk set`: an agent's status in place of the platform's."""

from collections import Counter
from typing import TYPE_CHECKING

import click

from models.errors import DeskError, StaleSend
from models.records import Outcome
from tui.commands import output
from tui.commands.setup import global_options, setup_of, warn_of_clock
from tui.commands.targets import (
    Targets,
    conclude,
    expect_option,
    refused,
    report,
    selecting,
)
from tui.verbs import status_label, status_step

if TYPE_CHECKING:
    from models.desk import Desk
    from models.writing.bulk import BulkResult


@click.command("set")
@global_options
@selecting("SEND… STATUS")
@expect_option
@click.option("--reason", metavar="TEXT", help="Why; the history keeps it.")
@click.option("--force", is_flag=True, help="Allow a step outside the usual lifecycle.")
@click.option("--dry-run", is_flag=True, help="Say what would happen; write nothing.")
def set_command(
    words: tuple[str, ...],
    query: str | None,
    request_id: str | None,
    expect: int | None,
    reason: str | None,
    force: bool,
    dry_run: bool,
) -> int:
    """Put STATUS in place of what the platform says.

    STATUS is a name of `senddesk statuses` or one of its aliases.
    """
    *names, status = words or ("",)
    if not status.strip():
        raise click.UsageError("Name a status after the sends.")
    if reason is None and not dry_run:
        raise click.UsageError("Say why with --reason.")
    targets = Targets(tuple(names), query, request_id, expect).check()
    with setup_of().open_desk() as desk:
        warn_of_clock(desk.database, desk.now)
        if dry_run:
            output.begin(is_all=True)
            return _try(desk, targets, status, force=force)
        return _set(desk, targets, status, reason or "", force=force)


def _set(desk: "Desk", targets: Targets, status: str, reason: str, *, force: bool) -> int:
    """Set the status of every send, print what became of each, and return the exit code."""
    sends, missing = targets.find(desk)
    wanted = ((targets.seen(send), targets.request(send)) for send in sends)
    results = desk.override_all(wanted, status, reason, force=force)
    outcomes = [*missing, *report(sends, map(_outcome, results))]
    return conclude(outcomes, alone=targets.is_single, hint=targets.how_to_undo)


def _outcome(result: "BulkResult") -> Outcome:
    if isinstance(result.became, DeskError):
        return refused(result.seen, result.became)
    return Outcome(result.seen.ref, done=True, message=status_step(result.seen, result.became))


def _try(desk: "Desk", targets: Targets, status: str, *, force: bool) -> int:
    """Print what `set` would do, counted by step, and what it would refuse."""
    from models.writing.override import permit, target

    sends, outcomes = targets.find(desk)
    steps: Counter[str] = Counter()
    for send in sends:
        try:
            wanted = target(send, status)
            permit(send, wanted, force=force)
            if targets.seen(send) != send:
                raise StaleSend(f"{send.ref} has revision {send.revision} by now.")
        except DeskError as problem:
            outcomes.append(refused(send, problem))
            continue
        steps[f"{status_label(send)} → {wanted.label}"] += 1
        outcomes.append(Outcome(send.ref, done=True, message=""))
    for text, count in steps.most_common():
        output.line(f"{text} × {count}")
    return conclude(outcomes, alone=targets.is_single)
