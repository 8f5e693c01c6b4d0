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

from models.database import open_database, upgrade_database
from models.desk import Desk
from models.errors import DeskUnavailable, WrongSchema
from models.history.audit import AuditResult, verify
from models.reading.first_rows import first_rows
from models.store.schema_version import HEAD
from tests.support.desk_cases import HandClock
from tests.support.old_desk import EVENTS, SENDS, connected, contents, make_old, revisions
from tests.support.sample_cases import NOW
from tests.support.server import Server
from tests.support.terminal import ROOT

AT_ONCE = 4


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

    def test_a_copy_that_was_cut_off_is_taken_away(self, old_file: str) -> None:
        left = Path(f"{old_file}.20260101T000000.backup.part")
        left.write_bytes(b"half a copy")
        open_database(old_file).close()
        assert left not in copies(old_file)

    def test_whoever_only_reads_changes_nothing(self, old_file: str) -> None:
        before = Path(old_file).read_bytes()
        with pytest.raises(WrongSchema, match="has an older schema: open it once for"):
            open_database(old_file, read_only=True)
        assert Path(old_file).read_bytes() == before
        assert copies(old_file) == []

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
