"""What `explain` tells: the statement that is run, the indexes it uses, and its times."""

import pytest
import sqlalchemy as sa

from models.desk import Desk
from models.reading.explain import explain
from tests.support.desk_cases import arrive, fact, parcel
from tests.support.sample_cases import ago

QUERIES = (
    "",
    "is:triage sort:due",
    "status:shipped,delivered age>3d -company:x%y sort:-created",
    'recipient:"O\'Neil" carrier:"50% off"',
    "solberg",
    "changed:-2h by:ana OR (cost>10 in:mine)",
)


@pytest.mark.parametrize("text", QUERIES)
def test_the_statement_runs_as_it_is_shown(desk: Desk, text: str) -> None:
    arrive(desk, parcel(1, recipient_name="Mira Solberg"))
    arrive(
        desk, parcel(2, fact("Shipped", ago(days=5)), recipient_name="O'Neil", carrier="50% off")
    )
    query = desk.parse(text)
    told = explain(desk, query)
    assert told.rows == told.total == desk.count(desk.listing(query)).value
    with desk.database.read() as connection:
        cursor = connection.connection.cursor()
        cursor.execute(told.sql)
        assert len(cursor.fetchall()) == told.rows
    assert told.plan
    assert told.rows_ms > 0
    assert told.count_ms > 0


def test_it_tells_of_the_way_that_the_list_takes(desk: Desk) -> None:
    arrive(desk, parcel(1, recipient_name="Mira Solberg"))
    told = explain(desk, desk.parse("solberg"))
    assert ("send_text" in told.sql) != desk.database.is_server
    assert "event" not in explain(desk, desk.parse("sort:created")).sql


def test_the_plan_names_its_index(desk: Desk) -> None:
    arrive(desk, parcel(1))
    with desk.database.read() as connection:
        if desk.database.is_server:
            connection.execute(sa.text("SET LOCAL enable_seqscan = off"))
        wanted = sa.select(sa.column("id")).select_from(sa.table("send", sa.column("due_at")))
        plan = desk.database.plan(connection, wanted.order_by(sa.text("due_at, id")).limit(5))
    assert "send_due" in "\n".join(plan)


def test_the_text_says_all_of_it(desk: Desk) -> None:
    told = str(explain(desk, desk.parse("status:shipped")))
    for said in ("0 rows in", "0 counted in", "Plan", "SQL", "FROM send", "'shipped'", "LIMIT"):
        assert said in told
