"""From an address to an open database: opened, made, upgraded, or put back from a backup."""

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from models.database import schema
from models.database.backend import Backend
from models.database.database import Database
from models.database.sqlite import backend as sqlite
from models.database.sqlite import paths
from models.errors import DeskUnavailable
from models.store.location import checked, default_path, file_of, is_server


def open_database(
    target: str | Path | None = None,
    *,
    create: bool = True,
    read_only: bool = False,
    agent: str = "",
    is_draft: bool = False,
) -> Database:
    """Open the database at *target*: a path, a `sqlite:///` or a `postgresql://` address.

    A new SQLite file is made with its schema, an older one is brought up to date after a backup
    copy; a server's schema is only changed by `Database.upgrade`.

    Args:
        target: None means the agent's own file in the user data directory.
        create: Whether a file that is not there may be made.
        read_only: Refuse every write.
        agent: Who works there; a server tells it to those who have to wait for what is written.
        is_draft: Whether it is a file that gets its name only once it is whole: commits to it do not wait
            for the disk, and whoever gives it that name waits once.

    Raises:
        BadAddress: If it is neither a path nor an address.
        DeskUnavailable: If it is not there or cannot be opened, copied or changed.
        WrongSchema: If it was made by another version of the desk.
    """
    reason = "The desk was opened with --read-only: nothing is written." if read_only else ""
    if create and not read_only:
        make_missing_file(target)
    database = Database(
        _connect(target, create=create, read_only=reason, agent=agent, is_draft=is_draft)
    )
    try:
        database.ensure_schema()
    except BaseException:
        database.close()
        raise
    return database


def make_missing_file(target: str | Path | None = None) -> bool:
    """Make a new desk at *target* if that is a file that is not there; return whether it was made.

    It appears under its name with all its tables, or not at all.

    Raises:
        DeskUnavailable: If it cannot be made.
    """
    text = _text(target)
    if is_server(text):
        return False
    path = file_of(text)
    paths.refuse_unusable(path, create=True)
    if path.exists():
        return False
    from models.database.sqlite import new_file

    return paths.make_new(path, new_file.new_desk(schema.migrate))


def remove_unused_file(target: str | Path | None = None) -> None:
    """Remove the file of a desk at *target* if nothing was stored in it and nobody has it open."""
    text = _text(target)
    if not is_server(text):
        paths.remove_unused(file_of(text))


def upgrade_database(target: str | Path | None = None) -> str:
    """Bring the database at *target* to this program's schema; return the sentence that tells of it.

    An empty server gets its schema, a file that is not there is made.

    Raises:
        BadAddress: If it is neither a path nor an address.
        DeskUnavailable: If it cannot be opened or written.
        WrongSchema: If it belongs to another program or a newer version.
    """
    make_missing_file(target)
    with closing(Database(_connect(target, create=False, read_only=""))) as database:
        database.upgrade()
    return f"{database.name} is up to date. {database.warning}".rstrip()


def restore_database(
    target: str | Path | None, source: Path, verify: Callable[[Database], Sequence[str]]
) -> Path | None:
    """Put the backup *source* in the place of the desk's file, once it was found sound.

    Args:
        target: The desk, as for `open_database`.
        source: The backup. It may be the desk's own file, if the log of another state lies beside it.
        verify: Returns what is wrong with the history of a database.

    Returns:
        The name under which the file that was there before is kept, with its log; None if none was.

    Raises:
        DeskUnavailable: If the backup is not sound, somebody has the desk open, or it cannot be written.
        WrongSchema: If the backup is no desk, or a newer one.
    """
    from models.database.sqlite import restore

    text = _text(target)
    if is_server(text):
        raise DeskUnavailable(
            "A server is restored with its own tool: `pg_restore -d DATABASE FILE`."
        )
    path = file_of(text)
    if path.is_dir():
        raise DeskUnavailable(f"{path} is a folder: name a database file in it.")
    with restore.copied(source, path) as draft:
        backend = replace(sqlite.connect(str(draft), create=False), name=source.name)
        with closing(Database(backend)) as database:
            problems = database.check_copy(verify)
        if problems:
            raise DeskUnavailable(
                f"{source.name} is not sound and was not put in place: {problems[0]}"
            )
        return restore.put_in_place(draft, path)


def _connect(
    target: str | Path | None,
    *,
    create: bool,
    read_only: str,
    agent: str = "",
    is_draft: bool = False,
) -> Backend:
    text = _text(target)
    if is_server(text):
        # Most desks are files, whose commands do not wait for this.
        from models.database.postgresql import backend as postgresql

        return postgresql.connect(text, read_only=read_only, agent=agent)
    return sqlite.connect(text, create=create, read_only=read_only, is_draft=is_draft)


def _text(target: str | Path | None) -> str:
    if target is None:
        return str(default_path())
    return str(target) if isinstance(target, Path) else checked(target)
