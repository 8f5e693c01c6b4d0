"""Case 04: a file that is not in the state that its log, or an open desk, belongs to."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from models.database import Database, open_database, restore_database
from models.database.sqlite.file_guard import FileGuard
from models.desk import Desk
from models.errors import DeskUnavailable, WrongSchema
from models.history.audit import verify
from models.reading.first_rows import first_rows
from tests.crash.forks import fork
from tests.support.desk_cases import HandClock, parcel, take
from tests.support.sample_cases import NOW
from tests.support.terminal import ROOT

MONDAY, TODAY, NOTES = 40, 160, 3


def killed(path: Path, notes: int = NOTES) -> None:
    """Let another process write notes and die, so that they are in the log alone."""

    def write() -> None:
        desk = Desk(open_database(path), "ana", HandClock())
        for number in range(notes):
            desk.note(desk.find(f"S-{number + 1}"), "a note")
        os.kill(os.getpid(), signal.SIGKILL)

    assert os.waitstatus_to_exitcode(os.waitpid(fork(write), 0)[1]) == -signal.SIGKILL


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The file of a desk, with a backup of an earlier state as `monday.db`."""
    path = tmp_path / "desk" / "sends.db"
    with closing(open_database(path)) as database:
        desk = Desk(database, "ana", HandClock())
        take(desk, *(parcel(number) for number in range(1, MONDAY + 1)))
        database.backup(path.with_name("monday.db"))
        take(desk, *(parcel(number) for number in range(MONDAY + 1, TODAY + 1)))
    return path


@pytest.fixture
def monday(path: Path) -> Path:
    return path.with_name("monday.db")


def total(path: Path) -> int:
    """Return how many sends are there, after proving that all is sound."""
    with closing(open_database(path, create=False)) as database:
        assert database.check() == []
        assert verify(database).problems == ()
        return Desk(database, "ana", HandClock()).total()


def sound(database: Database) -> tuple[str, ...]:
    return verify(database).problems


def other_layout(source: Path, target: Path) -> None:
    """Copy a database with the tool that packs its pages anew."""
    target.unlink(missing_ok=True)
    with closing(sqlite3.connect(source)) as plain:
        plain.execute("VACUUM INTO ?", (str(target),))


def copy_over(source: Path, target: Path) -> None:
    """Write into the file itself, as `cp` and `rsync --inplace` do."""
    target.write_bytes(source.read_bytes())


def rename_over(source: Path, target: Path) -> None:
    """Put another file in the place, as `mv` and `rsync` do."""
    new = Path(shutil.copy(source, target.with_name("new")))
    new.replace(target)


def write_and(database: Database, meanwhile: Callable[[], None]) -> None:
    with database.write() as connection:
        connection.exec_driver_sql("UPDATE send SET owner = 'eve'")
        meanwhile()


PUT_BACK: dict[str, Callable[[Path, Path], None]] = {"cp": copy_over, "mv": rename_over}


@pytest.mark.parametrize("way", PUT_BACK)
class TestLogOfAnotherState:
    def test_it_is_never_mixed_with_the_file(self, path: Path, monday: Path, way: str) -> None:
        killed(path)
        PUT_BACK[way](monday, path)
        before = {each.name: each.read_bytes() for each in path.parent.iterdir()}
        with pytest.raises(DeskUnavailable) as refused:
            open_database(path)
        assert str(refused.value).startswith(
            "sends.db-wal belongs to another state of this file; run `senddesk db restore "
        )
        assert first_rows(str(path), NOW) is None
        before.pop("sends.db-shm", None)
        after = {each.name: each.read_bytes() for each in path.parent.iterdir()}
        after.pop("sends.db-shm", None)
        assert after == before

    @pytest.mark.parametrize("source", ["monday.db", "sends.db"])
    def test_restore_puts_the_file_right(
        self, path: Path, monday: Path, way: str, source: str
    ) -> None:
        killed(path)
        PUT_BACK[way](monday, path)
        log = Path(f"{path}-wal").read_bytes()
        kept = restore_database(path, path.with_name(source), sound)
        assert kept is not None
        assert kept.read_bytes() == monday.read_bytes()
        assert Path(f"{kept}-wal").read_bytes() == log
        assert total(path) == MONDAY
        names = {each.name for each in path.parent.iterdir()}
        assert names == {"sends.db", "monday.db", kept.name, f"{kept.name}-wal"}

    def test_a_backup_of_the_very_state_that_the_log_began_with(self, path: Path, way: str) -> None:
        for make in (shutil.copy, other_layout):
            copy = path.with_name("tuesday.db")
            make(path, copy)
            killed(path)
            PUT_BACK[way](copy, path)
            if make is shutil.copy:
                # The same bytes: the notes are simply still there.
                assert total(path) == TODAY
            else:
                with pytest.raises(DeskUnavailable, match="belongs to another state"):
                    open_database(path)


