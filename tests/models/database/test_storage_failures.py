"""Storage that fails while the desk is used: one sentence, nothing lost, nothing half-written."""

import shutil
import subprocess
import sys
from contextlib import closing, suppress
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from models.database import (
    Database,
    make_missing_file,
    open_database,
    remove_unused_file,
    upgrade_database,
)
from models.database.sqlite import engine as sqlite_engine
from models.desk import Desk
from models.errors import BadAddress, DeskUnavailable, WrongSchema
from models.history.audit import verify
from tests.support.desk_cases import HandClock, parcel, take
from tests.support.other_process import work
from tests.support.server import Server
from tests.support.terminal import ROOT


def live(address: str) -> None:
    """Take in a few sends and let an agent take one."""
    database = open_database(address)
    desk = Desk(database, "ana", HandClock())
    take(desk, *(parcel(number) for number in range(50)))
    desk.assign(desk.find("S-1"), "jo")
    database.close()


class TestReadOnlyFile:
    """Rights do not bind root, so the desk is opened by a process that gives them up."""

    @pytest.mark.parametrize(("folder", "file"), [(0o777, 0o444), (0o555, 0o444), (0o555, 0o666)])
    def test_it_is_read_and_every_write_is_refused(
        self, public: Path, file_address: str, folder: int, file: int
    ) -> None:
        live(file_address)
        path = Path(shutil.copy(file_address, public))
        before = path.read_bytes()
        path.chmod(file)
        public.chmod(folder)
        worker = work("nobody", path)
        out, err = worker.communicate()
        sentence = "sends.db cannot be written: check the permissions of the file and its folder."
        assert (out.splitlines(), err) == (["50 0", sentence, sentence], "")
        assert worker.returncode == 1
        assert path.read_bytes() == before

    @pytest.mark.parametrize(("folder", "file"), [(0o755, 0o000), (0o000, 0o644), (0o600, 0o644)])
    def test_what_cannot_be_read_is_a_sentence(
        self, public: Path, file_address: str, folder: int, file: int
    ) -> None:
        path = Path(shutil.copy(file_address, public))
        path.chmod(file)
        public.chmod(folder)
        worker = work("nobody", path)
        out, err = worker.communicate()
        assert (len(out.splitlines()), err, worker.returncode) == (1, "", 1)
        assert "cannot be" in out

    def test_a_file_that_became_read_only_meanwhile(self, file_address: str) -> None:
        live(file_address)
        database = open_database(file_address)
        desk = Desk(database, "ana", HandClock())
        seen = desk.find("S-1")
        with database.read() as connection:
            connection.exec_driver_sql("PRAGMA query_only = ON")
        with pytest.raises(DeskUnavailable, match="cannot be written: check the permissions"):
            desk.take(seen)
        database.close()


class TestLocked:
    def test_writers_get_a_sentence_and_readers_go_on(
        self, file_address: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sqlite_engine, "LOCK_TIMEOUT", 0.05)
        live(file_address)
        database = open_database(file_address)
        desk = Desk(database, "ana", HandClock())
        holder = work("hold", file_address)
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        seen = desk.find("S-1")
        with pytest.raises(DeskUnavailable, match="held by another program: nothing was written"):
            desk.take(seen)
        assert desk.total() == 50
        assert holder.communicate("")[1] == ""
        assert desk.take(seen).send.owner == "ana"
        database.close()

    def test_a_server_says_so_too(self, server_address: str) -> None:
        live(server_address)
        database = open_database(server_address)
        sa.event.listen(database.engine, "connect", _in_a_hurry)
        database.engine.dispose()
        desk = Desk(database, "ana", HandClock())
        seen = desk.find("S-1")
        with psycopg.connect(server_address) as other:
            other.execute("SELECT * FROM send FOR UPDATE")
            with pytest.raises(DeskUnavailable, match="is busy with another change"):
                desk.take(seen)
            assert desk.total() == 50
        assert desk.take(seen).send.owner == "ana"
        database.close()


