"""The mark on a scrollbar stands where the view stands."""

import pytest

from tui.widgets.scroll_mark import ScrollMark


def drawn(position: float, *, virtual: int = 40, window: int = 10) -> str:
    """Return the track from top to bottom, ten cells of it."""
    bar = ScrollMark.render_bar(10, virtual, window, position)
    return "".join(segment.text for segment in bar.segments)


@pytest.mark.parametrize(("position", "cell"), [(0, 0), (15, 4), (30, 9), (99, 9)])
def test_the_mark_stands_where_the_view_stands(position: float, cell: int) -> None:
    assert drawn(position) == "▐".rjust(cell + 1).ljust(10)


@pytest.mark.parametrize(("virtual", "window"), [(10, 10), (5, 10), (40, 0)])
def test_there_is_no_mark_while_all_is_in_view(virtual: int, window: int) -> None:
    assert drawn(0, virtual=virtual, window=window) == " " * 10


def test_the_mouse_takes_the_mark_and_turns_pages_beside_it() -> None:
    bar = ScrollMark.render_bar(10, 40, 10, 15)

    presses = [segment.style.meta["@mouse.down"] for segment in bar.segments if segment.style]

    assert presses == ["scroll_up"] * 4 + ["grab"] + ["scroll_down"] * 5
