"""`senddesk thresholds`: how long a send may stand in a status, business hours and holidays."""

import re
import shlex
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
    from models.values.business_time import BusinessTime
    from models.values.calendar import Limit

_DEFAULT = "default"
_NO_HOURS = "Mon to Fri around the clock, UTC"
"""What holds while no business hours are set."""
_BELOW_ZERO = re.compile(r"-[0-9]")
dry_run_option = click.option("--dry-run", is_flag=True, help="Only say what it would change.")


@click.group("thresholds", invoke_without_command=True)
@global_options
@click.option(
    "--format", "form", type=click.Choice(("table", "json")), default="table", show_default=True
)
@click.pass_context
def thresholds_command(context: click.Context, form: str) -> None:
    """List or set the limits, business hours and holidays."""
    if context.invoked_subcommand is None:
        _list(form)


def _list(form: str) -> None:
    from rich.text import Text

    from models.files import json_text
    from models.files.fields import iso
    from models.team.effects import counts_over
    from models.team.thresholds import in_force
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
                Text(_warned(each)),
                Text(_whose(each)),
            )
            for each in limits
        ]
    )


def _warned(limit: "EffectiveThreshold") -> str:
    """Return how long before it agents are warned; nothing for a limit that leaves no time before it."""
    from models.values.calendar import span_words

    if limit.threshold is None or limit.threshold.limit.at_once:
        return ""
    return span_words(limit.warning)


def _whose(limit: "EffectiveThreshold") -> str:
    if limit.own:
        return display_text(f"your team ({limit.set_by})")
    return limit.threshold.source if limit.threshold else ""


class _WithLimit(click.Command):
    """A command that takes a limit: one such as -5d is refused as a limit, not as an option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Refuse a limit below zero, then read the words as any command does."""
        for word in filter(_BELOW_ZERO.match, args):
            _limit(word, "LIMIT")
        return super().parse_args(ctx, args)


@thresholds_command.command("set", cls=_WithLimit)
@global_options
@click.argument("status", metavar="PROVIDER:STATUS")
@click.argument("limit")
@dry_run_option
def set_limit_command(status: str, limit: str, dry_run: bool) -> None:
    """Set the limit of a status: 7d, 3bd, 36h, 16bh, now, off.

    `default` takes the catalogue's again.
    """
    if limit.strip().lower() == _DEFAULT:
        _reset(status, dry_run)
        return
    from models.team.thresholds import limited_status, set_limit

    setup, target, wanted = setup_of(), _status(status), _limit(limit, "LIMIT")
    limited_status(target.provider, target.slug)
    with setup.open_database() as database:
        told = _effect(database, setup, target, wanted)
        before, moved = _stored(database, target), 0
        if not dry_run:
            now = setup.clock()
            moved = set_limit(database, target.provider, target.slug, wanted, setup.name, now)
    _tell(f"{target.key}: {wanted.words if wanted else 'no limit'}", moved, told, dry_run)
    if not dry_run:
        _tell_way_back(f"set {target.key} {before}")


@thresholds_command.command("reset")
@global_options
@click.argument("status", metavar="PROVIDER:STATUS")
@dry_run_option
def reset_command(status: str, dry_run: bool) -> None:
    """Put a status back to its default limit."""
    _reset(status, dry_run)


def _reset(status: str, dry_run: bool) -> None:
    from models.team.thresholds import limited_status, reset_limit

    setup, target = setup_of(), _status(status)
    limited_status(target.provider, target.slug)
    usual = target.threshold.limit if target.threshold else None
    with setup.open_database() as database:
        told = _effect(database, setup, target, usual)
        before, moved = _stored(database, target), 0
        if not dry_run:
            now = setup.clock()
            moved = reset_limit(database, target.provider, target.slug, setup.name, now)
    words = usual.words if usual else "no limit"
    _tell(f"{target.key}: {words}, the catalogue's limit", moved, told, dry_run)
    if not dry_run and before != _DEFAULT:
        _tell_way_back(f"set {target.key} {before}")


