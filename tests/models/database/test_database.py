"""Files and servers that are sound, and all that can be wrong with them: one clear sentence each."""

import os
import shutil
import socket
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from models.database import open_database, upgrade_database
from models.desk import Desk
from models.errors import DeskError, DeskUnavailable, WrongSchema
from models.history.audit import verify
from tests.support.desk_cases import HandClock, arrive, parcel, take
from tests.support.terminal import ROOT


def live(address: str) -> None:
    """Take in a few sends and let an agent take one."""
    database = open_database(address)
    desk = Desk(database, "ana", HandClock())
    take(desk, *(parcel(number) for number in range(2, 50)))
    desk.take(arrive(desk, parcel(1)))
    database.close()


def refusal(target: str | Path, **options: Any) -> str:
    """Return the sentence with which the desk refuses to open or to read *target*."""
    with pytest.raises(DeskError) as refused:
        _read_all(target, **options)
    sentence = str(refused.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    return sentence


def _read_all(target: str | Path, **options: Any) -> None:
    database = open_database(target, **options)
    try:
        Desk(database, "ana").total()
        verify(database)
    finally:
        database.close()


class TestNewFile:
    def test_it_and_its_helpers_belong_to_the_agent_alone(self, tmp_path: Path) -> None:
        before = os.umask(0o022)
        try:
            path = tmp_path / "new" / "folder" / "sends.db"
            database = open_database(path)
            desk = Desk(database, "ana", HandClock())
            arrive(desk, parcel(1))
            database.backup(tmp_path / "copy.db")
            made = [*path.parent.iterdir(), tmp_path / "copy.db"]
            modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in made}
            assert modes == dict.fromkeys(
                ("sends.db", "sends.db-wal", "sends.db-shm", "copy.db"), 0o600
            )
            assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
            database.close()
        finally:
            os.umask(before)

    def test_it_keeps_a_log_and_commits_are_safe_from_power_loss(self, tmp_path: Path) -> None:
        database = open_database(tmp_path / "sends.db")
        with database.read() as connection:
            found = {
                name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                for name in ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers")
            }
        database.close()
        assert found == {
            "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "recursive_triggers": 1,
        }  # fmt: skip

    def test_commits_to_a_draft_do_not_wait_for_the_disk(self, tmp_path: Path) -> None:
        database = open_database(tmp_path / "draft.db", is_draft=True)
        with database.read() as connection:
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 0
        database.close()

    @pytest.mark.parametrize("form", ["{path}", "sqlite:///{path}"])
    def test_an_address_is_a_path_or_a_url(self, tmp_path: Path, form: str) -> None:
        path = tmp_path / "sends 100% #1?.db"
        database = open_database(form.format(path=path))
        assert (path.is_file(), database.name) == (True, path.name)
        database.close()

    def test_without_address_it_is_in_the_agents_own_folder(self) -> None:
        database = open_database()
        home = Path(os.environ["XDG_DATA_HOME"])
        assert (home / "senddesk" / "sends.db").is_file()
        database.close()
        shutil.rmtree(home)

    def test_it_is_only_made_when_that_is_wanted(self, tmp_path: Path) -> None:
        path = tmp_path / "sends.db"
        assert refusal(path, create=False) == (
            f"There is no database at {path}. To make an empty one there, run `senddesk db create`."
        )
        assert "open it once without --read-only" in refusal(path, read_only=True)
        assert list(tmp_path.iterdir()) == []

    def test_many_may_make_it_at_once(self, tmp_path: Path) -> None:
        path = str(tmp_path / "sends.db")
        done = subprocess.run(
            [sys.executable, "-m", "tests.crash.upgrade", path, "4"],
            cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert (done.stderr, done.returncode) == ("", 0)
        assert [each.name for each in tmp_path.iterdir()] == ["sends.db"]
        live(path)


class TestBackup:
    def test_it_is_a_whole_desk(self, file_address: str, tmp_path: Path) -> None:
        live(file_address)
        database = open_database(file_address)
        database.backup(tmp_path / "copy.db")
        copy = open_database(tmp_path / "copy.db")
        assert verify(copy) == verify(database)
        assert verify(copy).sends == 49
        copy.close()
        database.close()

    def test_it_never_overwrites(self, file_address: str, tmp_path: Path) -> None:
        (tmp_path / "copy.db").write_text("precious")
        database = open_database(file_address)
        with pytest.raises(DeskUnavailable, match="exists: name a new file"):
            database.backup(tmp_path / "copy.db")
        assert (tmp_path / "copy.db").read_text() == "precious"
        database.close()

    def test_a_folder_that_cannot_be_made_is_a_sentence(
        self, file_address: str, tmp_path: Path
    ) -> None:
        (tmp_path / "file").touch()
        database = open_database(file_address)
        with pytest.raises(DeskUnavailable):
            database.backup(tmp_path / "file" / "copy.db")
        database.close()

    def test_a_server_is_saved_by_its_own_tool(self, server_address: str, tmp_path: Path) -> None:
        database = open_database(server_address)
        with pytest.raises(DeskUnavailable, match="pg_dump"):
            database.backup(tmp_path / "copy.db")
        database.close()


BROKEN: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "noise": (lambda whole: b"\x93\x00noise" * 2000, "is not a Send Desk database"),
    "a text": (lambda whole: b"id,status\n1,Sent\n" * 100, "is not a Send Desk database"),
    "a short text": (lambda whole: b"hello", "is not a Send Desk database"),
    "half a header": (lambda whole: whole[:50], "is not a Send Desk database"),
    "a header alone": (lambda whole: whole[:100], "is damaged|not a Send Desk database"),
    "the first page alone": (lambda whole: whole[:4096], "is damaged"),
    "the first half": (lambda whole: whole[: len(whole) // 8192 * 4096], "is damaged"),
    "holes": (lambda whole: whole[:8192] + bytes(len(whole) - 8192), "is damaged"),
    "noise behind the first page": (
        lambda whole: whole[:4096] + b"\xff" * (len(whole) - 4096),
        "is damaged",
    ),
}


class TestBrokenFile:
    @pytest.mark.parametrize(("make", "sentence"), BROKEN.values(), ids=BROKEN)
    def test_it_is_named_and_left_alone(
        self, file_address: str, make: Callable[[bytes], bytes], sentence: str
    ) -> None:
        live(file_address)
        path = Path(file_address)
        path.write_bytes(make(path.read_bytes()))
        before = path.read_bytes()
        assert any(part in refusal(path) for part in sentence.split("|"))
        assert path.read_bytes() == before

    def test_a_newer_desks_file_is_refused(self, file_address: str) -> None:
        _set_version(file_address, "9001")
        before = Path(file_address).read_bytes()
        assert "was made by a newer Send Desk (schema 9001" in refusal(file_address)
        with pytest.raises(WrongSchema, match="newer Send Desk"):
            upgrade_database(file_address)
        assert Path(file_address).read_bytes() == before
        assert [each.name for each in Path(file_address).parent.iterdir()] == ["sends.db"]

    @pytest.mark.parametrize("table", ["send", "alembic_version", "anything"])
    def test_another_programs_file_is_refused(self, tmp_path: Path, table: str) -> None:
        path = tmp_path / "other.db"
        with closing(sqlite3.connect(path)) as other, other:
            other.execute(f"CREATE TABLE {table} (version_num)")
        before = path.read_bytes()
        assert "belongs to another program" in refusal(path)
        assert path.read_bytes() == before

    @pytest.mark.parametrize("read_only", [False, True])
    def test_a_file_that_was_cut_is_no_new_desk(self, tmp_path: Path, read_only: bool) -> None:
        path = _empty(tmp_path)
        told = refusal(path, read_only=read_only)
        assert told.startswith("empty.db is empty: it was cut.")
        assert "`senddesk db restore FILE`" in told
        assert path.read_bytes() == b""

    def test_a_folder_is_refused(self, tmp_path: Path) -> None:
        assert refusal(tmp_path) == f"{tmp_path} is a folder: name a database file in it."

    def test_what_is_no_file_is_refused(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe")
        with closing(socket.socket(socket.AF_UNIX)) as listening:
            listening.bind(str(tmp_path / "s"))
            for name in ("pipe", "s"):
                assert refusal(tmp_path / name).endswith("is not a file.")

    def test_a_path_that_cannot_be_is_a_sentence(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        (tmp_path / "loop").symlink_to(tmp_path / "loop")
        for path in (tmp_path / "file" / "x.db", tmp_path / ("x" * 300), tmp_path / "loop"):
            assert "cannot be" in refusal(path)


def _empty(folder: Path) -> Path:
    path = folder / "empty.db"
    path.touch()
    return path


def _set_version(path: str, version: str) -> None:
    with closing(sqlite3.connect(path)) as plain, plain:
        plain.execute("UPDATE alembic_version SET version_num = ?", (version,))
