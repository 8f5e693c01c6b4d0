"""`senddesk db`: looking after the database."""

import os
from typing import TYPE_CHECKING

import click

from models.errors import DeskError, ReadOnly
from tui.commands import output
from tui.commands.exits import Exit
from tui.commands.progress import progress
from tui.commands.setup import global_options, path_of, setup_of

if TYPE_CHECKING:
    from models.database import Database
    from models.history.audit import AuditResult


@click.group("db")
@global_options
def db_command() -> None:
    """Look after the database."""


@db_command.command("check")
@global_options
def check_command() -> int:
    """Ask the database itself whether what it stores is sound."""
    with setup_of().open_database() as database:
        problems = database.check()
        name, warning = database.name, database.warning
    if warning:
        output.say(warning)
    return _verdict(problems, f"{name} is sound.")


@db_command.command("verify")
@global_options
def verify_command() -> int:
    """Prove that no history was altered.

    Every send and credit is held against its history.
    """
    from models.history.audit import verify

    with setup_of().open_desk() as desk:
        with progress("Verifying", desk.total()) as told:
            verdict = verify(desk.database, told)
        name = desk.name
        left_out = len(desk.left_out())
    counted = _counted(verdict)
    if left_out and not verdict.problems:
        return Exit.REFUSED
    return _verdict(verdict.problems, f"{name}: {counted} verified, nothing was altered.")


def _counted(verdict: "AuditResult") -> str:
    counted = f"{output.sends(verdict.sends)} and {verdict.events:,} entries"
    if not verdict.credits:
        return counted
    credit = "credit" if verdict.credits == 1 else "credits"
    return f"{output.sends(verdict.sends)}, {verdict.events:,} entries and {verdict.credits:,} {credit}"


def _verdict(problems: "list[str] | tuple[str, ...]", good: str) -> int:
    for problem in problems:
        output.say(problem)
    if problems:
        return Exit.REFUSED
    output.line(good)
    return Exit.DONE


@db_command.command("upgrade")
@global_options
def upgrade_command() -> None:
    """Bring the database to this version, after a backup copy.

    Only a file is copied: save a server's data first.
    """
    from models.database import upgrade_database

    setup = setup_of()
    setup.refuse_missing_folder()
    output.line(upgrade_database(setup.target))


@db_command.command("recount")
@global_options
def recount_command() -> None:
    """Count anew how long sends stayed, as the report tells it.

    The numbers are kept with every write; only where `db verify` finds them wrong is this needed.
    """
    with setup_of().open_database() as database:
        database.recount()
        name = database.name
    output.line(f"{name}: the times in the statuses were counted anew.")


@db_command.command("backup")
@global_options
@click.argument("file")
def backup_command(file: str) -> None:
    """Write a copy to the new FILE while agents go on working."""
    with setup_of().open_database() as database:
        database.backup(path_of(file))
        name = database.name
    output.line(f"{name} was copied to {file}.")


@db_command.command("restore")
@global_options
@click.argument("file")
def restore_command(file: str) -> None:
    """Put the backup FILE in the place of the database.

    FILE is proved first. What was there is kept beside it; every desk must be closed.
    """
    from models.database import restore_database
    from models.history.audit import verify

    setup = setup_of()
    if setup.read_only:
        raise ReadOnly("The desk was opened with --read-only: nothing is written.")
    source = path_of(file)
    if not os.path.lexists(source):
        # An empty desk made there would take the place of the database.
        raise DeskError(f"{file} does not exist: name the backup that is to be put in place.")
    counted = ""

    def verify_copy(database: "Database") -> tuple[str, ...]:
        nonlocal counted
        verdict = verify(database)
        counted = _counted(verdict)
        return verdict.problems

    kept = restore_database(setup.target, source, verify_copy)
    output.line(f"{file} was put in place: {counted}, nothing was altered.")
    if kept is not None:
        output.line(f"What was there before is kept as {kept}.")


@db_command.command("create")
@global_options
def create_command() -> None:
    """Make an empty desk where --database says.

    The folders above it are made too.
    """
    from models.database import make_missing_file
    from models.store.location import default_path, file_of, is_server

    setup = setup_of()
    target = setup.target
    if target is not None and is_server(target):
        raise DeskError("A server gets its desk with `senddesk db upgrade`.")
    if setup.read_only:
        raise ReadOnly("The desk was opened with --read-only: nothing is written.")
    path = default_path() if target is None else file_of(target)
    if not make_missing_file(target):
        raise DeskError(f"{path} is there already and stays as it is.")
    output.line(f"An empty desk is in {path}.")
