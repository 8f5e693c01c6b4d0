"""The upgrade of an older desk, killed at a random moment, and what must be true of it afterwards."""

import random
import time
from functools import partial
from pathlib import Path

import sqlalchemy as sa

from models.database import Database, open_database, upgrade_database
from models.history.audit import AuditResult, verify
from models.store.location import is_server
from models.store.schema_version import HEAD
from tests.crash.killing import Say, kill
from tests.crash.old_desks import OldDesks
from tests.support.old_desk import EVENTS, SENDS, connected, contents, revisions

_SCHEMA = {
    "sqlite": "SELECT name, sql FROM sqlite_master",
    "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema"
    " UNION ALL SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal"
    " UNION ALL SELECT table_name || '.' || column_name, data_type FROM information_schema.columns"
    " WHERE table_schema = current_schema",
}


def kill_upgrades(desks: OldDesks, times: int, seed: int) -> str:
    """Kill the upgrade of desks with older schemas; the next start must need no repair."""
    dice = random.Random(seed)
    older = revisions()[:-1]
    address = desks.lend(older[0])
    began = time.monotonic()
    kill(partial(_upgrade, address), 60)
    usual = time.monotonic() - began
    wanted = _schema(address)
    desks.take_back()
    done = 0
    for number in range(times):
        address = desks.lend(older[number % len(older)])
        before = contents(address)
        kill(partial(_upgrade, address), dice.uniform(0, usual))
        found = contents(address)
        after = before | {"alembic_version": [(HEAD,)]}
        assert found in (before, after), "a part of the upgrade was kept"
        done += found == after
        assert _copies_are(before, address)
        _upgrade(address, lambda told: None)
        assert contents(address) == after, "the upgrade lost something"
        assert _schema(address) == wanted, "the upgrade was not repeated as a whole"
        assert _is_tidy(address), "the killed upgrade has left something"
        _sound(open_database(address))
        desks.take_back()
    return f"{times} killed upgrading ({times - done} before it was done): each ended whole"


def _upgrade(address: str, say: Say) -> None:
    if is_server(address):
        upgrade_database(address)
    else:
        open_database(address).close()
    say("upgraded")


def _sound(database: Database) -> None:
    assert verify(database) == AuditResult(SENDS, EVENTS, ())
    assert database.check() == []
    database.close()


def _schema(address: str) -> list[tuple[str, str]]:
    """Return every table, index and trigger there is and how it was made."""
    database = connected(address)
    wanted = sa.text(_SCHEMA[database.engine.dialect.name])
    with database.engine.connect() as connection:
        found = sorted((str(name), str(made)) for name, made in connection.execute(wanted))
    database.close()
    return found


def _copies_are(before: dict[str, list[tuple[object, ...]]], address: str) -> bool:
    """Whether each copy that has its name is as the file was; a server has none."""
    folder = Path(address).parent
    return all(contents(str(copy)) == before for copy in folder.glob("*.backup"))


def _is_tidy(address: str) -> bool:
    """Whether nothing lies beside the file but the one copy that was made before the upgrade."""
    if is_server(address):
        return True
    path = Path(address)
    return sorted(path.parent.iterdir()) == [path, *path.parent.glob(f"{path.name}.*.backup")][:2]
