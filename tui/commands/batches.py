"""`senddesk batches`: the order batches, each with how far it is."""

from typing import TYPE_CHECKING

import click

from tui.commands import output
from tui.commands.setup import at_option, global_options, setup_of

if TYPE_CHECKING:
    from rich.text import Text

    from models.reading.batches import Orders
    from models.records import SendRecord
    from models.rules.due import Warnings
    from models.values.local_time import LocalTime

_ORDER = "sort:due,-id"
"""What needs someone first, then the newest first."""
_TITLES = ("Id", "Due", "Status", "Name", "Scheduled", "Made", "Orders by status", "Owner")


@click.command("batches")
@global_options
@click.argument("query", nargs=-1)
@click.option(
    "--format", "form", type=click.Choice(("table", "json")), default="table", show_default=True
)
@click.option("--limit", metavar="N", type=click.IntRange(min=0), help="At most N batches.")
@at_option
def batches_command(query: tuple[str, ...], form: str, limit: int | None, at: str | None) -> None:
    """List the order batches of QUERY, or all of them.

    Of each: status, scheduled time, orders made, orders by status.
    """
    from itertools import islice

    from models.files import json_text
    from models.files.fields import batch_as_json

    setup = setup_of()
    with setup.open_desk(at) as desk:
        words = " ".join(query).strip()
        chosen = desk.parse(f"is:batch ({words})" if words else "is:batch")
        if not chosen.sort:
            chosen = desk.parse(f"{chosen.text} {_ORDER}")
        batches = list(islice(desk.rows(desk.listing(chosen)), limit))
        orders = desk.orders_of(batches)
        local, warnings = desk.local_time(), desk.warnings()
    if form == "json":
        values = [batch_as_json(each, orders[each.id], local.now, warnings) for each in batches]
        output.write([json_text(values), "\n"])
        return
    if not batches:
        output.say("No batch matches." if words else "There are no batches yet.")
        return
    from tui.commands.table_printer import TablePrinter

    rows = TablePrinter(_TITLES, fixed=3, may_drop=True, ascii=setup.plain)
    rows.print([_cells(each, orders[each.id], local, warnings, setup.plain) for each in batches])


def _cells(
    batch: "SendRecord", orders: "Orders", local: "LocalTime", warnings: "Warnings", ascii: bool
) -> "list[Text]":
    from models.providers import catalogue
    from models.rules.batches import progress_words
    from tui.commands.table import styled
    from tui.style import case_fields, formats

    status = catalogue.status(batch.provider, batch.status)
    sign = formats.mark(status, ascii)
    before = warnings.of(batch.provider, batch.status)
    due = formats.due_words(batch, local.now, ascii, zone=local.zone, warning=before)
    return [
        styled(batch.ref, "text"),
        styled(str(due), due.tone),
        styled(f"{sign.glyph} {formats.status_words(batch)}", sign.tone),
        styled(batch.campaign, "text"),
        styled(local.words(batch.scheduled_at) if batch.scheduled_at else "", "muted"),
        styled(progress_words(batch), "text"),
        styled(case_fields.orders(batch, orders), "muted"),
        styled(batch.owner, "muted"),
    ]
