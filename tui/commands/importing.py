"""`senddesk import`: imports exports of the providers."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from models.errors import BadFile, DeskError, DeskUnavailable, ReadOnly
from models.providers.catalogue import provider_names
from models.values.text import storable
from tui.commands import output
from tui.commands.exits import Exit
from tui.commands.progress import progress
from tui.commands.setup import Setup, global_options, setup_of, warn_of_clock

if TYPE_CHECKING:
    from models.database import Database
    from models.files.reading import Export
    from models.files.rejected import RejectedRows
    from models.providers.incoming import Incoming

_LISTED = 20
"""How many rejected rows and warnings are printed; the rest are counted."""
_LONGEST_NAME = 200
_CHECKED = 3
"""How many rows `--check` shows."""
_NAMED = 8
"""How many columns that are not read are named."""
OnProgress = Callable[[int], None]


@dataclass(slots=True)
class _Options:
    """The options of the command."""

    setup: Setup
    provider: str | None
    form: str | None
    encoding: str | None
    days_from: str
    dry_run: bool
    strict: bool
    zone: tzinfo


@dataclass(slots=True)
class _Reading:
    """A file that is being read: `sends` yields its sends and keeps the rejected records."""

    export: "Export"
    rejected: "RejectedRows"

    def progress(self) -> AbstractContextManager[OnProgress]:
        """Show a progress bar while the file is read, if that takes long."""
        return progress(self.export.path.name, self.export.progress.total)

    def sends(self, on_progress: OnProgress) -> "Iterator[Incoming]":
        """Yield the sends; call *on_progress* after every record with the bytes read so far."""
        from models.files.items import Rejected

        for item in self.export:
            on_progress(self.export.progress.done)
            if isinstance(item, Rejected):
                self.rejected.add(item)
            else:
                yield item


def _zone(context: click.Context, option: click.Parameter, value: str | None) -> tzinfo:
    from models.values.zones import zone_named

    if value is None:
        return context.ensure_object(Setup).zone
    try:
        return zone_named(value)
    except ValueError as problem:
        raise click.BadParameter(str(problem)) from None


@click.command(
    "import",
    help=f"Import exports of {provider_names()}.\n\n"
    "What is known already changes nothing. Rows that are not sends go to FILE.rejected.csv.",
)
@global_options
@click.argument("files", metavar="FILE…", nargs=-1, required=True)
@click.option(
    "--platform",
    "--provider",
    "provider",
    metavar="P",
    help="The platform, where the file does not say.",
)
@click.option(
    "--format", "form", type=click.Choice(("csv", "tsv", "json", "jsonl")),
    help="The format, where the content does not tell.",
)  # fmt: skip
@click.option(
    "--timezone",
    "zone",
    metavar="ZONE",
    callback=_zone,
    help="The zone of times that name none: Europe/Berlin, UTC, +01:00.  [yours]",
)
@click.option(
    "--encoding", metavar="NAME", help="The encoding of text that is not UTF-8: cp1252, utf-16."
)
@click.option(
    "--days-from",
    type=click.Choice(("1900", "1904")),
    default="1900",
    show_default=True,
    help="The year from which a spreadsheet counted dates that are numbers.",
)
@click.option("--check", is_flag=True, help="Show how each column is understood; write nothing.")
@click.option("--dry-run", is_flag=True, help="Say what would happen; write nothing.")
@click.option("--strict", is_flag=True, help="Import nothing if any row is rejected.")
def import_command(
    files: tuple[str, ...],
    provider: str | None,
    form: str | None,
    zone: tzinfo,
    encoding: str | None,
    days_from: str,
    check: bool,
    dry_run: bool,
    strict: bool,
) -> int:
    """Import each of *files*; return their exit code, or that of work done in part if they differ."""
    from models.files.sources import named_file

    options = _Options(setup_of(), provider, form, encoding, days_from, dry_run, strict, zone)
    paths = [named_file(name) for name in files]
    if check or dry_run:
        output.begin(is_all=True)
    if check:
        return max(_check(path, options) for path in paths)
    codes = []
    if strict and sum(not _is_whole(path, options) for path in paths):
        output.say("Nothing was imported.")
        return Exit.REFUSED
    with options.setup.open_database(create=True) as database:
        warn_of_clock(database, options.setup.clock)
        for path in paths:
            try:
                codes.append(_import(path, options, database))
            except (DeskUnavailable, ReadOnly):
                raise
            except DeskError as problem:
                output.say(str(problem))
                codes.append(Exit.REFUSED)
    return codes[0] if len(set(codes)) == 1 else Exit.IN_PART


def _is_whole(path: Path, options: _Options) -> bool:
    """Whether every record of a file is a send; if not, print why."""
    try:
        reading = _reading(path, options)
        with reading.progress() as on_progress:
            for _ in reading.sends(on_progress):
                continue
        _report_rejected(path, reading.rejected, options)
    except DeskError as problem:
        output.say(str(problem))
        return False
    return not reading.rejected.count


def _open(path: Path, options: _Options) -> "Export":
    from models.files.reading import open_export
    from models.files.units import Serial

    serial = Serial.FROM_1904 if options.days_from == "1904" else Serial.FROM_1900
    return open_export(
        path,
        provider=options.provider,
        format=options.form,
        encoding=options.encoding,
        serial=serial,
        zone=options.zone,
    )


def _reading(path: Path, options: _Options) -> _Reading:
    from models.files.rejected import RejectedRows

    return _Reading(_open(path, options), RejectedRows(_LISTED, kept=not options.dry_run))


def _check(path: Path, options: _Options) -> Exit:
    """Print how the columns and the first rows of a file are understood; write nothing."""
    from models.files.items import Rejected

    try:
        export = _open(path, options)
        table = export.table
        output.line(f"{path.name}: {export.format}")
        for name, meaning, values in table.sample(_CHECKED) if table else ():
            told = " | ".join(output.shown(value, 60) for value in values)
            output.line(f"  {output.shown(name, 60)}: {meaning or 'not read'}: {told}")
        code = Exit.DONE
        for item in islice(export, _CHECKED):
            if isinstance(item, Rejected):
                output.line(f"{item.place} is rejected: {item.reason}")
                code = Exit.IN_PART
            else:
                output.line(_told(item))
                for warning in item.warnings:
                    output.line(f"  {warning}")
    except DeskError as problem:
        output.say(str(problem))
        return Exit.REFUSED
    return code


def _told(send: "Incoming") -> str:
    """Return a send that was read, in one line."""
    from models.files.fields import iso
    from models.providers import catalogue
    from models.values.money import money_words

    last = send.facts[-1]
    status = catalogue.resolve(send.provider, last.word, send.type)
    label = f" ({status.label})" if status else " (a word that the desk does not know)"
    since = f" since {iso(last.at)}" if last.at else " without a time"
    fields = dict(send.fields)
    if "cost_minor" in fields:
        fields["cost"] = money_words(fields.pop("cost_minor"), fields.pop("currency", ""))
    told = "; ".join(
        f"{name}: {iso(value) if isinstance(value, datetime) else value}"
        for name, value in fields.items()
    )
    return f"{send.provider} {send.external_id}: {last.word}{label}{since}; {told}"


def _import(path: Path, options: _Options, database: "Database") -> Exit:
    """Import one file and print how many records were new, changed or rejected.

    Raises:
        BadFile: If it is not an export, or cannot be read.
        ReadOnly: If the desk was opened for reading.
        DeskUnavailable: If the database cannot be written.
    """
    from models.intake.doubts import FROM_FILE
    from models.intake.intake import Intake

    reading = _reading(path, options)
    with reading.progress() as on_progress:
        report = Intake(database, options.setup.clock, zone=options.zone).apply(
            reading.sends(on_progress),
            source=f"{FROM_FILE}{storable(path.name, _LONGEST_NAME)}",
            dry_run=options.dry_run,
        )
    rejected = reading.rejected.count
    counts = [
        f"{report.read + rejected} read",
        f"{report.new} new",
        f"{report.changed} changed",
        f"{report.unchanged} unchanged",
        f"{rejected} rejected",
    ]
    if report.left_out:
        counts.append(f"{report.left_out} left out")
    if report.warned:
        counts.append(f"{report.warned} {'warning' if report.warned == 1 else 'warnings'}")
    output.line(f"{path.name}: {', '.join(counts)}{' (dry run)' if options.dry_run else ''}")
    if report.ruled:
        output.say(
            f"{path.name}: time had passed for {output.sends(report.ruled)};"
            " `senddesk log --by rule` lists what the rules did"
        )
    _report_unread(path, reading.export)
    if reading.export.has_local_times and options.zone is not UTC:
        output.say(f"{path.name}: times without a zone were read as those of {options.zone}")
    _print_first(report.warnings, report.warned)
    _report_rejected(path, reading.rejected, options)
    return Exit.IN_PART if rejected or report.left_out else Exit.DONE


def _report_unread(path: Path, export: "Export") -> None:
    """Say which columns were not read, if there are any."""
    if not (names := export.unread):
        return
    shown = ", ".join(output.shown(name, 40) for name in names[:_NAMED])
    more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
    columns = "1 column" if len(names) == 1 else f"{len(names):,} columns"
    output.say(f"{path.name}: {columns} not read: {shown}{more}")


def _report_rejected(path: Path, rejected: "RejectedRows", options: _Options) -> None:
    """Print the first rejected records; write all of them to a file unless this is a dry run."""
    if not rejected.count:
        return
    rows = [f"{path.name}, {each.place}: {each.reason}" for each in rejected.first]
    _print_first(rows, rejected.count)
    if not options.dry_run:
        try:
            output.say(f"The rejected rows are in {rejected.save(path)}.")
        except BadFile as problem:
            # The other rows are in the desk: the command is done in part.
            output.say(f"The rejected rows are kept nowhere: {problem}.")


def _print_first(sentences: list[str], total: int) -> None:
    """Print the first of *sentences*, and how many of all *total* are not printed."""
    for sentence in sentences[:_LISTED]:
        output.say(sentence)
    if total > len(sentences):
        output.say(f"… and {total - len(sentences):,} more")
