"""One bad row stops nobody: it is left out and named, and the schema refuses new ones."""

from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import DBAPIError

from models.database import Database
from models.desk import Desk
from models.history.audit import verify
from models.values.calendar import Limit
from tests.support.desk_cases import HandClock, arrive, parcel
from tests.support.unguarded import lift_constraints

ROWS: dict[str, dict[str, Any]] = {
    "a day that is a word": {"holiday": ("tomorrow", "x")},
    "a day that never was": {"holiday": ("2026-02-31", "x")},
    "a day without dashes": {"holiday": ("20261225", "x")},
    "an empty day": {"holiday": ("", "x")},
    "a limit below nothing": {"threshold": ("sendoso", "fulfilling", "-5d")},
    "a limit in words": {"threshold": ("sendoso", "fulfilling", "soon")},
    "a limit without end": {"threshold": ("sendoso", "fulfilling", "99999d")},
    "a limit of nobody": {"threshold": ("", "fulfilling", "5d")},
    "a limit of an unknown platform": {"threshold": ("nobody", "fulfilling", "5d")},
    "a limit of an unknown status": {"threshold": ("sendoso", "nothing", "5d")},
    "hours that end before they begin": {"business_hours": ("17:00", "09:00", "mon", "UTC")},
    "hours in words": {"business_hours": ("nine", "five", "mon", "UTC")},
    "hours of no day": {"business_hours": ("09:00", "17:00", "", "UTC")},
    "hours of a day that is none": {"business_hours": ("09:00", "17:00", "mon,xyz", "UTC")},
    "hours of an unknown zone": {"business_hours": ("09:00", "17:00", "mon", "Mars/Phobos")},
    "a view whose filter is none": {"saved_view": ("Broken", "", "status:(((")},
    "a view of an unknown key": {"saved_view": ("Newer", "", "colour:red")},
    "a view that refers to itself": {"saved_view": ("Loop", "", 'in:"Loop"')},
    "a view of a name that is taken": {"saved_view": ("tRiAgE", "", "is:over")},
    "a view on a digit that is taken": {"saved_view": ("One", "1", "is:over")},
    "a view without a name": {"saved_view": (" ", "", "is:over")},
}
COLUMNS = {
    "holiday": ("day", "name"),
    "threshold": ("provider", "status", "limit"),
    "saved_view": ("name", "digit", "query"),
    "business_hours": ("opens", "closes", "days", "zone"),
}


def put(database: Database, table: str, values: tuple[str, ...]) -> None:
    """Write a row as whoever has the right to write the table can."""
    row = dict(zip(COLUMNS[table], values, strict=True))
    if table in ("threshold", "business_hours"):
        row |= {"set_by": "x", "set_at": "2026-01-01 00:00:00.000000"}
    if table == "business_hours":
        row |= {"only_row": 1}
    if table == "saved_view":
        row |= {"saved_by": "x", "saved_at": "2026-01-01 00:00:00.000000"}
    if database.is_server:
        row = {
            name: f"{value}+00" if name.endswith("_at") else value for name, value in row.items()
        }
    names = ", ".join(f'"{name}"' for name in row)
    with database.write() as connection:
        connection.execute(
            sa.text(f"INSERT INTO {table} ({names}) VALUES ({', '.join(f':{n}' for n in row)})"),
            row,
        )


def goes_on(desk: Desk) -> None:
    """Read and write all that an agent can."""
    seen = arrive(desk, parcel(1))
    assert desk.count(desk.listing(desk.parse("is:triage"))).value >= 0
    assert desk.view_counts()
    assert desk.facets(desk.parse("")).stage
    assert desk.note(seen, "called").send.revision == 2
    assert verify(desk.database).problems == ()


@pytest.mark.parametrize("rows", ROWS.values(), ids=ROWS)
def test_a_bad_row_is_left_out_and_named(desk: Desk, rows: dict[str, tuple[str, ...]]) -> None:
    lift_constraints(desk.database)
    for table, values in rows.items():
        put(desk.database, table, values)
    put(desk.database, "holiday", ("2026-12-25", "Christmas"))
    put(desk.database, "threshold", ("sendoso", "shipped", "5d"))
    put(desk.database, "saved_view", ("Good", "9", "is:over"))
    (sentence,) = desk.left_out()
    assert "left out" in sentence
    assert [view.name for view in desk.views() if view.digit == "9"] == ["Good"]
    assert len(desk.calendar().holidays) == 1
    goes_on(desk)


@pytest.mark.parametrize(
    "table_and_values",
    [
        row
        for name, rows in ROWS.items()
        for row in rows.items()
        if "unknown" not in name
        and "refers" not in name
        and "filter" not in name
        and "name that" not in name
    ],
)
def test_the_schema_refuses_it(database: Database, table_and_values: Any) -> None:
    with pytest.raises(Exception, match="no desk could read") as refused:
        put(database, *table_and_values)
    assert isinstance(refused.value.__cause__, DBAPIError)


@pytest.fixture
def without_constraints(database: Database) -> Database:
    """A desk that takes what its schema refuses."""
    lift_constraints(database)
    return database


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(
    days=st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=10), max_size=3, unique=True),
    limits=st.lists(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=16), max_size=3, unique=True),
    views=st.lists(
        st.tuples(
            st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40),
            st.sampled_from(["", "1", "7", "8", "x"]),
            st.one_of(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30), st.sampled_from(["is:over", "in:x", "((("])),
        ),
        max_size=3, unique_by=lambda view: view[0],
    ),
)  # fmt: skip
def test_no_rows_whatever_stop_a_desk(
    without_constraints: Database,
    clock: HandClock,
    days: list[str],
    limits: list[str],
    views: list[tuple[str, str, str]],
) -> None:
    database = without_constraints
    with database.write() as connection:
        for table in COLUMNS:
            connection.exec_driver_sql(f"DELETE FROM {table}")
    for day in days:
        put(database, "holiday", (day, ""))
    for number, limit in enumerate(limits):
        put(database, "threshold", ("sendoso", ("shipped", "fulfilling", "sent")[number], limit))
    for view in views:
        put(database, "saved_view", view)
    desk = Desk(database, "ana", clock)
    shown = desk.views()
    kept = len(shown) - 7 + len(desk.calendar().holidays)
    assert kept + len(desk.left_out()) <= len(days) + len(limits) + len(views)
    assert len({view.digit for view in shown if view.digit}) == sum(bool(v.digit) for v in shown)
    assert desk.view_counts().keys() == {view.name for view in shown}


def test_a_good_limit_still_counts_beside_a_bad_one(desk: Desk) -> None:
    lift_constraints(desk.database)
    put(desk.database, "threshold", ("sendoso", "shipped", "junk"))
    put(desk.database, "threshold", ("sendoso", "order_received", "1d"))
    from models.team.thresholds import in_force

    own = {each.status.slug: each for each in in_force(desk.database) if each.own}
    assert own.keys() == {"order_received"}
    limit = own["order_received"].threshold
    assert limit is not None
    assert limit.limit == Limit(1)
