"""The preview of a verb on several sends: what becomes of what, how often, and what speaks against it."""

from collections.abc import Sequence

from models.records import Outcome
from tui.commands import output
from tui.commands.outcomes import Form, conclude, refused
from tui.commands.targets import Targets
from tui.preview import Judged, Preview, reasons, steps


def tell(preview: Preview) -> None:
    """Say on stderr what is about to be done."""
    if not preview.all:
        return
    output.say(f"{output.sends(len(preview.all)).capitalize()}:")
    for line in _lines(preview):
        output.say(f"  {line}")


def try_out(targets: Targets, preview: Preview, missing: Sequence[Outcome], form: Form) -> int:
    """Print what would be done and what would be refused; return the exit code that it would have.

    Args:
        targets: The sends as they were named.
        preview: The same sends, judged.
        missing: An outcome for each name that means no send.
        form: How it is told.
    """
    outcomes = [*missing, *(_outcome(each, targets) for each in preview.all)]
    if not form.as_json:
        done = {outcome.ref for outcome in outcomes if outcome.done}
        fitting = [each for each in preview.all if each.send.ref in done]
        for (before, after), count in steps(fitting):
            output.line(f"{_step(before, after)} × {count}")
        for why, count in reasons(fitting):
            output.say(f"Unusual: {why} × {count}")
    return conclude(outcomes, alone=targets.is_single, form=form)


def _lines(preview: Preview) -> list[str]:
    fitting = [each for each in preview.all if each.verdict.refusal is None]
    against = [each for each in preview.all if each.verdict.refusal is not None]
    return [
        *(f"{_step(before, after)} × {count:,}" for (before, after), count in steps(fitting)),
        *(f"unusual: {why} × {count:,}" for why, count in reasons(fitting)),
        *(f"refused: {why} × {count:,}" for why, count in reasons(against)),
    ]


def _outcome(each: Judged, targets: Targets) -> Outcome:
    """Return what would become of one send: without a confirmation, what needs one is refused."""
    if each.verdict.refusal is not None:
        return refused(each.send, each.verdict.refusal)
    if targets.seen(each.send) != each.send:
        now = f"{each.send.ref} has revision {each.send.revision} by now."
        return Outcome(each.send.ref, done=False, message=now, stale=True)
    said = _step(*each.step)
    return Outcome(each.send.ref, done=True, message=said, unusual=each.verdict.why)


def _step(before: str, after: str) -> str:
    return f"{before} → {after}" if before else after
