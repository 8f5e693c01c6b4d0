"""A desk on a standby: it reads, says that it writes nothing, and writes once that server is promoted."""

import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from models.database import lock_waits, open_database
from models.database.postgresql.role import Role, role_of
from models.desk import Desk
from models.errors import ReadOnly
from models.rules.views import View
from tests.support.desk_cases import arrive, parcel
from tests.support.limit import LIMIT
from tests.support.server import Server, cut_all
from tests.support.standby import standby_of


def comes(condition: Callable[[], bool]) -> bool:
    """Whether *condition* comes true in time."""
    end = time.monotonic() + LIMIT
    while time.monotonic() < end:
        if condition():
            return True
    return False


def test_a_desk_on_a_standby_reads_follows_and_writes_after_its_promotion(
    server: Server, server_address: str
) -> None:
    with (
        tempfile.TemporaryDirectory() as home,
        closing(open_database(server_address)) as primary,
    ):
        # The server runs as another user when the tests run as root.
        Path(home).chmod(0o755)
        ana = Desk(primary, "ana")
        arrive(ana, parcel(1))
        with standby_of(server.address("postgres"), Path(home) / "data") as standby:
            name = _name_of(server_address)
            there = standby.replace("/postgres?", f"/{name}?")
            with closing(open_database(there)) as database:
                bob = Desk(database, "bob")
                assert "is a standby, which accepts no writes" in bob.read_only
                with pytest.raises(ReadOnly, match="is a standby"):
                    bob.take(bob.find("S-1"))

                bob.changed()
                ana.save_view(View("9", "Late", "urgency:over"))
                assert comes(bob.changed), "what makes no entry in the history is missed"
                assert comes(lambda: "Late" in [each.name for each in bob.views()])

                with psycopg.connect(standby, autocommit=True) as admin:
                    admin.execute("SELECT pg_promote()")
                assert comes(bob.changed)
                assert bob.read_only == ""
                assert bob.take(bob.find("S-1")).send.owner == "bob"
                with closing(open_database(there)) as other:
                    bob.changed()
                    Desk(other, "jo").note(bob.find("S-1"), "called")
                    assert comes(bob.changed), "it does not listen since"


def test_a_lock_that_was_lost_stays_lost(server_address: str) -> None:
    with closing(open_database(server_address)) as database:
        held = database.hold("sync-goody")
        assert held is not None
        assert held.is_held()
        cut_all(server_address)
        assert [held.is_held(), held.is_held()] == [False, False]
        again = database.hold("sync-goody")
        assert again is not None
        again.give_back()


@pytest.mark.parametrize(
    ("answers", "role"),
    [
        ((False, False), Role.PRIMARY),
        ((True, True), Role.STANDBY),
        ((False, True), Role.REPLICA),
    ],
)
def test_what_a_server_is(answers: tuple[bool, bool], role: Role) -> None:
    assert role_of(answers) is role


def test_a_retry_is_saved_only_once_the_standby_has_what_it_finds_done(
    server: Server, server_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock_waits, "LONG", 0.0)
    with (
        closing(open_database(server_address)) as database,
        psycopg.connect(server.address("postgres"), autocommit=True) as admin,
        ThreadPoolExecutor(1) as pool,
    ):
        desk = Desk(database, "ana")
        seen = arrive(desk, parcel(1))
        waiting = (
            "SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND datname = %s",
            (_name_of(server_address),),
        )

        def waits() -> list[int]:
            return [row[0] for row in admin.execute(*waiting)]

        admin.execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
        admin.execute("SELECT pg_reload_conf()")
        try:
            noted = pool.submit(desk.note, seen, "called")
            assert comes(lambda: bool(waits()))
            assert "the standby of the server" in database.waits_for()
            (first,) = waits()
            # The note is in the database now, and its answer is lost.
            admin.execute("SELECT pg_terminate_backend(%s, 5000)", (first,))
            assert comes(lambda: noted.done() or bool(waits()))
            assert not noted.done(), "it is told as saved, and no standby has it"
        finally:
            admin.execute("ALTER SYSTEM RESET synchronous_standby_names")
            admin.execute("SELECT pg_reload_conf()")
        noted.result(LIMIT)
        assert [event.reason for event in desk.case(seen.id).history].count("called") == 1


def _name_of(address: str) -> str:
    return str(psycopg.conninfo.conninfo_to_dict(address)["dbname"])
