"""The audit finds nothing in an honest desk, and every way of tampering behind the guards' back."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from models.database import Database, open_database
from models.desk import Desk
from models.history.audit import AuditResult, verify
from models.records import Shipment
from tests.support.desk_cases import HandClock, arrive, egift, fact, order, parcel, take
from tests.support.sample_cases import NOW, ago
from tests.support.server import Server
from tests.support.unguarded import unguarded

GUARDS = "the triggers that guard the history are missing or changed"


def live(address: str) -> None:
    """Let everything happen that a history can tell of.

    Send 1 has eight events (fact, fact, override, note, undo, escalate, resolve, details), send 2
    a contested override, send 3 no time for its fact, send 4 two parcels, send 5 rests.
    """
    clock = HandClock()
    database = open_database(address)
    desk = Desk(database, "ana", clock)
    first = arrive(
        desk, parcel(1, fact("Confirming Address", ago(days=12)), fact("Processing", ago(days=9)))
    )
    first = desk.override(first, "shipped", "it left").send
    step = desk.last_step()
    clock.advance(minutes=1)
    desk.note(first, "they called")
    list(desk.undo_or_redo(step))
    first = desk.escalate(desk.find("S-1"), "T-1").send
    desk.resolve(first, "found")
    take(desk, parcel(1, fact("Processing", ago(days=9)), carrier="DHL"))
    desk.override(arrive(desk, parcel(2)), "shipped", "it left")
    take(desk, parcel(2, fact("Out of Stock", clock.advance(hours=1))))
    take(desk, egift(3, fact("Opened", None), fact("Sent", ago(days=3))))
    two = (Shipment(external_id="a", status="shipped"), Shipment(external_id="b", status="ordered"))
    take(desk, order("0b6f3c1e-1", shipments=two))
    desk.snooze(desk.take(arrive(desk, parcel(5))).send, NOW + timedelta(days=9))
    database.close()


@pytest.fixture(scope="module")
def lived_in_file(empty_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = Path(shutil.copy(empty_file, tmp_path_factory.mktemp("audit") / "lived_in.db"))
    live(str(path))
    return path


@pytest.fixture(scope="module")
def lived_in_server(server: Server) -> Iterator[str]:
    name = server.make()
    live(server.address(name))
    yield name
    server.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def honest(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A desk on which a little of everything has happened."""
    if request.param == "sqlite":
        path = shutil.copy(request.getfixturevalue("lived_in_file"), tmp_path / "sends.db")
        database = open_database(path)
        yield database
        database.close()
    else:
        server: Server = request.getfixturevalue("server")
        name = server.make(request.getfixturevalue("lived_in_server"))
        database = open_database(server.address(name))
        yield database
        database.close()
        server.drop(name)


def tamper(database: Database, *statements: str) -> AuditResult:
    """Run *statements* behind the guards' back and audit what is left."""
    with unguarded(database) as run:
        for statement in statements:
            assert run(statement) != 0, f"{statement} changed nothing"
    return verify(database)


def test_an_honest_desk_is_sound(honest: Database) -> None:
    told: list[int] = []
    assert verify(honest, told.append) == AuditResult(5, 18, ())
    assert told == [5]


def test_an_empty_desk_is_sound(database: Database) -> None:
    assert verify(database) == AuditResult(0, 0, ())


def test_a_send_of_which_nothing_was_told_is_sound(desk: Desk) -> None:
    take(desk, parcel(1, created_at=None)._replace(facts=()))
    assert verify(desk.database) == AuditResult(1, 0, ())


