"""The arithmetic under the list: windows in memory, the view and its cursor, answers from a thread."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.records import SendRecord
from tests.support.sample_cases import sample_send
from tui.widgets.sends.background_reader import BackgroundReader
from tui.widgets.sends.row_cache import RowCache
from tui.widgets.sends.viewport import Viewport


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


MOVES = st.lists(
    st.tuples(st.sampled_from(["move", "centre", "page", "scroll_to", "total", "rows"]), st.integers(-50, 1500)),
    max_size=30,
)  # fmt: skip


@given(MOVES)
def test_the_cursor_is_always_in_view_and_the_view_in_the_list(
    moves: list[tuple[str, int]],
) -> None:
    view = Viewport(total=1000, rows=20)
    for name, value in moves:
        if name in ("total", "rows"):
            view.fit(**{name: max(value, 0)})
        else:
            getattr(view, name)(value)
        assert 0 <= view.top <= view.furthest
        assert view.top <= view.cursor <= max(view.bottom - 1, 0)
        thumb = view.thumb(view.rows)
        assert all(0 <= cell < view.rows for cell in thumb)
        assert bool(thumb) == (view.total > view.rows)


def test_the_view_follows_by_half_a_page() -> None:
    view = Viewport(total=100, rows=20)
    view.move(20)
    assert (view.top, view.cursor) == (10, 20)
    view.move(9)
    assert (view.top, view.cursor) == (0, 9)
    view.move(77)
    assert view.top == 58
    view.centre(30)
    assert (view.top, view.cursor) == (20, 30)


def test_both_ends_of_the_scrollbar_are_both_ends_of_the_list() -> None:
    view = Viewport(total=1_000_000, rows=20)
    assert list(view.thumb(20)) == [0]
    view.scroll_to(view.top_at(19, 20))
    assert (view.top, list(view.thumb(20))) == (999_980, [19])
    assert view.top_at(-4, 20) == 0


def test_answers_come_back_once_and_on_the_thread_that_asked() -> None:
    woken = threading.Event()
    taken: list[tuple[str, int]] = []
    with ThreadPoolExecutor(1) as executor:
        reader = BackgroundReader(executor, woken.set)
        reader.ask(
            "a", lambda: "first", lambda answer: taken.append((answer, threading.get_ident()))
        )
        reader.ask(
            "a", lambda: "again", lambda answer: taken.append((answer, threading.get_ident()))
        )
        assert woken.wait(20)
        assert taken == []
        reader.collect()
        reader.collect()
    assert taken == [("first", threading.get_ident())]


def test_what_was_forgotten_is_neither_run_nor_taken() -> None:
    gate = threading.Event()
    ran: list[str] = []
    taken: list[object] = []
    with ThreadPoolExecutor(1) as executor:
        reader = BackgroundReader(executor, lambda: None)
        reader.ask("held", gate.wait, taken.append)
        reader.ask("queued", lambda: ran.append("queued"), taken.append)
        reader.ask("kept", lambda: "kept", taken.append)
        reader.forget(unless=lambda key: key == "kept")
        gate.set()
        reader.wait(["kept", "held", "queued"], 20)
    assert (ran, taken) == ([], ["kept"])


def test_an_answer_that_forgets_the_others_ends_the_collection() -> None:
    taken: list[str] = []
    with ThreadPoolExecutor(1) as executor:
        reader = BackgroundReader(executor, lambda: None)

        def take(answer: str) -> None:
            taken.append(answer)
            reader.forget()

        reader.ask(1, lambda: "one", take)
        reader.ask(2, lambda: "two", take)
        executor.submit(int).result(20)
        reader.collect()
    assert taken == ["one"]


def test_a_failure_leaves_the_other_answers_for_the_next_time() -> None:
    taken: list[int] = []
    with ThreadPoolExecutor(1) as executor:
        reader = BackgroundReader(executor, lambda: None)
        reader.ask("bad", lambda: 1 // 0, taken.append)
        reader.ask("good", lambda: 7, taken.append)
        executor.submit(int).result(20)
        with pytest.raises(ZeroDivisionError):
            reader.collect()
        reader.collect()
    assert taken == [7]
