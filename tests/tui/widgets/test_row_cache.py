"""Windows of rows in memory: what is known, what is missing, which goes first."""

import pytest

from models.records import SendRecord
from tests.support.sample_cases import sample_send
from tui.widgets.sends.row_cache import RowCache


def rows(start: int, count: int = 10) -> tuple[SendRecord, ...]:
    return tuple(sample_send(id=number) for number in range(start, start + count))


def test_a_row_is_known_by_its_place() -> None:
    cache = RowCache(size=10)
    cache.put(20, rows(120, 7))
    assert cache.row(26) == sample_send(id=126)
    assert (cache.row(27), cache.row(19)) == (None, None)
    assert cache.find(123) == 23
    assert cache.find(99) is None


@pytest.mark.parametrize(
    ("first", "stop", "starts"),
    [
        (0, 1, [0]),
        (0, 10, [0]),
        (0, 11, [0, 10]),
        (9, 31, [0, 10, 20, 30]),
        (-5, 5, [0]),
        (0, 0, []),
    ],
)
def test_where_windows_start(first: int, stop: int, starts: list[int]) -> None:
    assert list(RowCache(size=10).starts(first, stop)) == starts


def test_the_least_used_window_goes_first() -> None:
    cache = RowCache(size=10, most=3)
    for start in (0, 10, 20):
        cache.put(start, rows(start))
    assert cache.missing([0]) == []
    cache.put(30, rows(30))
    assert cache.missing([0, 10, 20, 30]) == [10]
    assert len(cache) == 3


def test_a_corrected_send_replaces_what_was_read_of_it_before() -> None:
    cache = RowCache(size=10)
    cache.put(0, rows(0))
    cache.invalidate(keep=True)
    cache.put(10, rows(10))
    newer = {number: sample_send(id=number, status="shipped") for number in (3, 14, 99)}

    cache.correct(newer)

    assert (cache.row(3), cache.row(14)) == (newer[3], newer[14])
    assert cache.row(4) == sample_send(id=4)
    assert cache.find(99) is None


def test_former_rows_stand_in_until_they_are_read_again() -> None:
    cache = RowCache(size=10, most=2)
    cache.put(0, rows(0))
    cache.invalidate(keep=True)
    assert cache.row(3) == sample_send(id=3)
    assert not cache.is_fresh(3)
    assert cache.missing([0]) == [0]
    assert cache.find(3) is None
    cache.put(0, rows(500))
    assert cache.row(3) == sample_send(id=503)
    cache.drop(3)
    assert cache.row(3) is None
    for start in (0, 10, 20):
        cache.put(start, rows(start))
        cache.invalidate(keep=True)
    assert [cache.row(place) is None for place in (0, 10, 20)] == [True, False, False]
    cache.invalidate(keep=False)
    assert cache.row(10) is None
