"""A desk on a standby: it reads, says that it writes nothing, and writes once that server is promoted."""

import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from models.database import open_database
from models.database.postgresql.role import Role, role_of
from models.desk import Desk
from models.errors import ReadOnly
from models.rules.views import View
from tests.models.database.test_postgresql import cut_all
from tests.support.desk_cases import arrive, parcel
from tests.support.limit import LIMIT
from tests.support.server import Server
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
            name = psycopg.conninfo.conninfo_to_dict(server_address)["dbname"]
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
