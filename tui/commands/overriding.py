"""`senddesk set`: an agent's status in place of the platform's."""

import click

from models.records import SendRecord
from models.values.local_time import LocalTime
from tui.commands.acting import act
from tui.commands.outcomes import Form, skip_unusual_option, telling
from tui.commands.setup import global_options, setup_of, warn_of_clock
from tui.commands.targets import Targets, expect_option, selecting
from tui.verbs import SET, Change, Override, status_step

_NO_REASON_YET = "(dry run)"
"""Stands for the reason that a dry run can do without."""


@click.command("set")
@global_options
@selecting("SEND… STATUS")
@expect_option
@click.option("--reason", metavar="TEXT", help="Why; the history keeps it.")
@click.option("--force", is_flag=True, help="Allow a step outside the usual lifecycle.")
@skip_unusual_option
@telling
def set_command(
    words: tuple[str, ...],
    query: str | None,
    request_id: str | None,
    expect: int | None,
    reason: str | None,
    force: bool,
    form: Form,
) -> int:
    """Put STATUS in place of what the platform says.

    STATUS is a name of `senddesk statuses` or one of its aliases.
    """
    *names, status = words or ("",)
    if not status.strip():
        raise click.UsageError("Name a status after the sends.")
    if reason is None and not form.dry_run:
        raise click.UsageError("Say why with --reason.")
    targets = Targets(tuple(names), query, request_id, expect).check()
    answer = Override(status, _NO_REASON_YET if reason is None else reason, force)
    with setup_of().open_desk() as desk:
        warn_of_clock(desk.database, desk.now)
        return act(desk, targets, Change(SET, answer), _told, form)


def _told(before: SendRecord, after: SendRecord, local: LocalTime) -> str:
    return status_step(before, after)