def _stored(database: "Database", status: "Status") -> str:
    """Return the limit of *status* as the team has set it: `9d`, `off`; `default` if it has not."""
    from models.team.thresholds import in_force

    found = next(each for each in in_force(database) if each.status == status)
    if not found.own:
        return _DEFAULT
    return str(found.threshold.limit) if found.threshold else "off"


def _tell_way_back(words: str) -> None:
    """Say with which words of `senddesk thresholds` the setting becomes again what it was."""
    output.say(f"`senddesk thresholds {words}` puts it back.")


@thresholds_command.command("warn", cls=_WithLimit)
@global_options
@click.argument("words", metavar="[PROVIDER:STATUS] TIME", nargs=-1, required=True)
def warn_command(words: tuple[str, ...]) -> None:
    """Set how long before a limit sends are due soon.

    TIME as in 48h or 3d, or `default`. Without a status it holds for every status that has no time of
    its own.
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
    """List who changed which limit, hours or holidays.

    The newest change comes first; warnings are among them.
    """
    from rich.text import Text

    from models.team.changes import newest
    from models.values.local_time import LocalTime
    from tui.commands.table_printer import TablePrinter

    setup = setup_of()
    with setup.open_database() as database:
        found = newest(database)
    if not found:
        output.say("Nobody has changed anything yet.")
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


@thresholds_command.command("hours")
@global_options
@click.argument("hours", required=False)
@click.option("--days", metavar="DAYS", help="The working days: mon-fri, or sun,mon,tue.")
@click.option("--zone", metavar="ZONE", help="The time zone of the desk.  [as before, else yours]")
@click.option(
    "--format", "form", type=click.Choice(("text", "json")), default="text", show_default=True
)
def hours_command(hours: str | None, days: str | None, zone: str | None, form: str) -> None:
    """Show or set when the desk works.

    HOURS as in 9:00-17:30, or `default` for around the clock.
    """
    from models.values.business_time import BusinessTime

    setup = setup_of()
    with setup.open_desk() as desk:
        before = desk.business_time()
        if hours is None and days is None and zone is None:
            _show_hours(before, form)
            return
        if hours is not None and hours.strip().lower() == _DEFAULT:
            if days or zone:
                raise click.UsageError("`default` takes neither --days nor --zone.")
            moved = desk.set_business_time(None)
            output.line(f"{_NO_HOURS}; {output.sends(moved)} moved")
            _tell_way_back(_hours_words(before))
            return
        usual = before or BusinessTime("09:00", "17:00", "mon-fri", str(setup.zone))
        try:
            wanted = BusinessTime.read(
                hours or f"{usual.opens}-{usual.closes}", days or usual.days, zone or usual.zone
            )
        except ValueError as problem:
            raise click.BadParameter(str(problem)) from None
        moved = desk.set_business_time(wanted)
    output.line(f"{wanted.words}; {output.sends(moved)} moved")
    _tell_way_back(_hours_words(before))


def _hours_words(hours: "BusinessTime | None") -> str:
    """Return the words of `senddesk thresholds` that set *hours*."""
    if hours is None:
        return f"hours {_DEFAULT}"
    return f"hours {hours.opens}-{hours.closes} --days {hours.days} --zone {hours.zone}"


def _show_hours(hours: "BusinessTime | None", form: str) -> None:
    from models.files import json_text

    if form == "json":
        output.write([json_text(hours._asdict() if hours else None), "\n"])
    else:
        output.line(hours.words if hours else _NO_HOURS)


class _Holidays(click.Group):
    """Takes a first word that is no command for a country."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that a country or a part of one is chosen with."""
        if self.get_command(ctx, args[0]) is None:
            return "choose", _choose_command, args
        return super().resolve_command(ctx, args)