OTHER = "'2020-01-01 00:00:00.000000+00'"
EVENT_CHANGES = {
    "another time": f"UPDATE event SET at = {OTHER} WHERE send_id = 1 AND seq = 1",
    "a time taken away": "UPDATE event SET at = NULL WHERE send_id = 1 AND seq = 2",
    "a time put in": f"UPDATE event SET at = {OTHER} WHERE send_id = 3 AND at IS NULL",
    "another time of record": f"UPDATE event SET recorded_at = {OTHER} WHERE send_id = 1 AND seq = 3",
    "another kind": "UPDATE event SET kind = 'release' WHERE send_id = 1 AND seq = 4",
    "a kind that is none": "UPDATE event SET kind = 'bogus' WHERE send_id = 1 AND seq = 4",
    "another status before": "UPDATE event SET from_status = 'sent' WHERE send_id = 1 AND seq = 3",
    "another status": "UPDATE event SET to_status = 'delivered' WHERE send_id = 1 AND seq = 3",
    "another word": "UPDATE event SET raw = 'Paused' WHERE send_id = 1 AND seq = 2",
    "another agent": "UPDATE event SET actor = 'jo' WHERE send_id = 1 AND seq = 3",
    "no agent": "UPDATE event SET actor = '' WHERE send_id = 1 AND seq = 4",
    "another source": "UPDATE event SET source = 'cli' WHERE send_id = 1 AND seq = 5",
    "another reason": "UPDATE event SET reason = 'it left.' WHERE send_id = 1 AND seq = 3",
    "another note": "UPDATE event SET reason = 'nobody called' WHERE send_id = 1 AND seq = 4",
    "other further values": "UPDATE event SET detail = '{\"undoes\": 2}' WHERE send_id = 1 AND seq = 5",
    "further values that are none": "UPDATE event SET detail = 'no' WHERE send_id = 1 AND seq = 6",
    "another request": "UPDATE event SET request_id = 'x' WHERE send_id = 1 AND seq = 3",
    "no request": "UPDATE event SET request_id = NULL WHERE send_id = 1 AND seq = 3",
    "another hash": "UPDATE event SET hash = (SELECT hash FROM event WHERE send_id = 1 AND seq = 1)"
    " WHERE send_id = 1 AND seq = 2",
    "the newest changed": "UPDATE event SET reason = 'x' WHERE send_id = 5 AND seq = 3",
    "the first changed": "UPDATE event SET raw = 'Sent' WHERE send_id = 2 AND seq = 1",
    "every reason": "UPDATE event SET reason = 'x'",
}
REMOVALS = {
    "the first": "DELETE FROM event WHERE send_id = 1 AND seq = 1",
    "one between": "DELETE FROM event WHERE send_id = 1 AND seq = 4",
    "the newest": "DELETE FROM event WHERE send_id = 1 AND seq = 8",
    "the newest three": "DELETE FROM event WHERE send_id = 1 AND seq > 5",
    "a whole history": "DELETE FROM event WHERE send_id = 2",
    "every history": "DELETE FROM event",
    "a send": "DELETE FROM send WHERE id = 2",
    "the last send": "DELETE FROM send WHERE id = 5",
    "every send": "DELETE FROM send",
}
SEND_CHANGES = {
    name: f"UPDATE send SET {change} WHERE id = {send_id}"
    for send_id, name, change in (
        (1, "status", "status = 'delivered'"),
        (1, "stage", "stage = 'done'"),
        (1, "since", f"since = {OTHER}"),
        (1, "provider_status", "provider_status = 'delivered'"),
        (1, "provider_raw", "provider_raw = 'Sent'"),
        (1, "provider_at", f"provider_at = {OTHER}"),
        (3, "order_uncertain", "order_uncertain = NOT order_uncertain"),
        (2, "override_status", "override_status = NULL"),
        (2, "override_reason", "override_reason = 'because'"),
        (2, "override_by", "override_by = 'jo'"),
        (2, "override_at", f"override_at = {OTHER}"),
        (2, "contested", "contested = NOT contested"),
        (2, "at_once", "at_once = NOT at_once"),
        (1, "due_at", f"due_at = {OTHER}"),
        (1, "triage_at", f"triage_at = {OTHER}"),
        (5, "owner", "owner = 'jo'"),
        (1, "escalated_at", f"escalated_at = {OTHER}"),
        (1, "escalation_ref", "escalation_ref = 'T-2'"),
        (1, "follow_up_at", f"follow_up_at = {OTHER}"),
        (5, "snooze", "snooze = ''"),
        (5, "snoozed_until", f"snoozed_until = {OTHER}"),
        (1, "revision", "revision = 9"),
        (1, "head", "head = (SELECT hash FROM event WHERE send_id = 1 AND seq = 7)"),
        (4, "provider", "provider = 'sendoso'"),
        (4, "external_id", "external_id = '0b6f3c1e-2'"),
    )
}


