"""Lines are broken between words, by the cells that their characters take."""

from tui.plain.wrapping import cells, wrapped


def test_a_line_is_broken_between_words() -> None:
    assert wrapped("one two three four", 9) == ["one two", "three", "four"]


def test_what_fits_stays_as_it_is() -> None:
    assert wrapped("one  two", 8) == ["one  two"]


def test_further_lines_are_indented_and_fit_too() -> None:
    lines = wrapped("1. one two three four five", 10, indent=3)
    assert lines == ["1. one two", "   three", "   four", "   five"]
    assert max(map(cells, lines)) <= 10


def test_a_word_that_is_too_long_is_broken() -> None:
    assert wrapped("see https://track.example/1Z999", 12) == [
        "see",
        "https://trac",
        "k.example/1Z",
        "999",
    ]


def test_wide_characters_take_two_cells_and_marks_none() -> None:
    assert cells("株式") == 4
    assert cells("e\u0301") == 1
    assert wrapped("株式会社さくら", 6) == ["株式会", "社さく", "ら"]


def test_without_a_width_nothing_is_broken() -> None:
    assert wrapped("one two\nthree", 0) == ["one two", "three"]


def test_an_empty_line_stays_one() -> None:
    assert wrapped("", 20) == [""]
    assert wrapped("one\n\ntwo", 20) == ["one", "", "two"]
