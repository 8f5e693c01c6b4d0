"""The version of a database's schema, and the way from one version to the next."""

from pathlib import Path
from types import ModuleType

import sqlalchemy as sa

from models.errors import WrongSchema
from models.store.schema_version import HEAD


def version(engine: sa.Engine) -> str | None:
    """Return the schema's version, or None where there is no desk yet.

    Raises:
        WrongSchema: If the database holds something else.
    """
    with engine.connect() as connection:
        return _version(connection)


def _version(connection: sa.Connection) -> str | None:
    tables = set(sa.inspect(connection).get_table_names())
    if "alembic_version" in tables and "send" in tables:
        found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
        return str(found) if found else None
    if tables:
        raise WrongSchema("This database belongs to another program: choose another one.")
    return None


def ready(engine: sa.Engine, name: str, *, may_upgrade: bool) -> Path | None:
    """Leave the schema at this program's version; return the copy, if one was made before.

    Raises:
        WrongSchema: If it is newer, or older and may not be changed here.
        DeskUnavailable: If it cannot be copied or changed.
    """
    found = version(engine)
    if found == HEAD:
        return None
    _refuse_newer(found, name)
    state = "holds no desk yet" if found is None else "has an older schema"
    if engine.dialect.name == "postgresql":
        raise WrongSchema(f"{name} {state}: run `senddesk db upgrade` once.")
    if not may_upgrade:
        raise WrongSchema(
            f"{name} {state}: open it once for writing, which its file and folder must allow."
        )
    return upgrade(engine, name)


def upgrade(engine: sa.Engine, name: str) -> Path | None:
    """Run the migrations that are missing, all of them or none.

    A file that holds sends is copied before, while nobody can write to it. Another upgrade is waited
    for; what it did is not done again.

    Returns:
        The copy, if one was made.

    Raises:
        WrongSchema: If the schema is newer than this program.
        DeskUnavailable: If the database cannot be copied or changed.
    """
    from models.database import postgresql, sqlite

    dialect = postgresql if engine.dialect.name == "postgresql" else sqlite
    found = version(engine)
    _refuse_newer(found, name)
    if found is None:
        dialect.first_time(engine)
    copy = None if found == HEAD else _upgrade_alone(engine, name, dialect)
    dialect.after_upgrade(engine)
    return copy


def _upgrade_alone(engine: sa.Engine, name: str, dialect: ModuleType) -> Path | None:
    copy: Path | None = None
    try:
        with engine.execution_options(write=True).begin() as connection:
            dialect.one_upgrade_at_a_time(connection)
            found = _version(connection)
            _refuse_newer(found, name)
            if found not in (None, HEAD):
                copy = dialect.keep_before_upgrade(engine)
            migrate(connection, dialect)
    except BaseException:
        # The database is as it was, and a full disk must not fill up with copies of it.
        if copy is not None:
            copy.unlink(missing_ok=True)
        raise
    return copy


def migrate(connection: sa.Connection, dialect: ModuleType, to: str = "head") -> None:
    """Run the migrations up to the version *to* within the transaction of *connection*."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    config.attributes["dialect"] = dialect
    command.upgrade(config, to)


def _refuse_newer(found: str | None, name: str) -> None:
    """Refuse a schema that only a newer program can know.

    Raises:
        WrongSchema: If *found* is newer than `HEAD`.
    """
    if found is not None and found > HEAD:
        raise WrongSchema(
            f"{name} was made by a newer Send Desk (schema {found}, this one knows {HEAD}): update Send Desk."
        )