def test_a_log_of_the_same_state_is_read_after_a_crash(path: Path) -> None:
    for notes in (1, 3, 5):
        killed(path, notes)
    with closing(open_database(path)) as database:
        desk = Desk(database, "ana", HandClock())
        assert desk.case(desk.find("S-1").id).history_total == 4
    assert total(path) == TODAY


def test_a_log_whose_pages_never_reached_the_disk_is_no_other_state(path: Path) -> None:
    killed(path)
    log = Path(f"{path}-wal")
    data = bytearray(log.read_bytes())
    data[32 + 24 : 32 + 24 + 4096] = bytes(4096)
    log.write_bytes(data)
    assert total(path) == TODAY


class TestOpenDesk:
    @pytest.fixture
    def database(self, path: Path) -> Iterator[Database]:
        database = open_database(path)
        desk = Desk(database, "ana", HandClock())
        desk.note(desk.find("S-1"), "before")
        database.changed()
        yield database
        database.close()

    def refuses(self, database: Database, words: str) -> None:
        desk = Desk(database, "ana", HandClock())
        with pytest.raises(DeskUnavailable, match=words):
            database.changed()
        with pytest.raises(DeskUnavailable, match=words), database.write():
            pass
        with pytest.raises(DeskUnavailable, match=words):
            desk.total()

    @pytest.mark.parametrize("way", PUT_BACK)
    def test_another_state_is_told_and_not_written_to(
        self, path: Path, monday: Path, database: Database, way: str
    ) -> None:
        PUT_BACK[way](monday, path)
        self.refuses(database, {"cp": "belongs to another state", "mv": "was replaced"}[way])
        with pytest.raises(DeskUnavailable, match="belongs to another state"):
            database.changed()
        assert path.read_bytes() == monday.read_bytes()
        # The desk has let the file go, so that the backup can be put in place; then it goes on.
        restore_database(path, monday, sound)
        assert database.changed()
        desk = Desk(database, "ana", HandClock())
        assert desk.total() == MONDAY
        desk.note(desk.find("S-1"), "after the restore")
        assert desk.total() == total(path) == MONDAY

    @pytest.mark.parametrize("way", PUT_BACK)
    def test_a_write_is_the_first_to_find_it(
        self, path: Path, monday: Path, database: Database, way: str
    ) -> None:
        desk = Desk(database, "ana", HandClock())
        seen = desk.find("S-1")
        PUT_BACK[way](monday, path)
        with pytest.raises(DeskUnavailable):
            desk.note(seen, "lost")
        database.close()
        assert path.read_bytes() == monday.read_bytes()

    @pytest.mark.parametrize("way", PUT_BACK)
    def test_a_sound_file_without_log_is_read_after_it_was_told(
        self, path: Path, monday: Path, way: str
    ) -> None:
        with closing(open_database(path)) as database:
            desk = Desk(database, "ana", HandClock())
            assert desk.total() == TODAY
            database.changed()
            PUT_BACK[way](monday, path)
            self.refuses(database, "was replaced")
            assert database.changed()
            assert desk.total() == MONDAY
            desk.note(desk.find("S-1"), "after")
        assert total(path) == MONDAY

    def test_while_it_is_written_nothing_is_committed(
        self, path: Path, monday: Path, database: Database
    ) -> None:
        log = Path(f"{path}-wal").stat().st_size
        with pytest.raises(DeskUnavailable, match="was replaced"):
            write_and(database, lambda: rename_over(monday, path))
        assert Path(f"{path}-wal").stat().st_size == log

    def test_a_file_that_went_away_and_came_back(self, path: Path, database: Database) -> None:
        away = path.with_name("elsewhere")
        path.rename(away)
        self.refuses(database, "is not there any more")
        assert not path.exists()
        away.rename(path)
        assert database.changed()
        assert Desk(database, "ana", HandClock()).total() == TODAY

    def test_a_folder_that_went_away(self, path: Path, database: Database) -> None:
        path.parent.rename(path.parent.with_name("unmounted"))
        self.refuses(database, "its disk is away")
        path.parent.with_name("unmounted").rename(path.parent)
        assert database.changed()

    def test_a_deleted_file(self, path: Path, database: Database) -> None:
        path.unlink()
        self.refuses(database, "is not there any more")
        with pytest.raises(DeskUnavailable, match="is not there any more"):
            database.changed()
        assert not path.exists()

    def test_a_file_that_was_cut(self, path: Path, database: Database) -> None:
        os.truncate(path, 0)
        self.refuses(database, "is empty: it was cut")
        with pytest.raises(DeskUnavailable, match="is empty"):
            open_database(path)
        database.close()
        assert path.stat().st_size == 0

    def test_something_else_in_the_place(self, path: Path, database: Database) -> None:
        path.write_bytes(b"no database " * 1000)
        self.refuses(database, "was overwritten")
        database.close()
        assert path.read_bytes() == b"no database " * 1000

    def test_a_log_that_was_removed_loses_nothing(self, path: Path, database: Database) -> None:
        Path(f"{path}-wal").unlink()
        self.refuses(database, "sends.db-wal was removed while the desk was open")
        assert database.changed()
        desk = Desk(database, "ana", HandClock())
        assert desk.case(desk.find("S-1").id).history_total == 2

    def test_colleagues_may_end_a_log_and_begin_one_while_a_desk_opens(self, path: Path) -> None:
        guard = FileGuard(path)
        guard.open()
        with ExitStack() as held:
            for _ in range(2):
                with closing(sqlite3.connect(path)) as colleague:
                    colleague.execute("PRAGMA schema_version")
                    # A file that is open lends its number to no new one.
                    held.enter_context(Path(f"{path}-wal").open("rb"))
                    guard.confirm()
                assert not Path(f"{path}-wal").exists()
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA schema_version")
            guard.settle()
            guard.confirm()
            Path(f"{path}-wal").unlink()
            with pytest.raises(DeskUnavailable, match="-wal was removed"):
                guard.confirm()
        guard.let_go(lambda: None)

    def test_a_busy_colleague_is_no_other_state(self, path: Path, database: Database) -> None:
        worker = subprocess.Popen([sys.executable, "-c", _BUSY, path], cwd=ROOT)
        while worker.poll() is None:
            database.changed()
            desk = Desk(database, "ana", HandClock())
            desk.note(desk.find("S-2"), "meanwhile")
        assert worker.returncode == 0
        assert total(path) > TODAY


