"""`senddesk deliveries`: what webhooks have brought, and the same once more."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from tui.commands import output
from tui.commands.exits import Exit
from tui.commands.setup import global_options, setup_of

if TYPE_CHECKING:
    from models.live.deliveries import Delivery
    from models.values.local_time import LocalTime

_SCREENFUL = 100
_LONGEST = 500
_TOGETHER = 100
_FORMATS = ("table", "csv", "json", "jsonl")
STATES = ("new", "applied", "waiting", "unknown", "failed")
"""What can have become of a message: every `models.intake.deliveries.State`."""
_TIMES = ("received_at", "applied_at")


@click.group("deliveries", invoke_without_command=True)
@global_options
@click.option("--format", "form", type=click.Choice(_FORMATS), default="table", show_default=True)
@click.option(
    "--state", "states", type=click.Choice(STATES), multiple=True,
    help="Only those in this state: waiting for their send, not known, failed …",
)  # fmt: skip
@click.option(
    "--limit", metavar="N", type=click.IntRange(1), help="The newest N; a table shows 100."
)
@click.pass_context
def deliveries_command(
    context: click.Context, form: str, states: tuple[str, ...], limit: int | None
) -> None:
    """List the messages of webhooks, or apply them once more.

    The newest comes first.
    """
    if context.invoked_subcommand is not None:
        return
    from models.intake.deliveries import State
    from models.live.deliveries import newest_first

    setup = setup_of()
    if limit is None and form == "table":
        limit = _SCREENFUL
    with setup.open_desk() as desk:
        found = newest_first(desk.database, [State(each) for each in states], limit)
        if form == "table":
            _print_table(found, desk.local_time(), ascii=setup.plain)
        else:
            output.write_objects(form, _NAMES, map(_as_json, found), _LONGEST)


def _print_table(found: Iterator["Delivery"], local: "LocalTime", *, ascii: bool) -> None:
    from rich.text import Text

    from models.providers import PROVIDERS
    from tui.commands.table_printer import TablePrinter

    rows = TablePrinter(
        ("Id", "Received", "Platform", "Event", "Send", "State", "Why"), fixed=2, ascii=ascii
    )
    platforms = {each.key: each.name for each in PROVIDERS}
    shown = 0
    while some := list(islice(found, _TOGETHER)):
        shown += len(some)
        rows.print(
            [
                [
                    Text(output.shown(word, _LONGEST))
                    for word in (
                        each.message, local.words(each.received_at),
                        platforms.get(each.provider, each.provider), each.event,
                        each.send or each.subject, each.state, each.problem,
                    )
                ]
                for each in some
            ]
        )  # fmt: skip
    if not shown:
        output.say("No message of a webhook is here.")


_NAMES = (
    "id", "number", "provider", "event", "external_id", "send", "received_at", "state", "problem",
    "applied_at",
)  # fmt: skip


def _as_json(delivery: "Delivery") -> dict[str, Any]:
    from models.files.fields import iso

    values = {name: getattr(delivery, name) for name in delivery.__slots__}
    values |= {"id": delivery.message, "external_id": delivery.subject}
    values |= {name: iso(values[name]) for name in _TIMES}
    return {name: values[name] for name in _NAMES}


@deliveries_command.command("replay")
@global_options
@click.argument("words", metavar="[ID…]", nargs=-1)
def replay_command(words: tuple[str, ...]) -> int:
    """Apply messages once more: those of the IDs, or all that wait.

    What the desk knows already changes nothing.
    """
    from models.live.deliveries import numbers_of, replay

    counts = dict.fromkeys(STATES, 0)
    with setup_of().open_desk() as desk:
        named = numbers_of(desk.database, words)
        missing = [word for word, found in named.items() if not found]
        for word in missing:
            output.say(f"No message has the id {output.shown(word)}.")
        numbers = [each for found in named.values() for each in found]
        if words and not numbers:
            return Exit.REFUSED
        for outcome in replay(desk.database, desk.now(), numbers):
            counts[outcome.state] += 1
            if outcome.problem and outcome.state in ("applied", "failed"):
                output.say(f"{outcome.message}: {outcome.problem}")
    left = {state: count for state, count in counts.items() if count and state != "applied"}
    told = [f"{counts['applied']:,} applied", *(f"{left[each]:,} {each}" for each in left)]
    output.line(", ".join(told))
    return Exit.IN_PART if missing or left else Exit.DONE


@deliveries_command.command("prune")
@global_options
@click.option(
    "--older-than", "kept", metavar="DAYS", type=click.IntRange(1, 36_500), default=30, show_default=True,
    help="So many days after they were applied.",
)  # fmt: skip
def prune_command(kept: int) -> int:
    """Remove the bodies of messages that were applied long ago.

    Which messages came, and what became of each, stays on the list. `senddesk listen` does it by
    itself.
    """
    from models.intake.deliveries import prune

    with setup_of().open_desk() as desk:
        before = desk.now() - timedelta(days=kept)
        count = sum(step.bodies for step in prune(desk.database, before))
    output.line(f"{count:,} {'body' if count == 1 else 'bodies'} removed")
    return Exit.DONE
