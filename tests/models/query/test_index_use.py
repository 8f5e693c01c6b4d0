"""Which terms of a filter an index can serve."""

import pytest

from models.query.sql.index_use import split_by_index
from tests.support.filters import read


def test_what_is_asked_about_the_order_is_taken_apart() -> None:
    query = read("age>3d a created>2026-01-01 sort:since")
    found = split_by_index(query.tree, query.sort)
    assert found.on_sort_column == read("age>3d").tree
    assert found.remaining == read("a created>2026-01-01").tree


def test_lists_are_sorted_by_due_unless_told_otherwise() -> None:
    assert split_by_index(read("due<2d age>3d").tree).on_sort_column == read("due<2d").tree


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("status:shipped cost>10", ["status:shipped"]),
        ("status:shipped OR owner:jo", ["status:shipped OR owner:jo"]),
        ("status:shipped OR cost>10", []),
        ("-status:shipped", []),
        ("jo tanaka", ["jo", "tanaka"]),
        ("日本 company:日本 日本語", ["日本語"]),
        ("sender:ana by:ana", []),
    ],
)
def test_an_index_finds_what_all_its_ways_can_find(text: str, terms: list[str]) -> None:
    assert split_by_index(read(text).tree).indexed == tuple(read(term).tree for term in terms)
