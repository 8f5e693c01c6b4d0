"""Many rows at once: they come back as they were put in, or none of them is there."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
import sqlalchemy as sa

from models.database import Database
from models.errors import DeskUnavailable
from models.store import mapping, tables

HOLIDAY = mapping.table_of(tables.Holiday)
SEND = mapping.table_of(tables.Send)
TEXTS = (
    "", " ", "\\N", "\\.", "a\\tb", "a\tb", "a\nb\r\n", '"a","b"', "'", "%s %(a)s ? :a", "Zoë 🎁", "\u2028",
)  # fmt: skip
INDIA = timezone(timedelta(hours=5, minutes=30))


def insert(database: Database, table: sa.Table, rows: list[dict[str, Any]]) -> None:
    with database.write() as connection:
        database.insert(connection, table, rows)


def found(database: Database, table: sa.Table) -> list[dict[str, Any]]:
    with database.read() as connection:
        rows = connection.execute(sa.select(table).order_by(*table.primary_key))
        return [dict(row) for row in rows.mappings()]


def send(number: int, **values: Any) -> dict[str, Any]:
    known = tables.Send(
        id=number, ref=f"S-{number}", provider="sendoso", external_id=str(number), type="egift",
        provider_status="sent", status="sent", stage="waiting", since=datetime(2026, 11, 20, tzinfo=UTC),
    )  # fmt: skip
    return known.model_dump() | values


def test_any_text_comes_back(database: Database) -> None:
    days = [
        {"day": f"2026-11-{place + 1:02}", "name": text, "region": text}
        for place, text in enumerate(TEXTS)
    ]
    insert(database, HOLIDAY, days)
    assert found(database, HOLIDAY) == days


def test_moments_flags_amounts_and_hashes_come_back_and_so_does_nothing(database: Database) -> None:
    early = datetime(1999, 12, 31, 23, 59, 59, 999999, tzinfo=INDIA)
    late = datetime(2026, 11, 20, 9, 41, 0, 5, tzinfo=UTC)
    sends = [
        send(1),
        send(
            2, created_at=early, expires_at=late, since=early, due_at=late, triage_at=early,
            order_uncertain=True, contested=True, cost_minor=-(10**15), revision=3, head=b"\x00\\x\xff",
            override_status="sent",
        ),
    ]  # fmt: skip
    insert(database, SEND, sends)
    assert found(database, SEND) == sends


def test_what_rows_do_not_give_is_numbered_by_the_database(database: Database) -> None:
    insert(database, SEND, [send(1), send(2)])
    events = mapping.table_of(tables.Event)
    told = [
        {
            "send_id": number, "seq": 1, "at": None, "recorded_at": datetime(2026, 11, 20, tzinfo=UTC), "kind": "note",
            "from_status": "", "to_status": "", "raw": "", "actor": "", "source": "", "reason": "", "detail": "{}",
            "request_id": None, "hash": bytes(16),
        }
        for number in (1, 2)
    ]  # fmt: skip
    insert(database, events, told)
    stored = found(database, events)
    assert [row.pop("id") for row in stored] == [1, 2]
    assert stored == told


@pytest.mark.parametrize("count", [1, 2])
def test_a_column_that_rows_do_not_give_has_its_default(database: Database, count: int) -> None:
    days = [{"day": f"2026-12-2{place}", "name": "a day off"} for place in range(count)]
    insert(database, HOLIDAY, days)
    assert found(database, HOLIDAY) == [{**day, "region": ""} for day in days]


def test_rows_of_which_one_is_refused_are_not_stored(database: Database) -> None:
    days = [{"day": day, "name": "a day off"} for day in ("2026-12-24", "2026-12-25", "2026-12-25")]
    with pytest.raises(DeskUnavailable, match="refused the change"):
        insert(database, HOLIDAY, days)
    assert found(database, HOLIDAY) == []


@pytest.mark.parametrize("count", [0, 1])
def test_few_rows_are_as_good_as_many(database: Database, count: int) -> None:
    days = [{"day": "2026-12-25", "name": "Christmas", "region": "DE"}] * count
    insert(database, HOLIDAY, days)
    assert found(database, HOLIDAY) == days


def test_many_rows_are_changed_as_one_is(database: Database) -> None:
    """Whatever comes back from one row at a time comes back from many."""
    insert(database, SEND, [send(number) for number in range(1, 9)])
    statement = (
        sa.update(SEND)
        .where(SEND.c.id == sa.bindparam("this"))
        .values(owner=sa.bindparam("owner"), due_at=sa.bindparam("due_at"))
    )
    late = datetime(2026, 11, 20, 9, 41, 0, 5, tzinfo=UTC)
    changes: list[dict[str, Any]] = [
        {"this": place, "owner": text, "due_at": late if place % 2 else None}
        for place, text in enumerate(TEXTS[-4:], 1)
    ]
    with database.write() as connection:
        alone = [database.update(connection, statement, [change]) for change in changes]
        again = [{**change, "this": change["this"] + 4} for change in changes]
        together = database.update(connection, statement, [*again, {**again[0], "this": 99}])
    assert (alone, together) == ([1] * 4, 4)
    kept = [(row["owner"], row["due_at"]) for row in found(database, SEND)]
    assert kept == [(change["owner"], change["due_at"]) for change in changes] * 2
