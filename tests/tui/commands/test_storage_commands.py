"""Every command that writes, on storage that fails: one sentence, exit code 1, nothing written."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from models.database import open_database
from models.database.postgresql import session as server_session
from models.database.sqlite import engine as sqlite_engine
from models.desk import Desk
from models.history.audit import verify
from tests.support.command_line import Result, Senddesk, commands, sends_file
from tests.support.desk_cases import HandClock, parcel, take
from tests.support.old_desk import contents, make_old, revisions
from tests.support.other_process import work
from tests.support.sample_cases import NOW
from tests.support.server import Server
from tests.support.standby import standby_of

CHANGES = {
    "set": ("set", "S-1", "shipped", "--reason", "r"),
    "set many": ("set", "canceled", "--query", "sort:due", "--reason", "r", "--force"),
}
OLD = revisions()[0]
PREVIEW = "5 sends:\n  Order Received → Canceled × 5\n"
"""What `set many` tells before it writes."""


@pytest.fixture
def senddesk(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Senddesk:
    return commands("", monkeypatch, capsys)


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """A file with three sends that the desk does not have."""
    return sends_file(tmp_path)


def live(address: str) -> None:
    """Take a few sends in."""
    with closing(open_database(address)) as database:
        take(Desk(database, "ana", HandClock()), *(parcel(number) for number in range(5)))


def sound(address: str) -> None:
    with closing(open_database(address)) as database:
        assert verify(database).problems == ()


class TestFile:
    @pytest.mark.parametrize("kind", ["new", "old"])
    def test_that_may_not_be_written(
        self, public: Path, export: Path, kind: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        # The folder of the tests is closed to that user.
        monkeypatch.setenv("XDG_CONFIG_HOME", str(public))
        monkeypatch.setenv("SENDDESK_NOW", NOW.isoformat())
        path = public / "sends.db"
        if kind == "new":
            live(str(path))
        else:
            make_old(str(path), OLD)
        before = path.read_bytes()
        path.chmod(0o444)
        shutil.copy(export, public)
        out, err = work("commands-as-nobody", path, public / export.name).communicate()
        told = "sends.db cannot be written: check the permissions of the file and its folder.\n"
        if kind == "old":
            older = "sends.db has an older schema: open it once for writing, which its file and folder must allow.\n"
            assert err == older * 3 + told
        else:
            assert err == told * 4
        assert out.splitlines() == ["1"] * 4
        assert path.read_bytes() == before
        assert sorted(each.name for each in public.iterdir()) == ["sends.db", "sends.json"]

    def test_on_a_full_disk(
        self, file_address: str, export: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SENDDESK_NOW", NOW.isoformat())
        live(file_address)
        out, err = work("commands-when-full", file_address, export).communicate()
        told = "sends.db could not be read or written: the disk reports an error.\n"
        assert (out.splitlines(), err) == (
            ["1", "1", "1", "sends.db is up to date.", "0"],
            f"{told * 2}{PREVIEW}{told}",
        )
        with closing(open_database(file_address)) as database:
            desk = Desk(database, "ana", HandClock())
            assert desk.total() == 5
            assert desk.count(desk.listing(desk.parse("is:overridden"))).value == 0
        sound(file_address)

    @pytest.mark.parametrize("change", [*CHANGES, "import", "upgrade"])
    def test_that_another_program_holds(
        self,
        senddesk: Senddesk,
        tmp_path: Path,
        export: Path,
        monkeypatch: pytest.MonkeyPatch,
        change: str,
    ) -> None:
        path = tmp_path / "desk" / "sends.db"
        if change == "upgrade":
            make_old(str(path), OLD)
        else:
            live(str(path))
        words = CHANGES.get(change) or {"import": ("import", export), "upgrade": ("list",)}[change]
        monkeypatch.setattr(sqlite_engine, "LOCK_TIMEOUT", 0.05)
        before = contents(str(path))
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            refused = senddesk("--database", path, *words)
            assert (refused.code, refused.out) == (1, "")
            held = "sends.db is held by another program: nothing was written, try again.\n"
            assert refused.err.removeprefix(PREVIEW) == held
        assert contents(str(path)) == before
        assert senddesk("--database", path, *words).code == 0
        sound(str(path))


class TestServer:
    def test_that_accepts_no_writes(
        self, senddesk: Senddesk, server: Server, server_address: str, export: Path
    ) -> None:
        live(server_address)
        older = server.make("template0")
        make_old(server.address(older), OLD)
        with psycopg.connect(server_address, autocommit=True) as admin:
            for name in (older, admin.info.dbname):
                admin.execute(
                    f"ALTER DATABASE {name} SET default_transaction_read_only = on".encode()
                )
        for address, words in (
            *((server_address, words) for words in CHANGES.values()),
            (server_address, ("import", export)),
            (server.address(older), ("db", "upgrade")),
        ):
            refused = senddesk("--database", address, *words)
            assert (refused.code, refused.out) == (1, "")
            assert "accepts no writes: " in refused.err
            assert len(refused.err.removeprefix(PREVIEW).splitlines()) == 1
        assert contents(server.address(older))["alembic_version"] == [(OLD,)]
        server.drop(older)
        sound(server_address)

    def test_that_is_a_standby(
        self,
        senddesk: Senddesk,
        server: Server,
        export: Path,
        tmp_path_factory: pytest.TempPathFactory,
    ) -> None:
        desk, older, empty = server.make(), server.make("template0"), server.make("template0")
        live(server.address(desk))
        make_old(server.address(older), OLD)
        folder = tmp_path_factory.mktemp("standby") / "data"
        with standby_of(server.address("postgres"), folder) as standby:

            def on_standby(name: str, *words: str | Path) -> Result:
                return senddesk("--database", standby.replace("/postgres?", f"/{name}?"), *words)

            for name in (desk, older, empty):
                refused = on_standby(name, "db", "upgrade")
                assert (refused.code, refused.out) == (1, "")
                assert refused.err.endswith(
                    " is a standby, which accepts no writes: run `senddesk db upgrade` on its primary.\n"
                )
                assert len(refused.err.removeprefix(PREVIEW).splitlines()) == 1
            for words in (*CHANGES.values(), ("import", export)):
                refused = on_standby(desk, *words)
                assert (refused.code, refused.out) == (1, "")
                assert "accepts no writes" in refused.err
                assert len(refused.err.removeprefix(PREVIEW).splitlines()) == 1
            assert len(on_standby(desk, "list", "--format", "json").json) == 5
            assert on_standby(desk, "db", "verify").code == 0
        for name in (desk, older, empty):
            server.drop(name)

    @pytest.mark.parametrize("change", CHANGES)
    def test_on_which_another_change_takes_long(
        self, senddesk: Senddesk, server_address: str, monkeypatch: pytest.MonkeyPatch, change: str
    ) -> None:
        live(server_address)
        monkeypatch.setitem(server_session.SETTINGS, "lock_timeout", "20ms")
        with psycopg.connect(server_address) as other:
            other.execute("SELECT * FROM send FOR UPDATE")
            refused = senddesk("--database", server_address, *CHANGES[change])
            assert (refused.code, refused.out) == (1, "")
            assert (
                "is busy with another change to the same send: nothing was written" in refused.err
            )
            assert len(refused.err.removeprefix(PREVIEW).splitlines()) == 1
        assert senddesk("--database", server_address, *CHANGES[change]).code == 0
        sound(server_address)


def test_case_04_a_backup_that_is_not_there_is_not_made(tmp_path: Path, senddesk: Senddesk) -> None:
    address = tmp_path / "sends.db"
    live(str(address))
    result = senddesk("--database", address, "db", "restore", tmp_path / "monday.db")
    assert result.code == 1
    assert "monday.db does not exist: name the backup" in result.err
    assert "db create" not in result.err
    assert not (tmp_path / "monday.db").exists()
    sound(str(address))
