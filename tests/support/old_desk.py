"""A desk as an older program left it, on a file or on a server.

`samples/desk_0001.json` holds the rows that the first program wrote for twelve sends, on which
agents did everything they can. `samples/desk_0002.json` holds twelve sends of a later one, which believed
planned dates and every clock, and let a problem pass that nobody had reported.
"""

import json
from typing import Any

import sqlalchemy as sa
from alembic.config import Config
from alembic.script import ScriptDirectory

from models.database import Database, schema
from models.database.backend import Backend
from models.database.postgresql import backend as postgresql
from models.database.sqlite import backend as sqlite
from models.store.location import is_server
from tests.support.terminal import ROOT

SENDS, EVENTS = 12, 31
_FIRST = "0001"
BELIEVED = "desk_0002"
"""The sample whose sends have states that today's rules do not give them."""
_SAMPLE = "desk_0001"
_HASHES = frozenset({"head", "hash"})
# Rows that bring their own numbers keep neither the text index of a file nor the sequences of a server up.
_AFTER_ROWS_OF_FILE = ("INSERT INTO send_text(send_text) VALUES ('rebuild')",)
_AFTER_ROWS_OF_SERVER = tuple(
    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"
    for table in ("send", "event", "shipment")
)


def revisions() -> list[str]:
    """Return every version of the schema, the oldest first."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "models/database/migrations"))
    walked = ScriptDirectory.from_config(config).walk_revisions()
    return [script.revision for script in walked][::-1]


def connected(address: str) -> Database:
    """Open what is at *address*, whatever its schema."""
    return Database(_backend(address))


def _backend(address: str) -> Backend:
    return postgresql.connect(address) if is_server(address) else sqlite.connect(address)


def _rows_of(sample: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROOT / f"tests/samples/{sample}.json").read_text("utf-8"))
    return found


def make_old(address: str, revision: str, sample: str = _SAMPLE) -> None:
    """Make the desk of an older program at *address* and bring it to the schema *revision*."""
    backend = _backend(address)
    backend.set_up_file()
    database = Database(backend)
    with database.write() as connection:
        schema.migrate(connection, _FIRST)
        for table, kept in _rows_of(sample).items():
            columns = kept["columns"]
            rows = [
                dict(zip(columns, map(_value, columns, row), strict=True)) for row in kept["rows"]
            ]
            connection.execute(sa.insert(sa.table(table, *map(sa.column, columns))), rows)
        for statement in _AFTER_ROWS_OF_SERVER if is_server(address) else _AFTER_ROWS_OF_FILE:
            connection.exec_driver_sql(statement)
        schema.migrate(connection, revision)
    database.close()


def _value(column: str, kept: Any) -> Any:
    return bytes.fromhex(kept) if column in _HASHES else kept


def contents(address: str) -> dict[str, list[tuple[Any, ...]]]:
    """Return the version of the schema and every row of the first schema's tables."""
    database = connected(address)
    wanted = {"alembic_version": ["version_num"]} | {
        table: kept["columns"] for table, kept in _rows_of(_SAMPLE).items()
    }
    with database.engine.connect() as connection:
        found = {
            table: sorted(map(tuple, connection.execute(_all(table, columns))), key=repr)
            for table, columns in wanted.items()
        }
    database.close()
    return found


def _all(table: str, columns: list[str]) -> sa.Select[Any]:
    return sa.select(*map(sa.column, columns)).select_from(sa.table(table))
