"""Whoever waits longer than a second for somebody else's write is told who that is."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from models.database import Database, open_database
from models.database.postgresql import session
from models.database.postgresql.lock_holder import program_name
from models.database.sqlite import engine, lock_holder
from models.desk import Desk
from models.errors import DeskUnavailable
from models.records import SendRecord
from tests.support.desk_cases import HandClock, arrive, parcel
from tests.support.limit import LIMIT
from tests.support.lock_holding import held_by_another


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody give up before a busy machine has looked."""
    monkeypatch.setattr(engine, "LOCK_TIMEOUT", LIMIT)
    for setting in ("lock_timeout", "statement_timeout"):
        monkeypatch.setitem(session.SETTINGS, setting, f"{LIMIT:.0f}s")


def sentence(told: Callable[[], str]) -> str:
    """Return what is told as soon as anything is."""
    end = time.monotonic() + LIMIT
    while time.monotonic() < end:
        if found := told():
            return found
        time.sleep(0.01)
    raise AssertionError("nothing was told")


@contextmanager
def row_locked(address: str, send: SendRecord, agent: str) -> Iterator[None]:
    """Let another desk of *agent* hold the row of *send*."""
    other = open_database(address, agent=agent)
    with other.write() as connection:
        connection.exec_driver_sql(f"SELECT 1 FROM send WHERE id = {send.id} FOR UPDATE")
        yield
    other.close()


class TestFile:
    @pytest.fixture
    def desk(self, file_address: str, clock: HandClock) -> Iterator[Desk]:
        opened = open_database(file_address)
        yield Desk(opened, "ana", clock)
        opened.close()

    def test_the_process_that_writes_is_named(self, desk: Desk, file_address: str) -> None:
        seen = arrive(desk, parcel(1))
        with ThreadPoolExecutor(1) as thread, held_by_another(file_address) as other:
            taking = thread.submit(desk.take, seen)
            told = sentence(desk.database.waits_for)
            if sys.platform == "linux":
                assert told.startswith(f"Waiting for a Python program (process {other.pid}, user ")
                assert told.endswith(") to finish writing.")
            else:
                assert told == "Waiting for another program to finish writing."
            assert desk.database.has_long_write
            other.communicate()
            assert taking.result().send.owner == "ana"
        assert not desk.database.has_long_write
        assert desk.database.waits_for() == ""

    def test_where_nothing_tells_it_is_another_program(
        self, file_address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(lock_holder, "LOCKS", tmp_path / "none")
        assert lock_holder.holder_of(Path(file_address)) == "another program"

    def test_a_command_of_the_desk_is_told_as_one(self, desk: Desk, file_address: str) -> None:
        arrive(desk, parcel(1))
        with held_by_another(file_address):
            command = [sys.executable, "-m", "tui", "--database", file_address, "take", "S-1"]
            process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
            assert process.stderr is not None
            told = next(line for line in process.stderr if line.startswith("Waiting for "))
            assert told.endswith(" to finish writing.\n")
            if sys.platform == "linux":
                assert lock_holder.program_of(process.pid) == "another Send Desk"
        process.communicate()
        assert process.returncode == 0


class TestServer:
    @pytest.fixture
    def desk(self, server_address: str, clock: HandClock) -> Iterator[Desk]:
        opened = open_database(server_address, agent="ana")
        yield Desk(opened, "ana", clock)
        opened.close()

    @pytest.mark.parametrize("agent", ["jo", "Jürgen Ö", "さくら"])
    def test_the_agent_who_writes_is_named(
        self, desk: Desk, server_address: str, agent: str
    ) -> None:
        seen = arrive(desk, parcel(1))
        with ThreadPoolExecutor(1) as thread:
            with row_locked(server_address, seen, agent):
                taking = thread.submit(desk.take, seen)
                told = sentence(desk.database.waits_for)
                assert told == f"Waiting for {agent} to finish writing."
            assert taking.result().send.owner == "ana"
        assert desk.database.waits_for() == ""

    def test_another_program_is_named_with_its_user(self, desk: Desk, server_address: str) -> None:
        seen = arrive(desk, parcel(1))
        with (
            psycopg.connect(server_address, application_name="psql") as other,
            ThreadPoolExecutor(1) as thread,
        ):
            other.execute(f"SELECT 1 FROM send WHERE id = {seen.id} FOR UPDATE".encode())
            taking = thread.submit(desk.take, seen)
            told = sentence(desk.database.waits_for)
            assert told == "Waiting for psql (user postgres) to finish writing."
            other.rollback()
            taking.result()

    def test_who_gives_up_is_told_who_was_in_the_way(self, desk: Desk, server_address: str) -> None:
        seen = arrive(desk, parcel(1))
        with ThreadPoolExecutor(1) as thread, row_locked(server_address, seen, "jo"):
            taking = thread.submit(desk.take, seen)
            sentence(desk.database.waits_for)
            with psycopg.connect(server_address, autocommit=True) as admin:
                admin.execute(
                    "SELECT pg_cancel_backend(pid) FROM pg_stat_activity"
                    " WHERE cardinality(pg_blocking_pids(pid)) > 0"
                )
            with pytest.raises(DeskUnavailable, match=r"jo was writing\.$"):
                taking.result()

    def test_a_write_that_is_merely_slow_waits_for_nobody(self, desk: Desk) -> None:
        with desk.database.write() as connection:
            connection.exec_driver_sql("SELECT pg_sleep(1.1)")
            assert desk.database.has_long_write
            assert desk.database.waits_for() == ""

    def test_the_address_may_name_the_program(self, server_address: str) -> None:
        named: Database = open_database(f"{server_address}&application_name=x", agent="jo")
        with named.read() as connection:
            asked = connection.exec_driver_sql("SELECT current_setting('application_name')")
            assert asked.scalar_one() == "x"
        named.close()

    def test_every_name_fits_into_what_a_server_keeps(self) -> None:
        for agent in ("", "jo", "x" * 200, "さ" * 100):
            name = program_name(agent)
            assert name.isascii()
            assert len(name) <= 63
