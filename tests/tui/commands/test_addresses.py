"""Addresses of databases, as people write them: understood, or refused before anything is made (case 12)."""

import os
import re
import socket
import threading
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from models.database import open_database
from models.errors import DeskUnavailable
from tests.support.command_line import Result, Senddesk, commands, sends_file
from tests.support.server import Server

SECRET = "secretpw"
REFUSED = {
    "postgresql+psycopg2://ana:secretpw@db.example:5432/sends": "write postgresql://…",
    "Postgresql://ana:secretpw@db.example/sends": "write postgresql://…",
    "POSTGRES://ana:secretpw@db.example/sends": "write postgresql://…",
    "pgsql://ana:secretpw@db.example/sends": "write postgresql://…",
    "psql://ana:secretpw@db.example/sends": "write postgresql://…",
    "postgresql+asyncpg://ana:secretpw@db.example/sends": "write postgresql://…",
    "cockroachdb://ana:secretpw@db.example/sends": "write postgresql://…",
    "jdbc:postgresql://db.example/sends?user=ana&password=secretpw": "write postgresql://…",
    "postgresql:/ana:secretpw@db.example/sends": "write postgresql://…",
    "postgresql:ana:secretpw@db.example/sends": "write postgresql://…",
    "mysql://ana:secretpw@db.example/sends": "or in PostgreSQL: write its path or postgresql://…",
    "mongodb+srv://ana:secretpw@db.example/sends": "or in PostgreSQL",
    "https://ana:secretpw@db.example/sends": "or in PostgreSQL",
    "host=db.example dbname=sends password=secretpw": "write postgresql://USER@HOST/NAME",
    "dbname=sends": "write postgresql://USER@HOST/NAME",
    "Server=db.example;Database=sends;User Id=ana;Password=secretpw": "write postgresql://USER",
    "pgsql:host=db.example;password=secretpw": "write postgresql://…",
    "DATABASE_URL=postgresql://ana:secretpw@db.example/sends": "nothing around it",
    "psql postgresql://ana:secretpw@db.example/sends": "nothing around it",
    "'postgresql://ana:secretpw@db.example/sends'": "a quote or a bracket",
    "<postgresql://ana:secretpw@db.example/sends>": "a quote or a bracket",
    "ana:secretpw@db.example/sends": "has no scheme: write postgresql://USER@HOST/NAME",
    "//ana:secretpw@db.example/sends": "has no scheme",
    "postgresql//ana:secretpw@db.example/sends": "has no scheme",
    "db.example:5432/sends": "has no scheme",
    "ana@db.example:sends.db": "has no scheme",
    "postgresql://ana:p@secretpw#w0rd@127.0.0.1:1/sends": "write %40 for @",
    "postgresql://ana:p/secretpw@127.0.0.1:1/sends": "%2F for /",
    "postgresql://ana:12/secretpw@127.0.0.1:1/sends": "%2F for /",
    "postgresql://ana:secretpw%x@127.0.0.1:1/sends": "%25 for %",
    "postgresql://ana@127.0.0.1:secretpw/sends": "a port that is not a number",
    "postgresql://127.0.0.1:1/sends?sslmod=secretpw": "did you mean sslmode?",
    "postgresql://127.0.0.1:1/sends?pgbouncer=secretpw": "no option “pgbouncer”",
    "postgresql://127.0.0.1:1/sends?schema=secretpw": "search_path",
    "postgresql://127.0.0.1:1/sends?connect_timeout=secretpw": "a number of seconds",
    "sqlite://x.db": "sqlite:///PATH",
    "sqlite:x.db": "sqlite:///PATH",
    "SQLite:///x.db": "sqlite:///PATH",
    "sqlite+pysqlite:///x.db": "sqlite:///PATH",
    "sqlite:///x.db?mode=ro": "write the path alone",
    "sqlite:///": "is empty",
    "sqlite:///:memory:": "kept in a file",
    ":memory:": "kept in a file",
    "file:x.db?mode=ro": "sqlite:///PATH",
    "file:///tmp/x.db": "sqlite:///PATH",
    "C:\\Users\\ana\\sends.db": "not one of this system",
    "C:/Users/ana/sends.db": "not one of this system",
    "\\\\server\\share\\sends.db": "not one of this system",
    "sends\x1b[31m.db": "cannot be seen",
    "sends\x00.db": "cannot be seen",
    "sends\n.db": "cannot be seen",
    "sends\udcff.db": "cannot be seen or are not UTF-8",
    "sends\u202e.db": "cannot be seen",
    "~nosuchuser/sends.db": "that home is not known",
    "$HOME/sends.db": "a variable that nobody has filled in",
    "${SENDDESK_DB}": "a variable that nobody has filled in",
}
PLACES = ("option", "variable", "settings")


