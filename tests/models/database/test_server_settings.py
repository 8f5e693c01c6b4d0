"""Whatever server, database, role and environment have set, a desk works the same (case 13)."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg
import pytest

from models.database import open_database, upgrade_database
from models.database.postgresql import backend as postgresql
from models.database.postgresql.session import SETTINGS
from models.desk import Desk
from models.errors import DeskUnavailable
from models.history.audit import verify
from tests.support.desk_cases import HandClock, arrive, parcel
from tests.support.server import Server

HOSTILE = {
    "DateStyle": ("SQL, DMY", "German", "Postgres, MDY", "Postgres, YMD"),
    "IntervalStyle": ("iso_8601", "sql_standard"),
    "TimeZone": ("Asia/Kathmandu", "America/St_Johns"),
    "client_encoding": ("LATIN1", "SQL_ASCII", "WIN1252"),
    "standard_conforming_strings": ("off",),
    "bytea_output": ("escape",),
    "extra_float_digits": ("-15",),
    "search_path": ("nowhere", "pg_catalog", "''"),
    "default_transaction_isolation": ("serializable", "read uncommitted"),
    "default_transaction_deferrable": ("on",),
    "lc_messages": ("C",),
    "statement_timeout": ("200",),
    "lock_timeout": ("200",),
    "row_security": ("off",),
    "synchronous_commit": ("off",),
    "transform_null_equals": ("on",),
    "array_nulls": ("off",),
    "gin_fuzzy_search_limit": ("1",),
    "session_replication_role": ("replica",),
    "quote_all_identifiers": ("on",),
    "plan_cache_mode": ("force_generic_plan",),
}
NAMES = ("Zoë", "Łukasz 🎁", "O'Hara \\ “x”")


def works(address: str, clock: HandClock) -> None:
    """Read and write all kinds of values, and check the whole history."""
    with closing(open_database(address)) as database:
        desk = Desk(database, "ana", clock)
        for number, name in enumerate(NAMES):
            seen = arrive(desk, parcel(number, recipient_name=name))
            assert (seen.recipient_name, desk.find(f"S-{number}").created_at) == (
                name, seen.created_at,
            )  # fmt: skip
            desk.note(seen, f"said “{name}”")
        assert desk.count(desk.listing(desk.parse("recipient:Łu"))).value == 1
        assert verify(database).problems == ()


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in HOSTILE.items() for value in values]
)
def test_case_13_a_setting_of_the_database_changes_nothing(
    server_address: str, clock: HandClock, name: str, value: str
) -> None:
    with psycopg.connect(server_address, autocommit=True) as admin:
        database = admin.info.dbname
        quoted = value if name == "search_path" else f"'{value}'"
        admin.execute(f"ALTER DATABASE {database} SET {name} = {quoted}".encode())
    works(server_address, clock)


def test_every_fixed_setting_is_in_force(server_address: str) -> None:
    with psycopg.connect(server_address, autocommit=True) as admin:
        for name, values in HOSTILE.items():
            if name not in ("search_path", "client_encoding"):
                admin.execute(
                    f"ALTER DATABASE {admin.info.dbname} SET {name} = '{values[0]}'".encode()
                )
    with closing(open_database(server_address)) as database, database.read() as connection:
        found = {
            name: connection.exec_driver_sql("SELECT current_setting(%s)", (name,)).scalar_one()
            for name in SETTINGS
        }
    # A minute is `1min` to the server.
    assert found == {**SETTINGS, "idle_in_transaction_session_timeout": "1min"}


@pytest.mark.parametrize(
    "variables",
    [
        {"PGDATESTYLE": "German"},
        {"PGDATESTYLE": "junk", "PGTZ": "junk", "PGGEQO": "junk"},
        {"PGCLIENTENCODING": "LATIN1"},
        {"PGCLIENTENCODING": "junk"},
        {"PGTZ": "Asia/Tokyo"},
        {"PGOPTIONS": "-c datestyle=German -c default_transaction_isolation=serializable"},
        {"PGOPTIONS": "-c search_path=nowhere -c statement_timeout=200 -c client_encoding=latin1"},
        {"PGAPPNAME": "other", "PGCONNECT_TIMEOUT": "20"},
    ],
)
def test_case_13_the_environment_changes_nothing(
    server_address: str,
    clock: HandClock,
    monkeypatch: pytest.MonkeyPatch,
    variables: dict[str, str],
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    works(server_address, clock)


class TestSchema:
    def test_a_role_with_a_schema_of_its_own_finds_the_desk(
        self, server: Server, server_address: str, clock: HandClock
    ) -> None:
        with role(server, "ana") as ana, psycopg.connect(server_address) as admin:
            admin.execute("CREATE SCHEMA ana AUTHORIZATION ana")
            admin.execute("GRANT ALL ON ALL TABLES IN SCHEMA public TO ana")
            admin.execute("GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO ana")
            admin.commit()
            works(ana(server_address), clock)
            admin.execute("DROP OWNED BY ana")

    def test_the_path_of_the_address_says_where_the_tables_are(
        self, server: Server, clock: HandClock
    ) -> None:
        name = server.make("template0")
        with psycopg.connect(server.address(name)) as admin:
            admin.execute('CREATE SCHEMA "My Desk"')
        address = f"{server.address(name)}&options=-c%20search_path%3D%22My\\%20Desk%22"
        upgrade_database(address)
        works(address, clock)
        with psycopg.connect(server.address(name)) as admin:
            found = admin.execute(
                "SELECT DISTINCT schemaname FROM pg_tables WHERE tablename = 'send'"
            )
            assert found.fetchall() == [("My Desk",)]
        server.drop(name)


class TestUnsuitable:
    @pytest.mark.parametrize("encoding", ["LATIN1", "SQL_ASCII", "WIN1252", "EUC_JP"])
    def test_case_13_another_encoding_is_refused(self, server: Server, encoding: str) -> None:
        name = f"in_{encoding.lower()}"
        with psycopg.connect(server.address("postgres"), autocommit=True) as admin:
            admin.execute(
                f"CREATE DATABASE {name} ENCODING '{encoding}' TEMPLATE template0 LOCALE 'C'".encode()
            )
        for opening in (upgrade_database, open_database):
            with pytest.raises(
                DeskUnavailable, match=f"the database is {encoding}, .* create it with UTF8"
            ):
                opening(server.address(name))
        with psycopg.connect(server.address(name)) as admin:
            found = admin.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
            assert found.fetchone() == (0,)
        server.drop(name)

    def test_a_server_that_is_too_old_is_refused(
        self, server_address: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(postgresql, "_OLDEST_SERVER", 990000)
        for opening in (upgrade_database, open_database):
            with pytest.raises(DeskUnavailable, match="needs 99 or newer"):
                opening(server_address)

    def test_a_user_who_may_not_make_tables_is_told_so(self, server: Server) -> None:
        name = server.make("template0")
        with role(server, "guest") as guest:
            with pytest.raises(
                DeskUnavailable, match="does not let guest make tables in the schema"
            ):
                upgrade_database(guest(server.address(name)))
            upgrade_database(server.address(name))
            with pytest.raises(DeskUnavailable, match="belongs to postgres: let that user run"):
                upgrade_database(guest(server.address(name)))
        server.drop(name)

    def test_a_database_that_takes_no_writes_is_told_so(self, server: Server) -> None:
        name = server.make("template0")
        with psycopg.connect(server.address("postgres"), autocommit=True) as admin:
            admin.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on".encode())
        with pytest.raises(DeskUnavailable, match="default_transaction_read_only is on"):
            upgrade_database(server.address(name))
        server.drop(name)

    def test_a_database_without_a_schema_is_told_so(self, server: Server) -> None:
        name = server.make("template0")
        with psycopg.connect(server.address(name)) as admin:
            admin.execute("DROP SCHEMA public")
        with pytest.raises(DeskUnavailable, match="no schema for the tables"):
            upgrade_database(server.address(name))
        server.drop(name)


@contextmanager
def role(server: Server, name: str) -> "Iterator[_AddressOfRole]":
    """Give what makes addresses of a new user, who may do nothing yet."""
    with psycopg.connect(server.address("postgres"), autocommit=True) as admin:
        admin.execute(f"CREATE ROLE {name} LOGIN".encode())
        yield _AddressOfRole(name)
        admin.execute(f"DROP ROLE {name}".encode())


class _AddressOfRole:
    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, address: str) -> str:
        return address.replace("postgres:@", f"{self.name}@")
