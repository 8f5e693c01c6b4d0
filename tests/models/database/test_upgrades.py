"""A desk that an older program made: copied, brought up to date, and nothing of it lost."""

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from models.database import (
    open_database,
    restore_database,
    sound_histories,
    upgrade_database,
)
from models.database.sqlite import backup
from models.desk import Desk
from models.errors import DeskUnavailable, WrongSchema
from models.history.audit import AuditResult, verify
from models.reading.first_rows import first_rows
from models.store.location import is_server
from models.store.schema_version import HEAD
from tests.support.desk_cases import HandClock
from tests.support.old_desk import (
    BELIEVED,
    EVENTS,
    SENDS,
    connected,
    contents,
    make_old,
    revisions,
)
from tests.support.sample_cases import NOW
from tests.support.server import Server
from tests.support.terminal import ROOT
from tests.support.unguarded import unguarded

AT_ONCE = 4
oldest = pytest.mark.parametrize("old", revisions()[:1], indirect=True)
"""Runs a test for the oldest schema alone, where every version would take the same way."""


@pytest.fixture(params=revisions()[:-1])
def old(request: pytest.FixtureRequest) -> str:
    """Each version of the schema but the newest."""
    return str(request.param)


@pytest.fixture
def old_file(tmp_path: Path, old: str) -> str:
    """The path of a file that an older program made."""
    path = tmp_path / "desk" / "sends.db"
    make_old(str(path), old)
    return str(path)


@pytest.fixture
def old_server(server: Server, old: str) -> Iterator[str]:
    """The address of a server with a desk that an older program made."""
    name = server.make("template0")
    make_old(server.address(name), old)
    yield server.address(name)
    server.drop(name)


@pytest.fixture(params=["file", "server"])
def old_address(request: pytest.FixtureRequest, old: str) -> str:
    """Where the desk of an older program is."""
    found: str = request.getfixturevalue(f"old_{request.param}")
    return found


def copies(path: str | Path) -> list[Path]:
    """Return the copies of the file; nothing else is beside it but what SQLite keeps there."""
    beside = {each for each in Path(path).parent.iterdir() if each != Path(path)}
    own = {Path(f"{path}-wal"), Path(f"{path}-shm")}
    assert {each.suffix for each in beside - own} <= {".backup"}
    return sorted(beside - own)


def kept(before: dict[str, list[tuple[object, ...]]]) -> dict[str, list[tuple[object, ...]]]:
    """Return what a desk must hold after the upgrade that held *before*."""
    return before | {"alembic_version": [(HEAD,)]}


def let_it_grow_no_more(connection: sqlite3.Connection, record: object) -> None:
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages}")


def connected_engine(path: str) -> sa.Engine:
    """Return an engine on the file at *path*, whatever its schema."""
    return sa.create_engine(f"sqlite:///{path}", poolclass=sa.NullPool)


def refuse(connection: sa.Connection) -> None:
    """Fail as a disk that is full at the commit."""
    raise OperationalError("COMMIT", None, sqlite3.OperationalError("disk I/O error"))


