"""The history can be added to and nothing else, by whoever holds a connection of any kind."""

import sqlite3
from collections.abc import Callable
from contextlib import closing

import psycopg
import pytest

from models.database import open_database
from models.desk import Desk
from models.writing.writer import Request
from tests.support.desk_cases import HandClock, arrive, parcel

ZEROS = "decode(repeat('00', 16), 'hex')"
"""A hash as a server stores it; one of another length is refused before anything else is."""


_COLUMNS = "send_id, seq, recorded_at, kind, from_status, to_status, raw, actor, source, reason, detail, hash"
_VALUES = "1, {seq}, CURRENT_TIMESTAMP, 'note', '', '', '', 'eve', '', '', '{{}}', {blob}"


def live(address: str) -> None:
    """Give a send four events, the last with the request `once`."""
    database = open_database(address)
    desk = Desk(database, "ana", HandClock())
    send = desk.take(arrive(desk, parcel(1))).send
    send = desk.note(send, "called").send
    desk.note(send, "called again", request=Request("once"))
    database.close()


EVERYWHERE = {
    "update": "UPDATE event SET reason = 'x'",
    "update of one": "UPDATE event SET hash = hash WHERE id = 1",
    "update of the key": "UPDATE event SET id = id + 100",
    "delete": "DELETE FROM event",
    "delete of one": "DELETE FROM event WHERE seq = 3",
    "upsert by number": "INSERT INTO event ({columns}) VALUES ({third}) ON CONFLICT (send_id, seq)"
    " DO UPDATE SET reason = 'x'",
    "upsert by id": "INSERT INTO event (id, {columns}) VALUES (1, {fifth}) ON CONFLICT (id)"
    " DO UPDATE SET reason = 'x'",
    "upsert by request": "INSERT INTO event ({columns}, request_id) VALUES ({fifth}, 'once')"
    " ON CONFLICT (request_id) WHERE request_id IS NOT NULL DO UPDATE SET reason = 'x'",
}
SQLITE = {
    "replace by number": "REPLACE INTO event ({columns}) VALUES ({third})",
    "replace by id": "INSERT OR REPLACE INTO event (id, {columns}) VALUES (1, {fifth})",
    "replace by request": "REPLACE INTO event ({columns}, request_id) VALUES ({fifth}, 'once')",
    "ignore": "INSERT OR IGNORE INTO event ({columns}) VALUES ({third})",
    "fail": "INSERT OR FAIL INTO event (id, {columns}) VALUES (1, {fifth})",
    "update or replace": "UPDATE OR REPLACE event SET seq = 1 WHERE seq = 2",
    "update or ignore": "UPDATE OR IGNORE event SET reason = 'x'",
    "update from": "UPDATE event SET reason = s.ref FROM send AS s WHERE s.id = event.send_id",
}
POSTGRESQL = {
    "truncate": "TRUNCATE event",
    "truncate with sends": "TRUNCATE send CASCADE",
    "delete using": "DELETE FROM event USING send WHERE send.id = event.send_id",
    "merge": "MERGE INTO event USING send ON send.id = event.send_id WHEN MATCHED THEN DELETE",
    "update from": "UPDATE event SET reason = s.ref FROM send AS s WHERE s.id = event.send_id",
    "with": "WITH gone AS (DELETE FROM event RETURNING id) SELECT count(*) FROM gone",
}


def _filled(statement: str, blob: str) -> str:
    third, fifth = _VALUES.format(seq=3, blob=blob), _VALUES.format(seq=5, blob=blob)
    return statement.format(columns=_COLUMNS, third=third, fifth=fifth)


def _history(address: str) -> list[object]:
    database = open_database(address)
    with database.read() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM event ORDER BY id").fetchall()
    database.close()
    return [tuple(row) for row in rows]


def _refused(address: str, run: Callable[[str], object], statement: str, blob: str) -> None:
    before = _history(address)
    assert len(before) == 4
    with pytest.raises(Exception, match="the history cannot be"):
        run(_filled(statement, blob))
    assert _history(address) == before


@pytest.mark.parametrize("statement", (EVERYWHERE | SQLITE).values(), ids=EVERYWHERE | SQLITE)
def test_the_desks_own_connection_to_a_file_is_refused(file_address: str, statement: str) -> None:
    live(file_address)
    database = open_database(file_address)
    with database.engine.connect() as connection:
        _refused(file_address, connection.exec_driver_sql, statement, "x''")
    database.close()


@pytest.mark.parametrize("statement", (EVERYWHERE | SQLITE).values(), ids=EVERYWHERE | SQLITE)
def test_a_plain_connection_to_a_file_is_refused(file_address: str, statement: str) -> None:
    live(file_address)
    with closing(sqlite3.connect(file_address)) as plain:
        plain.execute("PRAGMA recursive_triggers = OFF")
        _refused(file_address, plain.execute, statement, "x''")


on_the_server = pytest.mark.parametrize(
    "statement", (EVERYWHERE | POSTGRESQL).values(), ids=EVERYWHERE | POSTGRESQL
)


@on_the_server
def test_the_desks_own_connection_to_a_server_is_refused(
    server_address: str, statement: str
) -> None:
    live(server_address)
    database = open_database(server_address)
    with database.engine.connect() as connection:
        _refused(server_address, connection.exec_driver_sql, statement, ZEROS)
    database.close()


@on_the_server
def test_a_superuser_in_replica_role_is_refused(server_address: str, statement: str) -> None:
    live(server_address)
    with psycopg.connect(server_address, autocommit=True) as plain:
        plain.execute("SET session_replication_role = replica")
        _refused(server_address, lambda text: plain.execute(text.encode()), statement, ZEROS)


def test_an_insert_that_would_do_nothing_does_nothing(server_address: str) -> None:
    live(server_address)
    before = _history(server_address)
    statement = "INSERT INTO event ({columns}) VALUES ({third}) ON CONFLICT DO NOTHING"
    with psycopg.connect(server_address, autocommit=True) as plain:
        assert plain.execute(_filled(statement, ZEROS).encode()).rowcount == 0
    assert _history(server_address) == before


def test_adding_is_allowed(address: str) -> None:
    live(address)
    database = open_database(address)
    blob = ZEROS if database.is_server else "x''"
    with database.write() as connection:
        connection.exec_driver_sql(_filled("INSERT INTO event ({columns}) VALUES ({fifth})", blob))
    database.close()
    assert len(_history(address)) == 5