def _in_a_hurry(connection: "psycopg.Connection[object]", record: object) -> None:
    connection.execute("SET lock_timeout = 50")
    connection.commit()


def test_a_full_disk_is_a_sentence_and_loses_nothing(file_address: str) -> None:
    live(file_address)
    worker = work("full", file_address)
    out, err = worker.communicate()
    written, total, sentence = out.splitlines()
    assert (err, worker.returncode, total) == ("", 1, "50")
    assert sentence == "sends.db could not be read or written: the disk reports an error."
    database = open_database(file_address)
    desk = Desk(database, "ana", HandClock())
    assert desk.case(desk.find("S-1").id).history_total == 2 + int(written)
    assert int(written) > 5
    assert verify(database).problems == ()
    assert desk.note(desk.find("S-1"), "room again").send.revision == 3 + int(written)
    database.close()


def test_a_disk_without_any_room_is_a_sentence(file_address: str) -> None:
    live(file_address)
    before = Path(file_address).read_bytes()
    out, err = work("cramped", file_address, 4096).communicate()
    assert (out, err) == (
        "The disk is full: sends.db cannot be opened. Free some space and try again.\n",
        "",
    )
    assert Path(file_address).read_bytes() == before


class TestUnusedFile:
    def test_it_is_removed_with_what_lies_beside_it(self, tmp_path: Path) -> None:
        path = tmp_path / "sends.db"
        assert make_missing_file(path)
        open_database(path).close()
        remove_unused_file(path)
        assert list(tmp_path.iterdir()) == []

    def test_a_link_to_it_stays(self, tmp_path: Path) -> None:
        path = tmp_path / "link.db"
        path.symlink_to(tmp_path / "sends.db")
        assert make_missing_file(path)
        remove_unused_file(path)
        assert list(tmp_path.iterdir()) == [path]

    def test_what_somebody_has_stored_stays(self, tmp_path: Path) -> None:
        path = tmp_path / "sends.db"
        live(str(path))
        before = path.read_bytes()
        remove_unused_file(path)
        assert path.read_bytes() == before

    def test_what_is_only_in_the_log_stays(self, file_address: str, tmp_path: Path) -> None:
        # As after a power failure: the log has not reached the file.
        database = open_database(file_address)
        take(Desk(database, "ana", HandClock()), parcel(1))
        (tmp_path / "copy").mkdir()
        path = tmp_path / "copy" / "sends.db"
        for end in ("", "-wal"):
            shutil.copy(f"{file_address}{end}", f"{path}{end}")
        database.close()
        remove_unused_file(path)
        with closing(open_database(path)) as found:
            assert Desk(found, "ana", HandClock()).total() == 1

    def test_what_somebody_has_open_stays(self, file_address: str) -> None:
        holder = work("hold", file_address)
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        remove_unused_file(file_address)
        assert Path(file_address).exists()
        assert holder.communicate("")[1] == ""

    def test_what_is_no_desk_stays(self, tmp_path: Path) -> None:
        path = tmp_path / "sends.db"
        path.write_text("x" * 1000)
        remove_unused_file(path)
        remove_unused_file(tmp_path / "missing.db")
        assert list(tmp_path.iterdir()) == [path]


