"""`senddesk demo`: a made-up desk, to look around without harm."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from models.errors import DeskError
from tui.commands import output
from tui.commands.exits import Exit
from tui.commands.opening import open_desk
from tui.commands.progress import progress
from tui.commands.setup import Setup, collect_garbage, desk_options, global_options, setup_of

_SENDS = 1200
_SEED = 7


@click.command("demo")
@global_options
@desk_options
@click.option(
    "--sends",
    metavar="N",
    type=click.IntRange(1, 5_000_000),
    default=_SENDS,
    show_default=True,
    help="How many sends it has.",
)
@click.option(
    "--seed",
    metavar="N",
    type=int,
    default=_SEED,
    show_default=True,
    help="A different number makes different sends.",
)
@click.option("--no-open", is_flag=True, help="Make it, but do not open it.")
def demo_command(sends: int, seed: int, no_open: bool) -> int:
    """Open a made-up desk.

    It has a file of its own, also where SENDDESK_DATABASE names another one: your sends are not touched.
    """
    setup = setup_of()
    path = _path(setup.database) if setup.database else demo_path(sends, seed)
    if path.exists():
        output.say(f"{path} is there already and stays as it is.")
    elif setup.database and not path.parent.exists():
        # It is likely to be mistyped.
        raise DeskError(
            f"There is no folder {path.parent}. Make it first, or name a file in another one."
        )
    else:
        _make(setup, path, sends, seed)
        output.say(f"A made-up desk of {output.sends(sends)} is in {path}.")
    return Exit.DONE if no_open else open_desk(setup, target=str(path))


def _path(database: str) -> Path:
    """Return the file that `--database` names.

    Raises:
        BadAddress: If it names neither a file nor a server.
        DeskError: If it names a server.
    """
    from models.store.location import checked, file_of, is_server

    name = checked(database)
    if is_server(name):
        raise DeskError("The demo is a file of its own: --database takes a path here.")
    return file_of(name)


def demo_path(sends: int, seed: int) -> Path:
    """Return the file of the demo with these options: other options are another file."""
    from models.store.location import default_path

    name = "demo.db" if (sends, seed) == (_SENDS, _SEED) else f"demo-{sends}-{seed}.db"
    return default_path().with_name(name)


def _make(setup: Setup, path: Path, sends: int, seed: int) -> None:
    """Make the demo in a folder beside its place and put it there when it is whole.

    Others may make the same one meanwhile: the first that is whole stays.

    Raises:
        DeskError: If it cannot be written.
    """
    from models.values.private_file import make_folder

    try:
        make_folder(path.parent)
        with TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as folder:
            draft = Path(folder, path.name)
            _fill(setup, draft, sends, seed)
            if not path.exists():
                draft.replace(path)
    except OSError as problem:
        raise DeskError(f"{path} cannot be written: {problem.strerror}.") from None


def _fill(setup: Setup, draft: Path, sends: int, seed: int) -> None:
    """Make the demo in the new file *draft*; all of it is on the disk then.

    Raises:
        DeskError: If it cannot be written.
        OSError: If the disk does not take it.
    """
    from models.database import open_database
    from models.demo import make

    database = open_database(draft, is_draft=True)
    collect_garbage()
    try:
        with progress("Making the demo", sends) as on_progress:
            make(
                database,
                sends=sends,
                seed=seed,
                now=setup.clock(),
                agent=setup.name,
                with_batches=True,
                with_past=True,
                progress=on_progress,
            )
    finally:
        database.close()
    with draft.open("rb+") as file:
        os.fsync(file.fileno())
