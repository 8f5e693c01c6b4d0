"""The version of a database's schema, and the way from one version to the next."""

from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa

from models.database.backend import Backend, FileCopy
from models.errors import WrongSchema
from models.store.schema_version import HEAD


class Upgraded(NamedTuple):
    """What an upgrade has done besides changing the schema."""

    copy: Path | None = None
    """The copy of the file as it was before, if it is a file."""
    derived: int = 0
    """How many sends have another state by the rules of this program than by those of the older one."""


def ensure_schema(backend: Backend) -> Upgraded:
    """Leave the schema at this program's version.

    Raises:
        WrongSchema: If it is newer, or older and may not be changed here.
        DeskUnavailable: If it cannot be copied or changed.
        DBAPIError: If the database refuses.
    """
    with backend.engine.connect() as connection:
        backend.refuse_unsuitable(connection)
        found = _version(connection)
    if found == HEAD:
        return Upgraded()
    _refuse_newer(found, backend.name)
    state = "holds no desk yet" if found is None else "has an older schema"
    if backend.is_server:
        raise WrongSchema(f"{backend.name} {state}: run `senddesk db upgrade` once.")
    if backend.read_only:
        raise WrongSchema(
            f"{backend.name} {state}: open it once for writing, which its file and folder must allow."
        )
    return upgrade(backend)


def upgrade(backend: Backend) -> Upgraded:
    """Run the migrations that are missing and derive the states of sends anew; all of that or nothing.

    A file that holds sends is copied before, while nobody can write to it. Another upgrade is waited
    for; what it did is not done again.

    Raises:
        WrongSchema: If the schema is newer than this program, or not a desk's.
        DeskUnavailable: If the database cannot be copied or changed.
        DBAPIError: If the database refuses.
    """
    with backend.engine.connect() as connection:
        backend.refuse_unsuitable(connection)
        backend.refuse_upgrade(connection)
        found = _version(connection)
    _refuse_newer(found, backend.name)
    if found is None:
        backend.set_up_file()
    done = Upgraded() if found == HEAD else _upgrade_alone(backend)
    backend.after_upgrade()
    return done


def upgrade_copy(backend: Backend) -> None:
    """Do on a copy what `upgrade` does; it needs no further copy before.

    Raises:
        WrongSchema: If it holds no desk, or one that is newer than this program.
        DBAPIError: If the database refuses.
    """
    with backend.engine.execution_options(write=True).begin() as connection:
        found = _version(connection)
        if found is None:
            raise WrongSchema(f"{backend.name} holds no desk.")
        _refuse_newer(found, backend.name)
        _migrate_sends(connection, found)


def _upgrade_alone(backend: Backend) -> Upgraded:
    copy: FileCopy | None = None
    try:
        with backend.engine.execution_options(write=True).begin() as connection:
            backend.one_upgrade_at_a_time(connection)
            found = _version(connection)
            _refuse_newer(found, backend.name)
            if found not in (None, HEAD):
                copy = backend.backup_before_upgrade()
            derived = _migrate_sends(connection, found)
    except BaseException:
        # The database is as it was, and a full disk must not fill up with copies of it.
        if copy is not None and copy.is_new:
            copy.path.unlink(missing_ok=True)
        raise
    return Upgraded(copy.path if copy else None, derived)


def _migrate_sends(connection: sa.Connection, found: str | None) -> int:
    """Run the migrations on a schema of the version *found*; return how many sends got another state."""
    migrate(connection)
    if found is None or found == HEAD:
        return 0
    # Rules and tables of all kinds, which only an upgrade needs.
    from models.database import fill_ledger
    from models.database.derive_again import derive_again
    from models.database.stays_again import count_stays

    derived = derive_again(connection)
    count_stays(connection)
    if found < fill_ledger.BEFORE:
        fill_ledger.fill_ledger(connection)
    return derived


def migrate(connection: sa.Connection, to: str = "head") -> None:
    """Run the migrations up to the version *to* within the transaction of *connection*."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def _version(connection: sa.Connection) -> str | None:
    """Return the schema's version, or None where there is no desk yet.

    Raises:
        WrongSchema: If the database holds something else.
    """
    tables = set(sa.inspect(connection).get_table_names())
    if "alembic_version" in tables and "send" in tables:
        found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
        return str(found) if found else None
    if tables:
        raise WrongSchema("This database belongs to another program: choose another one.")
    return None


def _refuse_newer(found: str | None, name: str) -> None:
    """Refuse a schema that only a newer program can know.

    Raises:
        WrongSchema: If *found* is newer than `HEAD`.
    """
    if found is not None and found > HEAD:
        raise WrongSchema(
            f"{name} was made by a newer Send Desk (schema {found}, this one knows {HEAD}): update Send Desk."
        )
