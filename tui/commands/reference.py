"""`senddesk statuses` and `senddesk keys`: the tables of statuses and of keys."""

from collections.abc import Iterator
from typing import Any

import click

from models.providers.status import Status
from tui.commands import output
from tui.commands.setup import global_options, setup_of


@click.command("statuses")
@global_options
@click.option(
    "--format", "form", type=click.Choice(("table", "json")), default="table", show_default=True
)
@click.option("--shipments", "of_shipments", is_flag=True, help="The states of shipments instead.")
def statuses_command(form: str, of_shipments: bool) -> None:
    """Print every status, with its limit and what to do."""
    if form == "json":
        from models.files.writing import json_text

        output.write([json_text([_as_json(status) for status in _statuses(of_shipments)]), "\n"])
    else:
        _print_statuses(of_shipments)


def _statuses(of_shipments: bool) -> Iterator[Status]:
    from models.providers.catalogue import STATUSES, provider

    for key, known in STATUSES.items():
        yield from provider(key).shipment_states if of_shipments else known.values()


def _as_json(status: Status) -> dict[str, Any]:
    threshold = status.threshold
    return {
        "provider": status.provider,
        "slug": status.slug,
        "label": status.label,
        "aliases": list(status.aliases),
        "types": list(status.types),
        "stage": status.stage.value,
        "rank": status.rank,
        "final": status.final,
        "next": list(status.next),
        "threshold": threshold
        and {
            "limit": threshold.limit.amount,
            "unit": threshold.limit.unit,
            "words": threshold.limit.words,
            "source": threshold.source,
        },
        "meaning": status.meaning,
        "advice": status.advice,
        "contact": status.contact,
        "source": status.source,
    }


def _print_statuses(of_shipments: bool) -> None:
    from rich.table import Table
    from rich.text import Text

    from tui.commands.table_printer import PlainConsole

    table = Table(box=None, pad_edge=False, padding=(0, 2, 1, 0))
    for title, ratio in (("Status", 3), ("Stage", 1), ("Limit", 2), ("Usually next", 2)):
        table.add_column(Text(title), ratio=ratio)
    table.add_column(Text("What it means, what to do"), ratio=6)
    for status in _statuses(of_shipments):
        limit = "none"
        if status.threshold is not None:
            limit = f"{status.threshold.limit.words}\n({status.threshold.source})"
        stage = f"{status.stage.value}, final" if status.final else status.stage.value
        names = [status.key, f"for {', '.join(status.types)}"]
        if status.aliases:
            names.append(f"also {', '.join(status.aliases)}")
        table.add_row(
            Text.assemble((status.label, "bold"), "\n", ("\n".join(names), "dim")),
            Text(stage),
            Text(limit),
            Text(", ".join(status.next) or "nothing"),
            Text(f"{status.meaning}\n{status.advice}"),
        )
    PlainConsole(width=None if output.on_terminal() else 160).print(table)


@click.command("keys")
@global_options
def keys_command() -> None:
    """Print every key, and the name to set it by.

    The agent's own stand in place of the usual ones.
    """
    from rich.text import Text

    from tui.commands.table_printer import TablePrinter
    from tui.config import BadConfig
    from tui.keys import KEYS, USUAL_KEYS, Keys

    try:
        keys = Keys(setup_of().config.keys)
    except BadConfig as problem:
        # Whoever has to correct a name in the settings looks it up here.
        output.say(f"{problem} These are the usual keys.")
        keys = USUAL_KEYS
    rows = TablePrinter(("Key", "What it does", "Group", "Name"))
    rows.print(
        [
            (Text(keys.all_shown(row.id)), Text(row.description), Text(row.group), Text(row.id))
            for row in KEYS
        ]
    )