def _named(cases: dict[str, str]) -> list[object]:
    return [pytest.param(statement, id=name) for name, statement in cases.items()]


@pytest.mark.parametrize("statement", _named(EVENT_CHANGES))
def test_a_changed_event_is_found(honest: Database, statement: str) -> None:
    assert tamper(honest, statement).problems


@pytest.mark.parametrize("statement", _named(REMOVALS))
def test_a_removal_is_found(honest: Database, statement: str) -> None:
    assert tamper(honest, statement).problems


@pytest.mark.parametrize("statement", _named(SEND_CHANGES))
def test_a_changed_send_is_found(honest: Database, statement: str) -> None:
    (problem, *_) = tamper(honest, statement).problems
    assert problem.startswith(("S-", "G-"))


COPY = (
    "INSERT INTO event (id, send_id, seq, at, recorded_at, kind, from_status, to_status, raw, actor,"
    " source, reason, detail, hash) SELECT {id}, {send}, {seq}, at, recorded_at, kind, from_status,"
    " to_status, raw, actor, source, reason, detail, hash FROM event WHERE send_id = {of} AND seq = {n}"
)


FORGERIES = [
    pytest.param([COPY.format(id=900, send=1, seq=9, of=1, n=8)], id="one put in behind"),
    pytest.param([COPY.format(id=900, send=1, seq=0, of=1, n=1)], id="one put in before"),
    pytest.param([COPY.format(id=900, send=2, seq=4, of=1, n=4)], id="one of another send"),
    pytest.param([COPY.format(id=900, send=77, seq=1, of=1, n=1)], id="one of no send"),
    pytest.param(
        [
            COPY.format(id=900, send=1, seq=9, of=1, n=8),
            "UPDATE send SET revision = 9 WHERE id = 1",
        ],
        id="one put in and counted",
    ),
    pytest.param(
        ["UPDATE event SET send_id = 5, seq = 4 WHERE send_id = 1 AND seq = 8"], id="one moved"
    ),
    pytest.param(
        [
            "UPDATE event SET seq = 100 WHERE send_id = 1 AND seq = 3",
            "UPDATE event SET seq = 3 WHERE send_id = 1 AND seq = 4",
            "UPDATE event SET seq = 4 WHERE send_id = 1 AND seq = 100",
        ],
        id="two swapped",
    ),
    pytest.param(
        [
            "UPDATE event SET id = 900 WHERE send_id = 1 AND seq = 3",
        ],
        id="one moved to the end of the table",
    ),
    pytest.param(
        [
            "DELETE FROM event WHERE send_id = 1 AND seq = 4",
            "UPDATE event SET seq = seq - 1 WHERE send_id = 1 AND seq = 5",
            "UPDATE event SET seq = seq - 1 WHERE send_id = 1 AND seq = 6",
            "UPDATE event SET seq = seq - 1 WHERE send_id = 1 AND seq = 7",
            "UPDATE event SET seq = seq - 1 WHERE send_id = 1 AND seq = 8",
            "UPDATE send SET revision = 7 WHERE id = 1",
        ],
        id="one removed and the rest closed up",
    ),
    pytest.param(
        [
            "UPDATE send SET external_id = 'x' WHERE id = 1",
            "UPDATE send SET external_id = '1' WHERE id = 2",
            "UPDATE send SET external_id = '2' WHERE id = 1",
        ],
        id="two sends swapped",
    ),
    pytest.param(
        [
            "UPDATE send SET owner = 'jo', status = 'delivered', stage = 'done' WHERE id = 1",
            "UPDATE event SET reason = 'x' WHERE send_id = 2 AND seq = 2",
        ],
        id="several at once",
    ),
]


