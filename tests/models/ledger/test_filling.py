"""A desk of a program without a ledger gets one that is what its histories add up to."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from models.database import open_database, upgrade_database
from models.desk import Desk
from models.history.audit import verify
from models.reading.credits import CreditFilter, credit_lines
from models.records import Event, EventKind
from models.store import tables
from models.store.hash_chain import chain
from tests.support.desk_cases import HandClock
from tests.support.old_desk import connected, make_old
from tests.support.sample_cases import NOW
from tests.support.server import Server

_WITHOUT_LEDGER = "0005"
_SEND = sa.table("send", *map(sa.column, ("id", "external_id", "head", "revision")))


@pytest.fixture(params=["file", "server"])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a desk of such a program."""
    if request.param == "file":
        path = tmp_path / "desk" / "sends.db"
        make_old(str(path), _WITHOUT_LEDGER)
        yield str(path)
        return
    server: Server = request.getfixturevalue("server")
    name = server.make("template0")
    make_old(server.address(name), _WITHOUT_LEDGER)
    yield server.address(name)
    server.drop(name)


def say_refunded(address: str, external_id: str) -> None:
    """Let the history of a send say that its platform gave the money back, as that program wrote it."""
    with closing(connected(address)) as database, database.write() as connection:
        known = connection.execute(sa.select(_SEND).where(_SEND.c.external_id == external_id)).one()
        said = Event(
            known.revision + 1, NOW, NOW, EventKind.FACT, "fulfillment_issue", "refunded",
            "Refunded", "sendoso", "import:sends.csv",
        )  # fmt: skip
        rows, head = chain(known.id, ("sendoso", external_id), known.head, [said])
        connection.execute(sa.insert(tables.Event), rows)
        connection.execute(
            sa.update(_SEND)
            .where(_SEND.c.id == known.id)
            .values(head=head, revision=known.revision + 1)
        )


def test_its_ledger_is_filled_from_its_histories(old: str) -> None:
    say_refunded(old, "2")
    upgrade_database(old)
    with closing(open_database(old)) as database:
        assert verify(database).problems == ()
        desk = Desk(database, "ana", HandClock())
        (line,) = credit_lines(desk, CreditFilter())
        assert (line.ref, line.stand, line.entry.amount_minor) == ("S-2", "confirmed", 4875)
        assert line.entry.at == NOW


def test_a_damaged_history_keeps_nobody_back(old: str) -> None:
    say_refunded(old, "2")
    with closing(connected(old)) as database, database.write() as connection:
        connection.execute(
            sa.update(_SEND).where(_SEND.c.external_id == "2").values(head=b"?" * 16)
        )
    upgrade_database(old)
    with closing(open_database(old)) as database:
        assert [each.split(":")[0] for each in verify(database).problems] == ["S-2"]