def test_a_backup_that_does_not_fit_leaves_nothing(file_address: str, tmp_path: Path) -> None:
    live(file_address)
    script = (
        "import resource, sys; from pathlib import Path; from models.database import open_database\n"
        "database = open_database(sys.argv[1])\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (9000, 9000))\n"
        "try: database.backup(Path(sys.argv[2]))\n"
        "except Exception as error: print(type(error).__name__, error)\n"
    )
    copy = tmp_path / "copy.db"
    done = subprocess.run(
        [sys.executable, "-c", script, file_address, str(copy)],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.startswith(f"DeskUnavailable {copy} could not be written")
    assert not copy.exists()


class TestServer:
    @pytest.mark.parametrize(
        "address",
        [
            "postgresql://127.0.0.1:1/desk",
            "postgresql://ana:secret@127.0.0.1:1/desk",
            "postgresql:///desk?host=/nowhere",
            "postgresql://no-such-host.invalid/desk",
        ],
    )
    def test_one_that_cannot_be_reached(self, address: str) -> None:
        with pytest.raises(DeskUnavailable, match=r"desk on .* cannot be reached") as refused:
            open_database(address)
        assert "secret" not in str(refused.value)

    def test_an_address_that_is_none(self) -> None:
        with pytest.raises(BadAddress, match="a port that is not a number"):
            open_database("postgresql://host:port/desk")

    @pytest.mark.parametrize(
        ("user", "sentence"),
        [
            ("locked_out:wrong", "refuses this user or password"),
            ("locked_out", "refuses this user or password"),
            ("nobody", "has no such user"),
        ],
    )
    def test_one_that_does_not_know_the_agent(
        self, server_address: str, user: str, sentence: str
    ) -> None:
        with pytest.raises(DeskUnavailable, match=sentence):
            open_database(server_address.replace("postgres:@", f"{user}@"))

    def test_one_that_has_no_such_database(self, server: Server) -> None:
        with pytest.raises(DeskUnavailable, match="has no such database"):
            open_database(server.address("nothing"))

    def test_one_that_holds_no_desk_yet(self, server: Server) -> None:
        name = server.make("template0")
        with pytest.raises(WrongSchema, match="holds no desk yet: run `senddesk db upgrade`"):
            open_database(server.address(name))
        upgrade_database(server.address(name))
        live(server.address(name))
        server.drop(name)

    def test_one_with_a_newer_desk(self, server_address: str) -> None:
        with psycopg.connect(server_address) as plain:
            plain.execute("UPDATE alembic_version SET version_num = '9001'")
        for open_it in (open_database, upgrade_database):
            with pytest.raises(WrongSchema, match="made by a newer Send Desk"):
                open_it(server_address)

    def test_a_connection_that_was_cut_is_made_anew(self, server_address: str) -> None:
        live(server_address)
        database = open_database(server_address)
        desk = Desk(database, "ana", HandClock())
        seen = desk.find("S-1")
        _cut(server_address)
        assert desk.take(seen).send.owner == "ana"
        database.close()

    def test_a_connection_that_is_cut_in_the_midst_writes_nothing(
        self, server_address: str
    ) -> None:
        live(server_address)
        database = open_database(server_address)
        desk = Desk(database, "ana", HandClock())
        seen = desk.find("S-1")
        with pytest.raises(DeskUnavailable, match="closed the connection: nothing was written"):
            _write_and_cut(database, server_address)
        assert desk.find("S-1") == seen
        assert desk.take(seen).send.owner == "ana"
        assert verify(database).problems == ()
        database.close()

    def test_an_agent_without_the_right_to_write(self, server_address: str) -> None:
        live(server_address)
        with psycopg.connect(server_address, autocommit=True) as admin:
            with suppress(psycopg.errors.DuplicateObject):
                admin.execute("CREATE ROLE reader LOGIN")
            admin.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader")
        database = open_database(server_address.replace("postgres:@", "reader@"))
        desk = Desk(database, "ana", HandClock())
        assert desk.total() == 50
        with pytest.raises(DeskUnavailable, match="does not allow this user to do that"):
            desk.take(desk.find("S-1"))
        database.close()


def _cut(address: str) -> None:
    with psycopg.connect(address, autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def _write_and_cut(database: Database, address: str) -> None:
    with database.write() as connection:
        connection.exec_driver_sql("UPDATE send SET owner = 'eve'")
        _cut(address)
        connection.exec_driver_sql("SELECT 1")


def test_a_reader_sees_one_moment(desk: Desk) -> None:
    take(desk, parcel(1))
    counted = "SELECT count(*) FROM send"
    with desk.database.read() as connection:
        before = connection.exec_driver_sql(counted).scalar_one()
        take(desk, parcel(2))
        assert connection.exec_driver_sql(counted).scalar_one() == before
    assert desk.total() == 2