@pytest.mark.parametrize("statements", FORGERIES)
def test_rows_put_in_or_moved_are_found(honest: Database, statements: list[str]) -> None:
    assert tamper(honest, *statements).problems


def test_there_are_more_than_fifty_tamperings() -> None:
    assert len(EVENT_CHANGES) + len(REMOVALS) + len(SEND_CHANGES) + len(FORGERIES) > 50


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        (
            EVENT_CHANGES["another reason"],
            "S-1: entry 3 of its history was altered, moved or put in",
        ),
        (REMOVALS["one between"], "S-1: entry 4 of its history is missing"),
        (
            REMOVALS["the newest"],
            "S-1: it counts 8 entries, its history has 7, or the last one differs",
        ),
        (SEND_CHANGES["owner"], "S-5: owner is “jo”, by its history it is “ana”"),
        (EVENT_CHANGES["a kind that is none"], "S-1: a value of the send or its history cannot be"),
    ],
)
def test_each_problem_is_one_sentence(honest: Database, statement: str, sentence: str) -> None:
    (problem,) = tamper(honest, statement).problems
    assert problem.startswith(sentence)


@pytest.mark.parametrize("value", ["'yesterday'", "5", "x'ff'"])
@pytest.mark.parametrize("column", ["since", "provider_at", "due_at", "created_at"])
def test_values_that_are_no_times_are_found(file_address: str, column: str, value: str) -> None:
    live(file_address)
    database = open_database(file_address)
    (problem,) = tamper(database, f"UPDATE send SET {column} = {value} WHERE id = 1").problems
    assert problem == "S-1: a value of the send or its history cannot be read"
    database.close()


def test_a_missing_guard_is_found(honest: Database) -> None:
    drop = {
        True: [
            "DROP TRIGGER event_is_never_changed ON event",
            "DROP TRIGGER event_is_never_emptied ON event",
        ],
        False: [
            f"DROP TRIGGER event_is_never_{what}" for what in ("changed", "removed", "replaced")
        ],
    }
    for statement in drop[honest.is_server]:
        with honest.engine.connect() as connection, connection.begin() as transaction:
            connection.exec_driver_sql(statement)
            transaction.commit()
        assert verify(honest).problems == (GUARDS,)


def test_a_guard_that_lets_everything_through_is_found(honest: Database) -> None:
    tricks = {
        True: [
            "CREATE OR REPLACE FUNCTION event_is_append_only() RETURNS trigger LANGUAGE plpgsql"
            " AS $$BEGIN RETURN NEW; END$$"
        ],
        False: [
            "DROP TRIGGER event_is_never_changed",
            "CREATE TRIGGER event_is_never_changed BEFORE UPDATE ON event BEGIN SELECT 1; END",
        ],
    }
    with honest.engine.connect() as connection, connection.begin():
        for statement in tricks[honest.is_server]:
            connection.exec_driver_sql(statement)
    assert verify(honest).problems == (GUARDS,)


def test_a_disabled_guard_is_found(server_address: str) -> None:
    database = open_database(server_address)
    for state in ("DISABLE", "ENABLE"):
        with database.engine.connect() as connection, connection.begin():
            connection.exec_driver_sql(f"ALTER TABLE event {state} TRIGGER event_is_never_changed")
        assert verify(database).problems == (GUARDS,)
    database.close()


def test_problems_are_counted_beyond_the_first_thousand(desk: Desk) -> None:
    take(desk, *(parcel(number) for number in range(1003)))
    verdict = tamper(desk.database, "UPDATE event SET reason = 'x'")
    assert (verdict.sends, verdict.events) == (1003, 1003)
    assert len(verdict.problems) == 1001
    assert verdict.problems[-1] == "and 3 more problems"
