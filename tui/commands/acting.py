"""How a verb is done to the sends that a command names: tried out, or previewed and written."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from models.errors import DeskError
from models.records import Outcome, SendRecord
from models.values.local_time import LocalTime
from tui.commands import output, previewing
from tui.commands.outcomes import Form, conclude, refused, report
from tui.commands.targets import Targets
from tui.on_platform import doer_of
from tui.preview import preview_of
from tui.terminal.stopping import stoppable
from tui.verbs import Change

if TYPE_CHECKING:
    from models.desk import Desk
    from models.writing.bulk import BulkResult

Told = Callable[[SendRecord, SendRecord, LocalTime], str]
"""Says in a line what has changed, from the send before and after, in local time."""


def act(desk: "Desk", targets: Targets, change: Change[Any], told: Told, form: Form) -> int:
    """Do *change* to each of *targets*, tell what became of each, and return the exit code.

    Args:
        desk: Where they are.
        targets: Which they are.
        change: What is done to each.
        told: Says in a line what has changed, from the send before and after.
        form: How it is told, and whether it is only tried.
    """
    if form.dry_run:
        output.begin(is_all=True)
    sends, missing = targets.find(desk)
    local = desk.local_time()
    if form.dry_run:
        preview = preview_of(desk, [(change, sends)], local.zoned_words)
        return previewing.try_out(targets, preview, missing, form)
    desk.database.refuse_if_read_only()
    left: list[Outcome] = []
    if not targets.is_single or form.skip_unusual:
        preview = preview_of(desk, [(change, sends)], local.zoned_words)
        if targets.query is not None or preview.unusual:
            previewing.tell(preview, skip_unusual=form.skip_unusual)
        is_confirmed = change.verb.force is not None and change == change.forced(True)
        skip = form.skip_unusual or (not is_confirmed and previewing.asks_to_skip(preview))
        chosen, left = previewing.split(preview, skip_unusual=skip)
        sends = [each.send for each in chosen]
    wanted = ((targets.seen(send), targets.request(send)) for send in sends)

    def outcome(result: "BulkResult") -> Outcome:
        if isinstance(result.became, DeskError):
            return refused(result.seen, result.became)
        return Outcome(result.seen.ref, done=True, message=told(result.seen, result.became, local))

    with stoppable() as stop:
        results = doer_of(desk, change.verb).do_all(wanted, change.operation, stop=stop)
        outcomes = [*missing, *report(sends, map(outcome, results), form), *left]
        stopped = stop()
    hint = "" if change.verb.on_platform else targets.how_to_undo
    return conclude(outcomes, alone=targets.is_single, hint=hint, form=form, stopped=stopped)
