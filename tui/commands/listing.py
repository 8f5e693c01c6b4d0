"""`senddesk list`, `show` and `packet`: reading."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

import click

from models.records import SendRecord
from tui.commands import output
from tui.commands.choosing import WINDOW, filtered, query_of, sends_of
from tui.commands.exits import Exit
from tui.commands.setup import Setup, at_option, global_options, setup_of
from tui.commands.targets import Targets, query_option, shipment_option

if TYPE_CHECKING:
    from models.desk import Desk
    from models.query import Query

_SCREENFUL = 50
"""How many sends a terminal is shown unless it asks for more."""
_FORMATS = ("table", "csv", "json", "jsonl")


def _columns(context: click.Context, option: click.Parameter, value: str | None) -> tuple[str, ...]:
    if not value:
        return ()
    from models.files.fields import EXPORT_FIELDS, column_name, field_called

    fields = []
    for name in map(str.strip, value.split(",")):
        if not name:
            continue
        field = field_called(name)
        if field is None:
            known = ", ".join(map(column_name, EXPORT_FIELDS))
            raise click.BadParameter(f"“{name[:40]}” is not a column; there are: {known}")
        fields.append(field)
    return tuple(fields)


columns_option = click.option(
    "--columns", metavar="A,B", callback=_columns, help="Which columns, in their order."
)


@click.command("list")
@global_options
@filtered
@columns_option
@click.option("--format", "form", type=click.Choice(_FORMATS), default="table", show_default=True)
@click.option("--limit", metavar="N", type=click.IntRange(min=0), help="At most N sends.")
@at_option
def list_command(
    query: tuple[str, ...],
    view: str | None,
    columns: tuple[str, ...],
    form: str,
    limit: int | None,
    at: str | None,
) -> None:
    """List the sends of QUERY, the most overdue first."""
    setup = setup_of()
    with setup.open_desk(at) as desk:
        chosen = query_of(desk, query, view)
        if form == "table":
            _print_table(setup, desk, chosen, columns, limit)
            return
        from models.files import rows_as

        output.write(
            rows_as(
                sends_of(desk, chosen, limit),
                form,
                columns,
                now=desk.now(),
                warnings=desk.warnings(),
                shipments=desk.shipments,
                for_terminal=output.on_terminal(),
            )
        )


def _print_table(
    setup: Setup, desk: "Desk", query: "Query", columns: Sequence[str], limit: int | None
) -> None:
    from models.files.fields import TIMES
    from tui.commands.table import Table

    if limit is None and output.on_terminal():
        limit = _SCREENFUL
    table = Table(
        columns,
        desk.local_time(),
        warnings=desk.warnings(),
        shipments=desk.shipments,
        ascii=setup.plain,
    )
    if any(name in TIMES for name in columns):
        output.say(f"Times are those of {desk.local_time().zone_name}.")
    shown = 0
    for sends in _batches(sends_of(desk, query, limit)):
        table.print(sends)
        shown += len(sends)
    total = shown if limit is None else desk.count(desk.listing(query)).value
    if shown < total:
        output.say(f"{shown:,} of {total:,} sends; --limit shows more.")
    elif not shown:
        output.say("No send matches." if query.text else "There are no sends yet.")


def _batches(sends: Iterator[SendRecord]) -> Iterator[list[SendRecord]]:
    while batch := list(islice(sends, WINDOW)):
        yield batch


@click.command("show")
@global_options
@click.argument("send")
@click.option(
    "--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True
)
@at_option
def show_command(send: str, form: str, at: str | None) -> None:
    """Show SEND: its fields, what to do, its history."""
    setup = setup_of()
    with setup.open_desk(at) as desk:
        case = desk.case(desk.find(send).id)
        local = desk.local_time()
        warnings = desk.warnings()
    if form == "json":
        from models.files import json_text
        from models.files.fields import case_as_json

        output.write([json_text(case_as_json(case, local.now, warnings)), "\n"])
        return
    from tui.commands.case import print_case

    print_case(case, local, ascii=setup.plain)


@click.command("packet")
@global_options
@click.argument("words", metavar="SEND…", nargs=-1)
@query_option
@click.option(
    "--with-same-problem",
    is_flag=True,
    help="With those of its campaign that are past the limit in the same status.",
)
@shipment_option
def packet_command(
    words: tuple[str, ...], query: str | None, with_same_problem: bool, shipment: str | None
) -> int:
    """Print what to send to the platform's support.

    What several sends ask of the same people stands in one text.
    """
    from models.rules.packet import packet, packet_of_several
    from models.rules.shipments import pick

    targets = Targets(words, query, None).check()
    if with_same_problem and not targets.is_single:
        raise click.UsageError("--with-same-problem is about one send: name just that one.")
    if shipment is not None and (with_same_problem or not targets.is_single):
        raise click.UsageError("--shipment is about one send: name just that one.")
    with setup_of().open_desk() as desk:
        sends, missing = targets.find(desk)
        if with_same_problem:
            sends = [each for send in sends for each in _with_same_problem(desk, send)]
        if len(sends) == 1:
            case = desk.case(sends[0].id)
            if shipment is not None:
                case = pick(case, shipment)
            output.write([packet(case, desk.local_time())])
        elif sends:
            output.write([packet_of_several(sends, desk.local_time())])
    for each in missing:
        output.say(each.message)
    if not sends and not missing:
        output.say("No send matches.")
    if not missing:
        return Exit.DONE
    return Exit.IN_PART if sends else Exit.REFUSED


def _with_same_problem(desk: "Desk", send: SendRecord) -> Iterator[SendRecord]:
    """Yield the sends of the campaign that are past their limit as *send* is, the most overdue first."""
    around = {relation.key: relation for relation in desk.case(send.id).around}
    if "problem" not in around:
        output.say(f"No other send of its campaign has the problem of {send.ref}.")
        yield send
    else:
        yield from sends_of(desk, desk.parse(around["problem"].filter))
