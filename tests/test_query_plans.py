"""No list looks at every send: what SQLite says it will do for each shape of filter and order."""

import sqlite3
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from models.database import Database, open_database
from models.demo import make
from models.desk import Desk
from models.query import KEYS, SORTS
from models.query.keys import EVENT_KEYS
from models.views import VIEWS
from tests.sample_cases import NOW

FILTERS = {
    "status": "status:shipped", "stage": "stage:problem", "owner": "owner:jo", "age": "age>3d",
    "since": "since>2025-11-01", "due": "due<2d", "created": "created>2025-11-01", "urgency": "urgency:now,over",
    "is": "is:triage", "recipient": "recipient:tanaka", "email": "email:tanaka", "company": "company:lotus",
    "campaign": "campaign:coffee", "id": "id:S-104001", "tracking": "tracking:1Z999AA1", "in": "in:triage",
    "provider": "provider:goody", "type": "type:egift", "updated": "updated>2025-11-01", "sender": "sender:ivo",
    "team": "team:nordics", "carrier": "carrier:ups", "cost": "cost>100", "currency": "currency:usd",
    "changed": "changed>2025-11-01", "by": "by:jo", "note": "note:rush",
}  # fmt: skip
"""One filter for each key of the language but `sort`."""
WALKS = {
    "provider": "there are two, each of which half the sends are of",
    "type": "there are three",
    "updated": "agents ask since when a send is in its status; this asks when it was heard of",
    "sender": "not among the texts that the index of texts holds",
    "team": "not among the texts that the index of texts holds",
    "carrier": "nearly all parcels are of one of three",
    "cost": "rarely asked for by itself",
    "currency": "nearly all sends are in one",
}
"""Keys without an index of their own, and why: their lists are walked in the order they are sorted by."""
SORTED_WHOLE = {"type": "three values, for which no index is worth its place"}
"""Orders without an index, and why."""


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    opened = open_database(tmp_path_factory.mktemp("plans") / "sends.db")
    make(opened, sends=2000, now=NOW)
    yield opened
    opened.close()


@pytest.fixture
def plans(database: Database) -> Iterator[list[str]]:
    """Every step of every plan of what is asked while the test runs."""
    path = Path(database.engine.connect().connection.execute("PRAGMA database_list").fetchone()[2])
    explaining = sqlite3.connect(path)
    steps: list[str] = []

    def explain(
        connection: sa.Connection,
        cursor: object,
        statement: str,
        given: tuple[object, ...],
        *_: object,
    ) -> None:
        if "FROM send" in statement:
            found = explaining.execute(f"EXPLAIN QUERY PLAN {statement}", given)
            steps.extend(row[3] for row in found)

    event.listen(database.engine, "before_cursor_execute", explain)
    yield steps
    event.remove(database.engine, "before_cursor_execute", explain)
    explaining.close()


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database, "ana", lambda: NOW)


def looked_at_all(steps: list[str]) -> list[str]:
    """Return the steps that read every send in no order that an index has."""
    return [step for step in steps if step.startswith("SCAN send") and "INDEX" not in step]


def test_every_key_and_order_of_the_language_is_here() -> None:
    assert FILTERS.keys() | {"sort"} == KEYS.keys()
    assert WALKS.keys() <= FILTERS.keys()
    assert SORTED_WHOLE.keys() <= set(SORTS)


@pytest.mark.parametrize(
    ("key", "sort"), list(product(FILTERS, ("due", "since", "-created", "recipient")))
)
def test_no_window_reads_every_send(desk: Desk, plans: list[str], key: str, sort: str) -> None:
    listing = desk.listing(desk.parse(f"{FILTERS[key]} sort:{sort}"))
    first = desk.window(listing, 0, 50)
    desk.window(listing, 50, 50)
    assert plans
    assert looked_at_all(plans) == []
    assert first or key in ("id", "tracking", "note", "by")


@pytest.mark.parametrize("sort", sorted(set(SORTS) - SORTED_WHOLE.keys()))
def test_every_order_is_that_of_an_index(desk: Desk, plans: list[str], sort: str) -> None:
    for direction in ("", "-"):
        desk.window(desk.listing(desk.parse(f"sort:{direction}{sort}")), 0, 50)
    assert not [step for step in plans if "TEMP B-TREE FOR ORDER BY" in step]
    assert looked_at_all(plans) == [] or sort == "id"


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_no_view_reads_every_send(desk: Desk, plans: list[str], view: object) -> None:
    listing = desk.listing(desk.parse(view.query))  # type: ignore[attr-defined]
    desk.window(listing, 0, 200)
    assert looked_at_all(plans) == []


@pytest.mark.parametrize("key", sorted(FILTERS.keys() - WALKS.keys() - EVENT_KEYS))
def test_what_an_index_knows_is_counted_by_it(desk: Desk, plans: list[str], key: str) -> None:
    desk.count(desk.listing(desk.parse(FILTERS[key])))
    assert looked_at_all(plans) == []
