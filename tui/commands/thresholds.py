"""`senddesk thresholds`: how long a send may stand in a status."""

from datetime import date
from typing import TYPE_CHECKING

import click

from models.errors import DeskError
from models.values.text import display_text
from tui.commands import output
from tui.commands.setup import Setup, global_options, setup_of

if TYPE_CHECKING:
    from models.database import Database
    from models.providers.status import Status
    from models.team.effects import Effect
    from models.team.thresholds import EffectiveThreshold
    from models.values.calendar import Limit

_DEFAULT = "default"
dry_run_option = click.option("--dry-run", is_flag=True, help="Only say what it would change.")


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
    from models.files.fields import iso
    from models.team.effects import counts_over
    from models.team.thresholds import in_force
    from models.values.calendar import span_words
    from tui.commands.table_printer import TablePrinter

    setup = setup_of()
    with setup.open_database() as database:
        limits = list(in_force(database))
        over = counts_over(database, setup.clock())
    if form == "json":
        values = [
            {
                "status": each.status.key,
                "limit": str(each.threshold.limit) if each.threshold else "off",
                "own": each.own,
                "source": each.threshold.source if each.threshold else "",
                "default": str(each.status.threshold.limit) if each.status.threshold else "off",
                "set_by": each.set_by,
                "set_at": iso(each.set_at),
                "warning_hours": each.warning.total_seconds() / 3600,
                "own_warning": each.own_warning,
                "over": over.get(each.status.key, 0),
            }
            for each in limits
        ]
        output.write([json_text(values), "\n"])
        return
    rows = TablePrinter(("Status", "Limit", "Over now", "Warn before", "Set by"))
    rows.print(
        [
            (
                Text(each.status.key),
                Text(each.threshold.limit.words if each.threshold else "none"),
                Text(counted(over.get(each.status.key, 0))),
                Text(span_words(each.warning) if each.threshold else ""),
                Text(_whose(each)),
            )
            for each in limits
        ]
    )


def _whose(limit: "EffectiveThreshold") -> str:
    if limit.own:
        return display_text(f"your team ({limit.set_by})")
    return limit.threshold.source if limit.threshold else ""


@thresholds_command.command("set")
@global_options
@click.argument("status", metavar="PROVIDER:STATUS")
@click.argument("limit")
@dry_run_option
def set_limit_command(status: str, limit: str, dry_run: bool) -> None:
    """Let LIMIT hold for a status: 7d, 3bd, 36h, now, off, or `default` for the catalogue's."""
    if limit.strip().lower() == _DEFAULT:
        _reset(status, dry_run)
        return
    from models.team.thresholds import limited_status, set_limit

    setup, target, wanted = setup_of(), _status(status), _limit(limit, "LIMIT")
    limited_status(target.provider, target.slug)
    with setup.open_database() as database:
        told = _effect(database, setup, target, wanted)
        moved = 0
        if not dry_run:
            now = setup.clock()
            moved = set_limit(database, target.provider, target.slug, wanted, setup.name, now)
    _tell(f"{target.key}: {wanted.words if wanted else 'no limit'}", moved, told, dry_run)


@thresholds_command.command("reset")
@global_options
@click.argument("status", metavar="PROVIDER:STATUS")
@dry_run_option
def reset_command(status: str, dry_run: bool) -> None:
    """Let the catalogue's limit of a status hold again."""
    _reset(status, dry_run)


def _reset(status: str, dry_run: bool) -> None:
    from models.team.thresholds import limited_status, reset_limit

    setup, target = setup_of(), _status(status)
    limited_status(target.provider, target.slug)
    usual = target.threshold.limit if target.threshold else None
    with setup.open_database() as database:
        told = _effect(database, setup, target, usual)
        moved = 0
        if not dry_run:
            now = setup.clock()
            moved = reset_limit(database, target.provider, target.slug, setup.name, now)
    words = usual.words if usual else "no limit"
    _tell(f"{target.key}: {words}, the catalogue's limit", moved, told, dry_run)


@thresholds_command.command("warn")
@global_options
@click.argument("words", metavar="[PROVIDER:STATUS] TIME", nargs=-1, required=True)
def warn_command(words: tuple[str, ...]) -> None:
    """Count sends as due soon TIME before their limit: 48h, 3d, or `default`.

    Without a status it holds for every status that has no time of its own.
    """
    from models.team.thresholds import set_warning

    if len(words) > 2:
        raise click.UsageError("Give a time, or a status and a time.")
    setup = setup_of()
    target = _status(words[0]) if len(words) == 2 else None
    is_default = words[-1].strip().lower() == _DEFAULT
    wanted = None if is_default else _limit(words[-1], "TIME")
    if wanted is None and not is_default:
        raise click.BadParameter("write 48h, 3d or default", param_hint="TIME")
    with setup.open_database() as database:
        set_warning(database, target, wanted, setup.name, setup.clock())
    when = f"{wanted.words} before the limit" if wanted else "as usual"
    output.line(f"{target.key if target else 'every other status'}: warned {when}")


@thresholds_command.command("log")
@global_options
def log_command() -> None:
    """List who changed which limit or warning, the newest first."""
    from rich.text import Text

    from models.team.changes import newest
    from models.values.local_time import LocalTime
    from tui.commands.table_printer import TablePrinter

    setup = setup_of()
    with setup.open_database() as database:
        found = newest(database)
    if not found:
        output.say("Nobody has changed a limit yet.")
        return
    local = LocalTime(setup.clock(), setup.zone)
    rows = TablePrinter(("When", "Who", "What", "From", "To"))
    rows.print(
        [
            tuple(
                Text(display_text(word))
                for word in (local.zoned_words(at), actor, subject, before, after)
            )
            for at, subject, actor, before, after in found
        ]
    )


def counted(number: int) -> str:
    """Return a number of sends past their limit; empty for none, `10,000+` beyond what is counted."""
    from models.team.effects import OVER_MOST

    if number > OVER_MOST:
        return f"{OVER_MOST:,}+"
    return f"{number:,}" if number else ""


def _limit(text: str, hint: str) -> "Limit | None":
    from models.values.calendar import parse_limit

    try:
        return parse_limit(text)
    except ValueError as problem:
        raise click.BadParameter(str(problem), param_hint=hint) from None


def _effect(
    database: "Database", setup: Setup, status: "Status", limit: "Limit | None"
) -> "Effect":
    from models.team.effects import effect

    return effect(database, status, limit, setup.clock())


def _tell(what: str, moved: int, told: "Effect", dry_run: bool) -> None:
    """Say what was done, or with a dry run what would be, and the effect on sends past their limit."""
    if dry_run:
        output.line(f"{what}; {told.words}")
        output.say("It was a dry run: nothing is changed.")
    else:
        output.line(f"{what}; {output.sends(moved)} moved, {told.words}")


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
