"""`senddesk thresholds`: how long a send may stand in a status."""

from datetime import date
from typing import TYPE_CHECKING

import click

from models.errors import DeskError
from tui.commands import output
from tui.commands.setup import global_options, setup_of

if TYPE_CHECKING:
    from models.providers.status import Status

_DEFAULT = "default"


@click.group("thresholds", invoke_without_command=True)
@global_options
@click.option(
    "--format", "form", type=click.Choice(("table", "json")), default="table", show_default=True
)
@click.pass_context
def thresholds_command(context: click.Context, form: str) -> None:
    """List the limits in force, or set them."""
    if context.invoked_subcommand is None:
        _list(form)


def _list(form: str) -> None:
    from rich.text import Text

    from models.files import json_text
    from models.team.thresholds import in_force
    from tui.commands.table_printer import TablePrinter

    with setup_of().open_database() as database:
        limits = list(in_force(database))
    if form == "json":
        values = [
            {
                "status": each.status.key,
                "limit": str(each.threshold.limit) if each.threshold else "off",
                "own": each.own,
                "source": each.threshold.source if each.threshold else "",
            }
            for each in limits
        ]
        output.write([json_text(values), "\n"])
        return
    rows = TablePrinter(("Status", "Limit", "Set by"))
    rows.print(
        [
            (
                Text(each.status.key),
                Text(each.threshold.limit.words if each.threshold else "none"),
                Text("your team" if each.own else each.threshold.source if each.threshold else ""),
            )
            for each in limits
        ]
    )


@thresholds_command.command("set")
@global_options
@click.argument("status", metavar="PROVIDER:STATUS")
@click.argument("limit")
def set_limit_command(status: str, limit: str) -> None:
    """Let LIMIT hold for a status: 7d, 3bd, 36h, now, off, or `default` for the catalogue's."""
    from models.team.thresholds import reset_limit, set_limit
    from models.values.calendar import parse_limit

    setup = setup_of()
    target = _status(status)
    if limit.strip().lower() == _DEFAULT:
        with setup.open_database() as database:
            moved = reset_limit(database, target.provider, target.slug)
        output.line(f"{target.key}: the catalogue's limit holds; {output.sends(moved)} moved")
        return
    try:
        wanted = parse_limit(limit)
    except ValueError as problem:
        raise click.BadParameter(str(problem), param_hint="LIMIT") from None
    with setup.open_database() as database:
        moved = set_limit(database, target.provider, target.slug, wanted, setup.name, setup.clock())
    words = wanted.words if wanted else "no limit"
    output.line(f"{target.key}: {words}; {output.sends(moved)} moved")


@thresholds_command.command("holiday")
@global_options
@click.argument("day", metavar="DATE")
@click.argument("name", required=False, default="")
def holiday_command(day: str, name: str) -> None:
    """Count DATE as no business day, everywhere."""
    from models.team.thresholds import add_holiday

    try:
        free = date.fromisoformat(day)
    except ValueError:
        raise click.BadParameter(f"“{day[:40]}” is no date: write 2026-12-25") from None
    with setup_of().open_database() as database:
        moved = add_holiday(database, free, name)
    output.line(f"{free.isoformat()} is no business day; {output.sends(moved)} moved")


def _status(word: str) -> "Status":
    """Return the status that `provider:status` names.

    Raises:
        click.BadParameter: If it is not written like that.
        DeskError: If there is no such status.
    """
    from models.providers import catalogue

    platform, colon, name = word.partition(":")
    platform = platform.strip().lower()
    if not colon or platform not in catalogue.STATUSES:
        known = " or ".join(catalogue.STATUSES)
        raise click.BadParameter(
            f"“{word[:80]}” is not written as in sendoso:shipped; platforms are {known}",
            param_hint="PROVIDER:STATUS",
        )
    found = catalogue.resolve(platform, name)
    if found is None:
        near = catalogue.suggest(platform, name)
        hint = f" Did you mean {near.key}?" if near else ""
        raise DeskError(f"“{word[:80]}” is no status.{hint}")
    return found