def run(module: str, *words: object) -> "subprocess.CompletedProcess[str]":
    """Let another process run *module*."""
    command = [sys.executable, "-m", module, *map(str, words)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


class TestFile:
    def test_it_is_upgraded_by_itself_and_loses_nothing(self, old_file: str) -> None:
        before = contents(old_file)
        with closing(open_database(old_file)) as database:
            assert verify(database) == AuditResult(SENDS, EVENTS, ())
            assert database.check() == []
        assert contents(old_file) == kept(before)

    def test_it_is_copied_before(self, old_file: str) -> None:
        before = contents(old_file)
        mask = os.umask(0o022)
        try:
            database = open_database(old_file)
        finally:
            os.umask(mask)
        told = database.warning
        database.close()
        (copy,) = copies(old_file)
        assert copy.name.startswith("sends.db.20")
        assert stat.S_IMODE(copy.stat().st_mode) == 0o600
        with closing(sqlite3.connect(copy)) as plain:
            assert plain.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert contents(str(copy)) == before
        assert told == f"Before its schema was changed, sends.db was copied to {copy}."

    @oldest
    def test_it_is_copied_once(self, old_file: str) -> None:
        for _ in range(2):
            database = open_database(old_file)
            database.close()
        assert database.warning == ""
        assert len(copies(old_file)) == 1

    def test_agents_go_on_where_they_were(self, old_file: str) -> None:
        with closing(open_database(old_file)) as database:
            desk = Desk(database, "ana", HandClock())
            assert desk.find("S-1").ref == "S-1"
            assert desk.count(desk.listing(desk.parse("tanaka"))).value == 1
            after = desk.note(desk.find("S-1"), "still here").send
            assert verify(database) == AuditResult(SENDS, EVENTS + 1, ())
            assert after.revision == desk.find("S-1").revision

    def test_its_first_rows_are_left_to_the_desk(self, old_file: str) -> None:
        assert first_rows(old_file, NOW) is None

    @oldest
    def test_a_copy_that_was_cut_off_is_taken_away(self, old_file: str) -> None:
        left = Path(f"{old_file}.20260101T000000.backup.part")
        left.write_bytes(b"half a copy")
        open_database(old_file).close()
        assert left not in copies(old_file)

    @oldest
    def test_the_copy_of_an_upgrade_that_was_cut_off_serves_again(self, old_file: str) -> None:
        left = Path(backup.copy_beside(connected_engine(old_file)).path)
        with closing(open_database(old_file)) as database:
            assert database.warning.endswith(f"was copied to {left}.")
        assert copies(old_file) == [left]

    @oldest
    def test_a_copy_of_another_state_stays_beside_the_new_one(self, old_file: str) -> None:
        left = Path(backup.copy_beside(connected_engine(old_file)).path)
        kept_bytes = left.read_bytes()
        with closing(sqlite3.connect(old_file)) as plain, plain:
            plain.execute("UPDATE send SET campaign = 'Autumn' WHERE id = 1")
        open_database(old_file).close()
        assert len(copies(old_file)) == 2
        assert left.read_bytes() == kept_bytes

    @oldest
    def test_a_copy_that_was_there_outlives_an_upgrade_that_fails(self, old_file: str) -> None:
        left = Path(backup.copy_beside(connected_engine(old_file)).path)
        with closing(connected(old_file)) as database:
            sa.event.listen(database.engine, "connect", let_it_grow_no_more)
            with pytest.raises(DeskUnavailable, match="The disk is full"):
                database.upgrade()
        assert copies(old_file) == [left]

    def test_whoever_only_reads_changes_nothing(self, old_file: str) -> None:
        before = Path(old_file).read_bytes()
        with pytest.raises(WrongSchema, match="has an older schema: open it once for"):
            open_database(old_file, read_only=True)
        assert Path(old_file).read_bytes() == before
        assert copies(old_file) == []

    @oldest
    def test_a_disk_without_room_for_the_copy(self, old_file: str) -> None:
        before = contents(old_file)
        size = Path(old_file).stat().st_size
        done = run("tests.support.storage_worker", "cramped", old_file, size // 2)
        (sentence,) = done.stdout.splitlines()
        assert (done.stderr, done.returncode) == ("", 1)
        assert sentence.startswith("sends.db was left as it was: ")
        assert sentence.endswith("could not be written: disk I/O error.")
        assert copies(old_file) == []
        assert contents(old_file) == before

    def test_a_disk_without_room_for_the_new_schema(self, old_file: str) -> None:
        before = contents(old_file)
        with closing(connected(old_file)) as database:
            sa.event.listen(database.engine, "connect", let_it_grow_no_more)
            with pytest.raises(DeskUnavailable, match="The disk is full"):
                database.upgrade()
        assert copies(old_file) == []
        assert contents(old_file) == before
        open_database(old_file).close()
        assert contents(old_file) == kept(before)


# What the older program's rules made of these sends, and what today's make of them.
DERIVED = {
    "planned": (("delivered", None, False), ("order_received", None, False)),
    "planned-order": (("shipped", None, False), ("paid", None, False)),
    "second-ahead": (("delivered", None, False), ("shipped", "shipped", False)),
    "year-ahead": (("shipped", "shipped", False), ("delivered", None, False)),
    "through-a-problem": (("canceled", None, False), ("shipped", "shipped", True)),
}
DERIVED_TIMES = 2
"""How many more have the same status since another time."""
STATES = "SELECT external_id, status, override_status, contested FROM send"
HISTORIES = "SELECT * FROM event ORDER BY id"
REVISIONS = "SELECT id, revision, head, ref, created_at FROM send ORDER BY id"


class TestOldHistories:
    """Sends of a program that believed planned dates and every clock."""

    @pytest.fixture(params=["file", "server"])
    def believed(self, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
        """The address of a desk that such a program made."""
        if request.param == "file":
            path = tmp_path / "desk" / "sends.db"
            make_old(str(path), "0002", BELIEVED)
            yield str(path)
            return
        server: Server = request.getfixturevalue("server")
        name = server.make("template0")
        make_old(server.address(name), "0002", BELIEVED)
        yield server.address(name)
        server.drop(name)

    @staticmethod
    def rows(address: str, statement: str) -> list[tuple[object, ...]]:
        with closing(connected(address)) as database, database.engine.connect() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(statement)]

    def states(self, address: str) -> dict[str, tuple[object, ...]]:
        return {
            str(name): (status, override, bool(contested))
            for name, status, override, contested in self.rows(address, STATES)
        }

    def test_each_gets_the_state_of_its_history(self, believed: str) -> None:
        before = self.states(believed)
        told = upgrade_database(believed)
        assert f"of {len(DERIVED) + DERIVED_TIMES} sends were derived anew" in told
        after = self.states(believed)
        changed = {
            name: (before[name], after[name]) for name in after if before[name] != after[name]
        }
        assert changed == DERIVED
        with closing(open_database(believed)) as database:
            assert verify(database).problems == ()
            assert database.check() == []

    def test_no_history_is_touched(self, believed: str) -> None:
        before = self.rows(believed, HISTORIES), self.rows(believed, REVISIONS)
        upgrade_database(believed)
        assert (self.rows(believed, HISTORIES), self.rows(believed, REVISIONS)) == before

    def test_it_is_done_once(self, believed: str) -> None:
        upgrade_database(believed)
        assert "derived" not in upgrade_database(believed)

    def test_one_at_a_time_is_the_same(
        self, believed: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sound_histories, "_BATCH", 1)
        assert "of 7 sends were derived anew" in upgrade_database(believed)
        with closing(open_database(believed)) as database:
            assert verify(database).problems == ()

    def test_an_upgrade_that_breaks_off_has_derived_nothing(
        self, believed: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = self.states(believed)
        with closing(connected(believed)) as database:
            sa.event.listen(database.engine, "commit", refuse)
            with pytest.raises(DeskUnavailable):
                database.upgrade()
        assert self.states(believed) == before
        assert "of 7 sends were derived anew" in upgrade_database(believed)

    def test_a_damaged_history_stays_for_verify_to_name(self, believed: str) -> None:
        with closing(connected(believed)) as database, unguarded(database) as damage:
            assert (
                damage("UPDATE event SET reason = 'x' WHERE kind = 'override' AND send_id = 4") == 1
            )
            assert damage("UPDATE event SET detail = '{' WHERE kind = 'owner'") == 1
            assert damage("UPDATE send SET provider = 'gone' WHERE external_id = 'noted'") == 1
        assert "of 4 sends were derived anew" in upgrade_database(believed)
        assert self.states(believed)["second-ahead"] == DERIVED["second-ahead"][0]
        with closing(open_database(believed)) as database:
            problems = verify(database).problems
        assert [problem.split(":")[0] for problem in problems] == [
            "S-planned", "S-second-ahead", "S-noted"
        ]  # fmt: skip

    def test_times_that_no_driver_reads_keep_nobody_else_back(self, believed: str) -> None:
        unreadable = "infinity" if is_server(believed) else "never"
        with closing(connected(believed)) as database, unguarded(database) as damage:
            assert damage(f"UPDATE send SET created_at = '{unreadable}' WHERE id = 2") == 1
        assert "of 6 sends were derived anew" in upgrade_database(believed)


def test_a_backup_of_old_histories_is_restored_sound(tmp_path: Path) -> None:
    backup_file, target = tmp_path / "old.db", tmp_path / "restored.db"
    make_old(str(backup_file), "0002", BELIEVED)
    restore_database(target, backup_file, lambda database: verify(database).problems)
    with closing(open_database(target)) as database:
        assert verify(database).problems == ()
        assert Desk(database, "ana", HandClock()).find("S-planned").status == "order_received"


class TestServer:
    def test_it_is_refused_until_it_was_upgraded(self, old_server: str) -> None:
        before = contents(old_server)
        with pytest.raises(WrongSchema, match="older schema: run `senddesk db upgrade` once"):
            open_database(old_server)
        assert contents(old_server) == before
        told = upgrade_database(old_server)
        assert " is up to date." in told
        assert contents(old_server) == kept(before)
        with closing(open_database(old_server)) as database:
            assert verify(database) == AuditResult(SENDS, EVENTS, ())
            desk = Desk(database, "ana", HandClock())
            desk.note(desk.find("S-1"), "still here")
            assert verify(database) == AuditResult(SENDS, EVENTS + 1, ())

    @oldest
    def test_it_waits_for_an_intake_that_runs(self, old_server: str) -> None:
        waits = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        with (
            closing(connected(old_server)) as database,
            psycopg.connect(old_server, autocommit=True) as looking,
            ThreadPoolExecutor(1) as other,
        ):
            with database.write() as connection:
                database.one_intake_at_a_time(connection)
                upgrading = other.submit(upgrade_database, old_server)
                while not upgrading.done() and looking.execute(waits).fetchone() == (0,):
                    pass
                assert not upgrading.done()
            assert " is up to date." in upgrading.result()


@oldest
def test_many_may_upgrade_it_at_once(old_address: str, tmp_path: Path) -> None:
    before = contents(old_address)
    done = run("tests.crash.upgrade", old_address, AT_ONCE)
    assert (done.stderr, done.returncode) == ("", 0)
    assert len(done.stdout.splitlines()) == AT_ONCE
    assert contents(old_address) == kept(before)
    with closing(open_database(old_address)) as database:
        assert verify(database) == AuditResult(SENDS, EVENTS, ())
        if not database.is_server:
            (copy,) = copies(tmp_path / "desk" / "sends.db")
            assert done.stdout.count("was copied to") == 1
            assert contents(str(copy)) == before
