"""A sort as SQL: its terms, and which rows are before and after a given one."""

from itertools import product

import pytest
import sqlalchemy as sa

from models.database import Database
from models.desk import Desk
from models.reading.sort_order import SortOrder
from models.records import SendRecord
from models.store.mapping import record, record_columns
from tests.support.desk_cases import ago, fact, parcel, take

SORTS = [
    (),
    (("created", True),),
    (("owner", False),),
    (("owner", True), ("created", False)),
    (("id", True),),
]


@pytest.fixture
def rows(desk: Desk) -> list[SendRecord]:
    """Six sends, some of them with the same owner, the same times or none."""
    take(desk, *(parcel(number, fact("Shipped", ago(days=number % 3))) for number in range(6)))
    for number in (1, 4):
        desk.take(desk.find(f"S-{number}"))
    return list(desk.window(desk.listing(desk.parse("")), 0, 9))


def found(
    database: Database, order: SortOrder, *conditions: sa.ColumnElement[bool]
) -> list[sa.Row[tuple[object, ...]]]:
    """Return the rows with their sort values, in their order."""
    asked = sa.select(*record_columns(), *order.columns).where(*conditions)
    with database.read() as connection:
        return list(connection.execute(asked.order_by(*order.forwards)))


@pytest.mark.parametrize("sort", SORTS, ids=str)
def test_every_row_parts_the_list_in_those_before_and_those_after(
    database: Database, rows: list[SendRecord], sort: tuple[tuple[str, bool], ...]
) -> None:
    order = SortOrder.of(sort)
    whole = found(database, order)
    ids = [record(row).id for row in whole]
    assert sorted(ids) == sorted(row.id for row in rows)
    for place, row in enumerate(whole):
        values = order.values(row)
        if None in values:
            continue
        after = [record(each).id for each in found(database, order, order.after(values))]
        before = [record(each).id for each in found(database, order, order.before(values))]
        assert (before, after) == (ids[:place], ids[place + 1 :])


@pytest.mark.parametrize("sort", SORTS, ids=str)
@pytest.mark.parametrize("flip", [False, True], ids=["forwards", "backwards"])
def test_ranges_one_after_the_other_are_what_lies_between_two_rows(
    database: Database, rows: list[SendRecord], sort: tuple[tuple[str, bool], ...], flip: bool
) -> None:
    order = SortOrder.of(sort)
    whole = found(database, order)[:: -1 if flip else 1]
    ends = [None, *(row for row in whole if None not in order.values(row))]
    ids = [record(row).id for row in whole]
    for first, last in product(ends[:4], (None, *ends[-3:])):
        start = 0 if first is None else ids.index(record(first).id) + 1
        end = len(ids) if last is None else ids.index(record(last).id)
        ranges = order.between(
            first and order.values(first), last and order.values(last), flip=flip
        )
        between = [
            record(row).id
            for each in ranges
            for row in found(database, order, each)[:: -1 if flip else 1]
        ]
        if start <= end:
            assert between == ids[start:end], (first, last)


@pytest.mark.parametrize("sort", SORTS, ids=str)
def test_backwards_is_the_same_list_from_its_end(
    database: Database, rows: list[SendRecord], sort: tuple[tuple[str, bool], ...]
) -> None:
    order = SortOrder.of(sort)
    ids = sa.select(*record_columns())
    with database.read() as connection:
        there = [record(row).id for row in connection.execute(ids.order_by(*order.forwards))]
        back = [record(row).id for row in connection.execute(ids.order_by(*order.backwards))]
    assert back == there[::-1]
    assert len(there) == len(rows)


def test_only_an_order_of_one_key_has_an_index() -> None:
    assert SortOrder.of((("created", True),)).is_indexed
    assert SortOrder.of(()).is_indexed
    assert not SortOrder.of((("owner", True), ("created", False))).is_indexed
