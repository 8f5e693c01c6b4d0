"""`senddesk import`: exports of the providers go in."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
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
    from models.providers.provider import Incoming

_LONG = 500_000
"""From this size in bytes on, reading a file takes long enough for a progress bar."""
_LISTED = 20
"""How many rejected rows and warnings are told in full."""
Told = Callable[[int], None]


@dataclass(slots=True)
class _Order:
    """What was asked for."""

    setup: Setup
    provider: str | None
    form: str | None
    dry_run: bool
    strict: bool


@dataclass(slots=True)
class _Reading:
    """A file while it is read: its sends are handed on, what is none is kept."""

    export: "Export"
    rejected: "list[Rejected]" = field(default_factory=list)

    def progress(self) -> AbstractContextManager[Told]:
        """Show how far the file has been read, if that takes long."""
        return progress(self.export.path.name, self.export.progress.total, long=_LONG)

    def sends(self, told: Told) -> "Iterator[Incoming]":
        """Yield the sends, telling *told* after every row how many bytes were read."""
        from models.files import Rejected

        self.rejected.clear()
        for item in self.export:
            told(self.export.progress.done)
            if isinstance(item, Rejected):
                self.rejected.append(item)
            else:
                yield item


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
@click.option("--dry-run", is_flag=True, help="Say what would happen; write nothing.")
@click.option("--strict", is_flag=True, help="Import nothing if any row is rejected.")
def import_command(
    files: tuple[str, ...], provider: str | None, form: str | None, dry_run: bool, strict: bool
) -> int:
    """Import each of *files*; return the worst of their exit codes."""
    order = _Order(setup_of(), provider, form, dry_run, strict)
    paths = [Path(name).expanduser() for name in files]
    codes = []
    if strict and sum(not _is_whole(path, order) for path in paths):
        output.say("Nothing was imported.")
        return Exit.REFUSED
    with order.setup.open_database(create=True) as database:
        for path in paths:
            try:
                codes.append(_import(path, order, database))
            except (DeskUnavailable, ReadOnly):
                raise
            except DeskError as problem:
                output.say(str(problem))
                codes.append(Exit.REFUSED)
    return Exit.REFUSED if Exit.REFUSED in codes else max(codes)


def _is_whole(path: Path, order: _Order) -> bool:
    """Whether every row of a file is a send; says why not."""
    try:
        reading = _Reading(_open(path, order))
        with reading.progress() as told:
            for _ in reading.sends(told):
                continue
        _tell_rejected(path, reading.rejected, order)
    except DeskError as problem:
        output.say(str(problem))
        return False
    return not reading.rejected


def _open(path: Path, order: _Order) -> "Export":
    from models.files import open_export

    return open_export(path, provider=order.provider, format=order.form)


def _import(path: Path, order: _Order, database: "Database") -> Exit:
    """Import one file and print what became of its rows.

    Raises:
        DeskError: If it is no export, or cannot be read or stored.
    """
    from models.intake.intake import Intake

    reading = _Reading(_open(path, order))
    with reading.progress() as told:
        report = Intake(database, order.setup.clock).apply(
            reading.sends(told), source=f"import:{path.name}", dry_run=order.dry_run
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
    output.line(f"{path.name}: {', '.join(counts)}{' (dry run)' if order.dry_run else ''}")
    _tell(report.warnings, report.warned)
    _tell_rejected(path, reading.rejected, order)
    return Exit.IN_PART if rejected else Exit.DONE


def _tell_rejected(path: Path, rejected: "list[Rejected]", order: _Order) -> None:
    """List what was rejected, and put all of it beside the file unless this is a dry run."""
    if not rejected:
        return
    from models.files import write_rejected

    rows = [f"{path.name}, {each.place}: {each.reason}" for each in rejected[:_LISTED]]
    _tell(rows, len(rejected))
    if not order.dry_run:
        output.say(f"The rejected rows are in {write_rejected(path, rejected)}.")


def _tell(sentences: list[str], total: int) -> None:
    for sentence in sentences[:_LISTED]:
        output.say(sentence)
    if total > len(sentences):
        output.say(f"… and {total - len(sentences):,} more")
