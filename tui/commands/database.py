"""`senddesk db`: looking after the database."""

from pathlib import Path

import click

from tui.commands import output
from tui.commands.exits import Exit
from tui.commands.progress import progress
from tui.commands.setup import global_options, setup_of

_MANY = 20_000
"""From so many sends on, verifying them takes long enough for a progress bar."""


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
    """Prove that every send is what its history says and that no entry was altered."""
    from models.history.audit import verify

    with setup_of().open_desk() as desk:
        with progress("Verifying", desk.total(), long=_MANY) as told:
            verdict = verify(desk.database, told)
        name = desk.name
        left_out = len(desk.left_out())
    counted = f"{output.sends(verdict.sends)} and {verdict.events:,} entries"
    if left_out and not verdict.problems:
        return Exit.REFUSED
    return _verdict(verdict.problems, f"{name}: {counted} verified, nothing was altered.")


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
    """Bring the database to this version of Send Desk; a file is copied before."""
    from models.database import upgrade_database

    output.line(upgrade_database(setup_of().target))


@db_command.command("backup")
@global_options
@click.argument("file")
def backup_command(file: str) -> None:
    """Write a copy of the database to the new FILE, while agents go on working."""
    with setup_of().open_database() as database:
        database.backup(Path(file).expanduser())
        name = database.name
    output.line(f"{name} was copied to {file}.")