@pytest.fixture
def senddesk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Senddesk:
    monkeypatch.chdir(tmp_path)
    return commands("unused.db", monkeypatch, capsys)


@pytest.mark.skipif(os.name == "nt", reason="paths of another system")
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(("address", "hint"), REFUSED.items())
def test_case_12_what_is_not_understood_is_refused(
    senddesk: Senddesk,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    address: str,
    hint: str,
    place: str,
) -> None:
    export = sends_file(tmp_path)
    words: tuple[str, ...] = ()
    if place == "option":
        words = ("--database", address)
    elif place == "variable":
        if "\x00" in address:
            return
        monkeypatch.setenv("SENDDESK_DATABASE", address)
    else:
        if not address.isprintable():
            return
        config = tmp_path / "config.toml"
        config.write_text(
            f"database = '''{address}'''\n" if "'" not in address else f'database = "{address}"\n'
        )
        monkeypatch.setenv("SENDDESK_CONFIG", str(config))
        monkeypatch.delenv("SENDDESK_DATABASE")
    before = sorted(tmp_path.rglob("*"))
    for command in (("import", str(export)), ("list",), ("db", "upgrade"), ("demo", "--no-open")):
        # The demo takes a path alone: a server is refused there before its address is read.
        if command[0] == "demo" and (place != "option" or "?" in address):
            continue
        refused = senddesk(*words, *command)
        assert (refused.code, refused.out) == (2, "")
        assert hint in refused.err
        assert len(refused.err.splitlines()) == 1
        assert SECRET not in refused.err
        assert not re.search("w0rd|ana", refused.err)
    assert sorted(tmp_path.rglob("*")) == before


def test_white_space_around_an_address_is_not_meant(senddesk: Senddesk, tmp_path: Path) -> None:
    assert senddesk("--database", " sends.db\r\n", "import", sends_file(tmp_path)).code == 0
    assert (tmp_path / "sends.db").is_file()


@pytest.mark.parametrize(
    "name", ["sends@home.db", "10:00.db", "a b.db", "x=1.db", "2026/x.db", "sqlite:///y.db"]
)
def test_odd_names_of_files_are_names(senddesk: Senddesk, tmp_path: Path, name: str) -> None:
    file = tmp_path / name.removeprefix("sqlite:///")
    file.parent.mkdir(exist_ok=True)
    assert senddesk("--database", name, "import", sends_file(tmp_path)).code == 0
    assert file.is_file()