@thresholds_command.group(
    "holidays",
    cls=_Holidays,
    invoke_without_command=True,
    subcommand_metavar="[REGION] | COMMAND [ARGS]…",
)
@global_options
@click.pass_context
def holidays_command(context: click.Context) -> None:
    """List or set the days on which nobody works.

    REGION is a country, DE, or a part of one, DE-BY: its public holidays are stored and take the place
    of those of another region. Days that were added one by one stay.
    """
    if context.invoked_subcommand is None:
        context.invoke(_list_command)


@click.command("choose")
@global_options
@click.argument("region")
def _choose_command(region: str) -> None:
    with setup_of().open_desk() as desk:
        moved = desk.choose_region(region)
        days = [each for each in desk.holidays() if each.region]
    output.line(
        f"{days[0].region}: {len(days)} holidays from {days[0].day.year} to {days[-1].day.year}; "
        f"{output.sends(moved)} moved"
        if days
        else f"{region}: no holidays; {output.sends(moved)} moved"
    )


@holidays_command.command("list")
@global_options
@click.option("--year", type=int, metavar="YEAR", help="Only this year.  [this one and the next]")
@click.option(
    "--format", "form", type=click.Choice(("table", "json")), default="table", show_default=True
)
def _list_command(year: int | None = None, form: str = "table") -> None:
    """List the holidays."""
    from rich.text import Text

    from models.files import json_text
    from tui.commands.table_printer import TablePrinter

    with setup_of().open_desk() as desk:
        present = desk.local_time().at(desk.now()).year
        stored = desk.holidays()
    years = (year,) if year else (present, present + 1)
    days = [each for each in stored if each.day.year in years]
    if form == "json":
        values = [{**each._asdict(), "day": each.day.isoformat()} for each in days]
        output.write([json_text(values), "\n"])
        return
    rows = TablePrinter(("Day", "Name", "From"))
    rows.print(
        [
            (Text(f"{each.day:%a %d %b %Y}"), Text(each.name), Text(each.region or "your team"))
            for each in days
        ]
    )
    if not days:
        output.say(
            "There are no holidays: `senddesk thresholds holidays DE` stores those of Germany."
        )
    chosen = [each for each in stored if each.region]
    if chosen:
        region, last = chosen[-1].region, chosen[-1].day.year
        output.say(
            f"Those of {region} are stored up to {last}; "
            f"`senddesk thresholds holidays {region}` carries them on."
        )


@holidays_command.command("add")
@global_options
@click.argument("day", metavar="DATE")
@click.argument("name", required=False, default="")
def _add_command(day: str, name: str) -> None:
    """Count DATE, 2026-12-24, as a holiday called NAME."""
    free = _date(day)
    with setup_of().open_desk() as desk:
        moved = desk.add_holiday(free, name)
    output.line(f"{free.isoformat()} is not a business day; {output.sends(moved)} moved")
    _tell_way_back(f"holidays remove {free.isoformat()}")


@holidays_command.command("remove")
@global_options
@click.argument("which", metavar="DATE|REGION")
def _remove_command(which: str) -> None:
    """Count DATE as a business day again, or remove all days of REGION."""
    wanted = _date(which) if which[:1].isdecimal() else which
    with setup_of().open_desk() as desk:
        names = {each.day: each.name for each in desk.holidays()}
        moved = desk.remove_holidays(wanted)
    output.line(f"{which} is removed; {output.sends(moved)} moved")
    if isinstance(wanted, str):
        _tell_way_back(f"holidays {wanted}")
    else:
        _tell_way_back(shlex.join(["holidays", "add", which, *filter(None, [names.get(wanted)])]))


@thresholds_command.command("holiday", hidden=True)
@global_options
@click.argument("day", metavar="DATE")
@click.argument("name", required=False, default="")
@click.pass_context
def holiday_command(context: click.Context, day: str, name: str) -> None:
    """Older name of `holidays add`."""
    context.invoke(_add_command, day=day, name=name)


def _date(text: str) -> date:
    """Return the date that *text* is.

    Raises:
        click.BadParameter: If it is none.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"“{text[:40]}” is not a date: write 2026-12-25") from None


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
        raise DeskError(f"“{word[:80]}” is not a status.{hint}")
    return found
