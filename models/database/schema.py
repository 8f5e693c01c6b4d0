"""The version of a database's schema, and the way from one version to the next."""

from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from models.errors import DeskUnavailable, WrongSchema
from models.migrations import HEAD


def version(engine: sa.Engine) -> str | None:
    """Return the schema's version, or None where there is no desk yet.

    Raises:
        WrongSchema: If the database holds something else.
    """
    with engine.connect() as connection:
        tables = set(sa.inspect(connection).get_table_names())
        if "alembic_version" in tables and "send" in tables:
            found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
            return str(found) if found else None
        if tables:
            raise WrongSchema("This database belongs to another program: choose another one.")
    return None


def ready(engine: sa.Engine, name: str, *, may_upgrade: bool) -> None:
    """Leave the schema at this program's version.

    Raises:
        WrongSchema: If it is newer, or older and may not be changed here.
    """
    found = version(engine)
    if found == HEAD:
        return
    refuse_newer(found, name)
    if engine.dialect.name == "postgresql":
        state = "holds no desk yet" if found is None else "has an older schema"
        raise WrongSchema(f"{name} {state}: run `senddesk db upgrade` once.")
    if not may_upgrade:
        raise WrongSchema(f"{name} has an older schema: open it once for writing.")
    upgrade(engine)


def refuse_newer(found: str | None, name: str) -> None:
    """Refuse a schema that only a newer program can know.

    Raises:
        WrongSchema: If *found* is newer than `HEAD`.
    """
    if found is not None and found > HEAD:
        raise WrongSchema(
            f"{name} was made by a newer Send Desk (schema {found}, this one knows {HEAD}): update Send Desk."
        )


def upgrade(engine: sa.Engine) -> None:
    """Run the migrations that are missing, after a backup copy of a file that holds sends."""
    from alembic import command
    from alembic.config import Config

    from models.database import postgresql, sqlite

    dialect = postgresql if engine.dialect.name == "postgresql" else sqlite
    before = version(engine)
    if before is None:
        dialect.first_time(engine)
    elif before != HEAD and dialect is sqlite:
        sqlite.backup(engine, _backup_path(engine))
    if before != HEAD:
        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent.parent / "migrations"))
        with engine.execution_options(write=True).begin() as connection:
            dialect.one_upgrade_at_a_time(connection)
            config.attributes["connection"] = connection
            config.attributes["dialect"] = dialect
            command.upgrade(config, "head")
    dialect.after_upgrade(engine)


def _backup_path(engine: sa.Engine) -> Path:
    with engine.connect() as connection:
        file = connection.exec_driver_sql("PRAGMA database_list").fetchall()[0][2]
    if not file:
        raise DeskUnavailable("The database has no file to copy before its schema is changed.")
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
    return Path(f"{file}.{stamp}.backup")
