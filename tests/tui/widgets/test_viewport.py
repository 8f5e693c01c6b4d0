"""Which rows are in view, and where the cursor and the thumb of the scrollbar stand."""

from hypothesis import given
from hypothesis import strategies as st

from tui.widgets.sends.viewport import Viewport

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