class TestLibpq:
    """The forms that PostgreSQL's own manual gives."""

    @pytest.fixture(autouse=True)
    def filled(self, senddesk: Senddesk, server_address: str, tmp_path: Path) -> None:
        assert senddesk("--database", server_address, "import", sends_file(tmp_path)).code == 0

    @pytest.fixture
    def parts(self, server_address: str) -> dict[str, str]:
        with psycopg.connect(server_address) as plain:
            told = plain.info
            return {"host": told.host, "dbname": told.dbname, "user": told.user}

    @pytest.mark.parametrize(
        "form",
        [
            "postgresql://{user}@{escaped}/{dbname}",
            "postgres://{user}@/{dbname}?host={host}",
            "postgresql+psycopg://{user}@/{dbname}?host={escaped}",
            "postgresql:///{dbname}?host={host}&user={user}",
            "postgresql://?host={host}&user={user}&dbname={dbname}",
            "postgresql://{user}@127.0.0.1:1,{escaped}/{dbname}",
            "postgresql://{user}@{escaped},127.0.0.1:1/{dbname}?target_session_attrs=read-write",
            "postgresql://{user}@{escaped}/{dbname}?target_session_attrs=prefer-standby",
            "postgresql://{user}@{escaped}/{dbname}?sslmode=disable&connect_timeout=7",
            "postgresql://{user}@{escaped}/{dbname}?application_name=x&options=-c%20geqo%3Doff",
        ],
    )
    def test_an_address_of_libpq_works(
        self, senddesk: Senddesk, parts: dict[str, str], form: str
    ) -> None:
        escaped = parts["host"].replace("/", "%2F")
        address = form.format(**parts, escaped=escaped)
        assert len(senddesk("--database", address, "list", "--format", "json").json) == 3

    def test_its_variables_and_services_work(
        self,
        senddesk: Senddesk,
        parts: dict[str, str],
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        services = tmp_path / "services"
        services.write_text("[desk]\n" + "".join(f"{k}={v}\n" for k, v in parts.items()))
        monkeypatch.setenv("PGSERVICEFILE", str(services))
        for address in ("postgresql://?service=desk", "postgresql:///?service=desk"):
            assert len(senddesk("--database", address, "list", "--format", "json").json) == 3
        for name, value in (("PGHOST", "host"), ("PGUSER", "user"), ("PGDATABASE", "dbname")):
            monkeypatch.setenv(name, parts[value])
        for address in ("postgresql://", f"postgresql:///{parts['dbname']}"):
            assert len(senddesk("--database", address, "list", "--format", "json").json) == 3


class NoTLS:
    """What answers every client as a server does that offers no TLS; as a context it gives its address."""

    def __enter__(self) -> str:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._answering = threading.Thread(target=self._answer, daemon=True)
        self._answering.start()
        return f"postgresql://ana@127.0.0.1:{self._listening.getsockname()[1]}/desk"

    def _answer(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                with client:
                    client.recv(8)
                    client.sendall(b"N")

    def __exit__(self, *_: object) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._answering.join()


class TestReasons:
    """Why a server cannot be reached, and whether waiting helps."""

    @pytest.mark.parametrize(
        ("option", "sentence", "again"),
        [
            ("sslmode=require", "offers no TLS", False),
            ("sslmode=junk", "a value that it cannot have", False),
            (
                "options=-c%20junk%3D1",
                "does not know a setting that options= in the address",
                False,
            ),
            ("options=-c%20datestyle%3Djunk", "does not take the value of a setting", False),
            ("options=junk", "does not understand options=", False),
            ("service=junk", "a service that no file defines", False),
            ("target_session_attrs=standby", "that target_session_attrs asks for", True),
            ("host=/nowhere", "No server listens in that folder", True),
            ("host=127.0.0.1&port=1", "The connection was refused", True),
            ("host=no-such-host.invalid", "The name of the server is not known here", False),
            ("user=nobody_here", "no such user", False),
            ("dbname=nothing_here", "no such database", False),
            ("user=locked_out&password=wrong", "refuses this user or password", False),
        ],
    )
    def test_the_reason_is_said(
        self, senddesk: Senddesk, server_address: str, option: str, sentence: str, again: bool
    ) -> None:
        def ask(address: str) -> tuple[Result, DeskUnavailable]:
            with pytest.raises(DeskUnavailable) as problem:
                open_database(address)
            return senddesk("--database", address, "list"), problem.value

        if "sslmode" in option:
            # Over a socket TLS is never asked for.
            with NoTLS() as address:
                refused, problem = ask(f"{address}?{option}")
        else:
            refused, problem = ask(f"{server_address}&{option}")
        assert (refused.code, refused.out) == (1, "")
        assert sentence in refused.err
        assert problem.passes == again
        assert ("tries again by itself" in str(problem)) == again
        assert "tries again" not in refused.err, "a command has ended by then"
        assert len(refused.err.splitlines()) == 1

    def test_a_user_who_may_not_log_in(
        self, senddesk: Senddesk, server: Server, server_address: str
    ) -> None:
        with psycopg.connect(server.address("postgres"), autocommit=True) as admin:
            admin.execute("CREATE ROLE only_a_role")
            refused = senddesk("--database", f"{server_address}&user=only_a_role", "list")
            admin.execute("DROP ROLE only_a_role")
        assert (refused.code, "can grant LOGIN" in refused.err) == (1, True)