_BUSY = """
import sys
from contextlib import ExitStack, closing
from models.database import open_database
from models.desk import Desk
from tests.support.desk_cases import HandClock, parcel, take
for turn in range(8):
    with closing(open_database(sys.argv[1])) as database:
        take(Desk(database, "jo", HandClock()), *(parcel(1000 + turn * 50 + n) for n in range(50)))
        with database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)")
"""


class TestRestore:
    def test_while_a_desk_is_open(self, path: Path, monday: Path) -> None:
        script = (
            "import sys\nfrom models.database import open_database\n"
            "database = open_database(sys.argv[1])\nprint('open', flush=True)\nsys.stdin.read()\n"
        )
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        holder = subprocess.Popen([sys.executable, "-c", script, path], cwd=ROOT, **pipes)
        assert holder.stdout is not None
        holder.stdout.readline()
        with pytest.raises(DeskUnavailable, match="is open: close every desk and command"):
            restore_database(path, monday, sound)
        holder.communicate()
        with closing(open_database(path)), pytest.raises(DeskUnavailable, match="is open"):
            restore_database(path, monday, sound)
        assert total(path) == TODAY
        assert {each.name for each in path.parent.iterdir()} == {"sends.db", "monday.db"}

    def test_a_log_that_belongs_is_kept_with_the_file(self, path: Path, monday: Path) -> None:
        killed(path)
        kept = restore_database(path, monday, sound)
        assert kept is not None
        assert total(path) == MONDAY
        with closing(open_database(kept)) as database:
            desk = Desk(database, "ana", HandClock())
            assert desk.case(desk.find("S-3").id).history_total == 2

    def test_where_nothing_is_left(self, path: Path, monday: Path) -> None:
        path.unlink()
        assert restore_database(path, monday, sound) is None
        assert total(path) == MONDAY

    def test_a_backup_with_its_own_log(self, path: Path, tmp_path: Path) -> None:
        killed(path)
        restore_database(tmp_path / "new.db", path, sound)
        with closing(open_database(tmp_path / "new.db")) as database:
            desk = Desk(database, "ana", HandClock())
            assert desk.case(desk.find("S-3").id).history_total == 2

    @pytest.mark.parametrize("what", ["none", "empty", "text", "damaged", "altered", "other"])
    def test_what_is_no_sound_backup(self, path: Path, monday: Path, what: str) -> None:
        bad = path.with_name("bad.db")
        if what == "empty":
            bad.touch()
        elif what == "text":
            bad.write_text("id,name\n" * 1000)
        elif what == "damaged":
            data = bytearray(monday.read_bytes())
            data[4096:] = os.urandom(len(data) - 4096)
            bad.write_bytes(data)
        elif what in ("altered", "other"):
            if what == "altered":
                shutil.copy(monday, bad)
            with closing(sqlite3.connect(bad)) as plain, plain:
                plain.execute(
                    "UPDATE send SET status = 'delivered'"
                    if what == "altered"
                    else "CREATE TABLE something (a)"
                )
        before = path.read_bytes()
        names = {each.name for each in path.parent.iterdir()}
        with pytest.raises((DeskUnavailable, WrongSchema)) as refused:
            restore_database(path, bad, sound)
        assert "\n" not in str(refused.value)
        assert path.read_bytes() == before
        assert {each.name for each in path.parent.iterdir()} == names

    def test_a_server_has_its_own_tool(self, path: Path) -> None:
        with pytest.raises(DeskUnavailable, match="pg_restore"):
            restore_database("postgresql:///desk", path, sound)
