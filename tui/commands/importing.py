"""`senddesk import`: imports exports of the providers."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

import click

from models.errors import DeskError, DeskUnavailable, ReadOnly
from models.providers.catalogue import provider_names
from tui.commands import output
from tui.commands.exits import Exit
from tui.commands.progress import progress
from tui.commands.setup import Setup, global_options, setup_of

if TYPE_CHECKING:
    from models.database import Database
    from models.files import Export, Rejected
    from models.providers.incoming import Incoming

_LONG = 500_000
"""Files of at least this size in bytes get a progress bar."""
_LISTED = 20
"""How many rejected rows and warnings are printed; the rest are counted."""
_NAMED = 8
"""How many columns that are not read are named."""
OnProgress = Callable[[int], None]


@dataclass(slots=True)
class _Options:
    """The options of the command."""

    setup: Setup
    provider: str | None
    form: str | None
    dry_run: bool
    strict: bool
    zone: tzinfo


@dataclass(slots=True)
class _Reading:
    """A file that is being read: `sends` yields its sends and keeps the rejected records."""

    export: "Export"
    rejected: "list[Rejected]" = field(default_factory=list)

    def progress(self) -> AbstractContextManager[OnProgress]:
        """Show a progress bar while the file is read, if it is large."""
        return progress(self.export.path.name, self.export.progress.total, long=_LONG)

    def sends(self, on_progress: OnProgress) -> "Iterator[Incoming]":
        """Yield the sends; call *on_progress* after every record with the bytes read so far."""
        from models.files import Rejected

        self.rejected.clear()
        for item in self.export:
            on_progress(self.export.progress.done)
            if isinstance(item, Rejected):
                self.rejected.append(item)
            else:
                yield item


def _zone(context: click.Context, option: click.Parameter, value: str | None) -> tzinfo:
    from models.values.dates import system_zone, zone_named

    if value is None:
        return system_zone()
    try:
        return zone_named(value)
    except ValueError as problem:
        raise click.BadParameter(str(problem)) from None


@click.command(
    "import",
    help=f"Import exports of {provider_names()}.\n\n"
    "What is known already changes nothing. Rows that are no sends go to FILE.rejected.csv.",
)
@global_options
@click.argument("files", metavar="FILE…", nargs=-1, required=True)
@click.option("--provider", metavar="P", help="The platform, where the file does not say.")
@click.option(
    "--format", "form", type=click.Choice(("csv", "tsv", "json", "jsonl")),
    help="The format, where the content does not tell.",
)  # fmt: skip
@click.option(
    "--timezone",
    "zone",
    metavar="ZONE",
    callback=_zone,
    help="The zone of times that name none: Europe/Berlin, UTC, +01:00.  [this computer's]",
)
@click.option("--dry-run", is_flag=True, help="Say what would happen; write nothing.")
@click.option("--strict", is_flag=True, help="Import nothing if any row is rejected.")
def import_command(
    files: tuple[str, ...],
    provider: str | None,
    form: str | None,
    zone: tzinfo,
    dry_run: bool,
    strict: bool,
) -> int:
    """Import each of *files*; return the worst of their exit codes."""
    options = _Options(setup_of(), provider, form, dry_run, strict, zone)
    paths = [Path(name).expanduser() for name in files]
    codes = []
    if strict and sum(not _is_whole(path, options) for path in paths):
        output.say("Nothing was imported.")
        return Exit.REFUSED
    with options.setup.open_database(create=True) as database:
        for path in paths:
            try:
                codes.append(_import(path, options, database))
            except (DeskUnavailable, ReadOnly):
                raise
            except DeskError as problem:
                output.say(str(problem))
                codes.append(Exit.REFUSED)
    return Exit.REFUSED if Exit.REFUSED in codes else max(codes)


def _is_whole(path: Path, options: _Options) -> bool:
    """Whether every record of a file is a send; if not, print why."""
    try:
        reading = _Reading(_open(path, options))
        with reading.progress() as on_progress:
            for _ in reading.sends(on_progress):
                continue
        _report_rejected(path, reading.rejected, options)
    except DeskError as problem:
        output.say(str(problem))
        return False
    return not reading.rejected


def _open(path: Path, options: _Options) -> "Export":
    from models.files import open_export

    return open_export(path, provider=options.provider, format=options.form)


def _import(path: Path, options: _Options, database: "Database") -> Exit:
    """Import one file and print how many records were new, changed or rejected.

    Raises:
        BadFile: If it is not an export, or cannot be read.
        ReadOnly: If the desk was opened for reading.
        DeskUnavailable: If the database cannot be written.
    """
    from models.intake.intake import Intake
    from models.values.dates import local_times

    with local_times(options.zone) as local:
        reading = _Reading(_open(path, options))
        local.read = 0
        with reading.progress() as on_progress:
            report = Intake(database, options.setup.clock).apply(
                reading.sends(on_progress), source=f"import:{path.name}", dry_run=options.dry_run
            )
    rejected = len(reading.rejected)
    counts = [
        f"{report.read + rejected} read",
        f"{report.new} new",
        f"{report.changed} changed",
        f"{report.unchanged} unchanged",
        f"{rejected} rejected",
    ]
    if report.warned:
        counts.append(f"{report.warned} {'warning' if report.warned == 1 else 'warnings'}")
    output.line(f"{path.name}: {', '.join(counts)}{' (dry run)' if options.dry_run else ''}")
    _report_unread(path, reading.export)
    if local.read and options.zone is not UTC:
        output.say(f"{path.name}: times without a zone were read as those of {options.zone}")
    _print_first(report.warnings, report.warned)
    _report_rejected(path, reading.rejected, options)
    return Exit.IN_PART if rejected else Exit.DONE


def _report_unread(path: Path, export: "Export") -> None:
    """Say which columns were not read, if there are any."""
    if not (names := export.unread):
        return
    shown = ", ".join(output.shown(name, 40) for name in names[:_NAMED])
    more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
    columns = "1 column" if len(names) == 1 else f"{len(names):,} columns"
    output.say(f"{path.name}: {columns} not read: {shown}{more}")


def _report_rejected(path: Path, rejected: "list[Rejected]", options: _Options) -> None:
    """Print the first rejected records; write all of them to a file unless this is a dry run."""
    if not rejected:
        return
    from models.files import write_rejected

    rows = [f"{path.name}, {each.place}: {each.reason}" for each in rejected[:_LISTED]]
    _print_first(rows, len(rejected))
    if not options.dry_run:
        output.say(f"The rejected rows are in {write_rejected(path, rejected)}.")


def _print_first(sentences: list[str], total: int) -> None:
    """Print the first of *sentences*, and how many of all *total* are not printed."""
    for sentence in sentences[:_LISTED]:
        output.say(sentence)
    if total > len(sentences):
        output.say(f"… and {total - len(sentences):,} more")
