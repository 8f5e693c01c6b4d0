"""The preview of a verb on several sends: what becomes of what, how often, and what speaks against it."""

import sys
from collections.abc import Sequence

import click

from models.records import Outcome
from tui.commands import output
from tui.commands.outcomes import Form, conclude, refused
from tui.commands.targets import Targets
from tui.preview import Judged, Preview, reasons, steps


def tell(preview: Preview, *, skip_unusual: bool = False) -> None:
    """Say on stderr what is about to be done; with *skip_unusual*, what is left out and why."""
    if not preview.all:
        output.say("No send fits the filter.")
        return
    output.say(f"{output.sends(len(preview.all)).capitalize()}:")
    for line in _lines(preview, skip_unusual=skip_unusual):
        output.say(f"  {line}")


def try_out(targets: Targets, preview: Preview, missing: Sequence[Outcome], form: Form) -> int:
    """Print what would be done and what would be refused; return the exit code that it would have.

    Args:
        targets: The sends as they were named.
        preview: The same sends, judged.
        missing: An outcome for each name that means no send.
        form: How it is told.
    """
    chosen, left = split(preview, skip_unusual=form.skip_unusual)
    outcomes = [*missing, *(_outcome(each, targets) for each in chosen), *left]
    if not form.as_json:
        done = {outcome.ref for outcome in outcomes if outcome.done}
        fitting = [each for each in preview.all if each.send.ref in done]
        for (before, after), count in steps(fitting):
            output.line(f"{_step(before, after)} × {count}")
        for why, count in reasons(fitting):
            output.say(f"Unusual: {why} × {count}")
    return conclude(outcomes, alone=targets.is_single, form=form)


def split(preview: Preview, *, skip_unusual: bool) -> tuple[list[Judged], list[Outcome]]:
    """Return the sends to try, in their order, and an outcome for each one that is left out."""
    left = [each for each in preview.unusual if skip_unusual]
    without = {each.send.id for each in left}
    chosen = [each for each in preview.all if each.send.id not in without]
    return chosen, [_left_out(each) for each in left]


def asks_to_skip(preview: Preview) -> bool:
    """Whether the agent wants the unusual sends left out; only somebody at a terminal is asked.

    Raises:
        click.Abort: If the agent wants none of it.
    """
    unusual = [each for each in preview.unusual if not each.verdict.needs_force]
    if not unusual or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    answer = click.prompt(
        f"{output.sends(len(unusual)).capitalize()} may not be meant. Do it to all (a), leave those "
        "out (l), or cancel (c)?",
        type=click.Choice(["a", "l", "c"]), show_choices=False, err=True,
    )  # fmt: skip
    if answer == "c":
        raise click.Abort
    return bool(answer == "l")


def _left_out(each: Judged) -> Outcome:
    said = f"left out: {each.verdict.why}"
    return Outcome(each.send.ref, False, said, tried=False, left_out=True)


def _lines(preview: Preview, *, skip_unusual: bool) -> list[str]:
    chosen, _ = split(preview, skip_unusual=skip_unusual)
    done = [each for each in chosen if each.verdict.refusal is None]
    against = [each for each in chosen if each.verdict.refusal is not None]
    noted = preview.unusual if skip_unusual else done
    what = "left out" if skip_unusual else "unusual"
    return [
        *(f"{_step(before, after)} × {count:,}" for (before, after), count in steps(done)),
        *(f"{what}: {why} × {count:,}" for why, count in reasons(noted)),
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
