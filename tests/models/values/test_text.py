"""Text from outside: visible, bounded, exact where it must come back."""

import csv
import io
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.values.text import (
    display_text,
    safe_link,
    spreadsheet_plain,
    spreadsheet_safe,
    storable,
)
from tests.support.hostile import FORMULAS, GOOD_URLS, HOSTILE, HUGE, UNICODE, URLS
from tests.support.terminal import scan

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=80)
INVISIBLE_CATEGORIES = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def by_name(values: dict[str, str]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("value", values.values(), ids=values)


@by_name(HOSTILE)
def test_nothing_hostile_reaches_the_terminal(value: str) -> None:
    assert scan(display_text(value).encode()) == []


@given(ANY_TEXT)
def test_no_text_holds_what_cannot_be_seen(value: str) -> None:
    shown = display_text(value)
    unseen = {c for c in shown if unicodedata.category(c) in INVISIBLE_CATEGORIES} - {"\u200d"}
    assert unseen == set()


@given(ANY_TEXT, st.integers(1, 40))
def test_the_limit_holds_and_what_is_safe_stays_as_it_is(value: str, limit: int) -> None:
    shown = display_text(value, limit)
    assert len(shown) <= limit
    assert display_text(shown, limit) == shown


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=200))
def test_plain_text_is_not_touched(value: str) -> None:
    assert display_text(value) == value


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("a\x1b[31mb", "a␛[31mb"),
        ("a\x00\x7fb", "a␀␡b"),
        ("a\x9bb\ud800c", "a�b�c"),
        ("\u202etxt.exe", "‹RLO›txt.exe"),
        ("Del\u200bivered", "Del·ivered"),
        ("one\ntwo\r\nthree\rfour", "one⏎two⏎three␍four"),
        ("Acme [/] Inc", "Acme [/] Inc"),
    ],
)
def test_what_is_not_text_is_made_visible(value: str, shown: str) -> None:
    assert display_text(value) == shown


@pytest.mark.parametrize(
    "name", ["composed", "decomposed", "cjk", "family", "hebrew", "arabic", "indic", "hangul"]
)
def test_the_worlds_scripts_stay_whole(name: str) -> None:
    assert display_text(UNICODE[name]) == UNICODE[name]


@pytest.mark.parametrize("name", ["zalgo", "enclosing", "thai marks", "joiners"])
def test_marks_do_not_pile_up(name: str) -> None:
    assert not re.search("[\u0300-\u036f\u20dd\u0e47\u200d]{5}", display_text(UNICODE[name]))


def test_several_lines_stay_lines_and_are_counted() -> None:
    assert display_text("a\r\nb\nc", one_line=False) == "a\nb\nc"
    many = display_text("x\n" * 900, 5000, one_line=False, lines=10)
    assert many.count("\n") == 9
    assert many.endswith("…")


def test_a_cut_is_marked_and_cuts_no_emoji_in_half() -> None:
    assert display_text("abcdef", 4) == "abc…"
    assert display_text("ab👩\u200d👩", 5) == "ab👩\u200d👩"
    assert display_text("ab👩\u200d👩", 4) == "ab👩…"
    assert display_text("a" + "\u0301" * 9000).endswith("…")


@by_name(HUGE)
def test_a_huge_text_is_bounded(value: str) -> None:
    assert len(display_text(value)) == 500
    assert len(storable(value, 2000)) == 2000
    assert display_text(value, 10**6, one_line=False).count("\n") < 200


def test_what_is_stored_is_what_came() -> None:
    assert storable("a\x1b[31m\u202eb\n", 100) == "a\x1b[31m\u202eb\n"
    assert storable("a\x00b\ud800c", 100) == "a�b�c"
    assert storable("abcdef", 4) == "abc…"


@given(ANY_TEXT)
def test_what_is_stored_can_be_stored(value: str) -> None:
    kept = storable(value, 40)
    assert len(kept) <= 40
    assert "\x00" not in kept
    assert kept.encode().decode() == kept


@by_name(FORMULAS)
def test_no_cell_is_a_live_formula(value: str) -> None:
    first = spreadsheet_safe(value).lstrip(" \u00a0\ufeff\u200b")[0]
    assert first not in "=+-@\t\r\n＝＋－＠"


@pytest.mark.parametrize("number", ["-12.50", "+3", "-1,234.50", "42", "-7%"])
def test_a_number_stays_a_number(number: str) -> None:
    assert spreadsheet_safe(number) == number


@given(st.one_of(ANY_TEXT, st.sampled_from(list(FORMULAS.values()))))
def test_a_cell_comes_back_from_the_spreadsheet_exactly(cell: str) -> None:
    assert spreadsheet_plain(spreadsheet_safe(cell)) == cell


def test_a_cell_comes_back_through_a_real_file() -> None:
    file = io.StringIO(newline="")
    csv.writer(file).writerow(map(spreadsheet_safe, FORMULAS.values()))
    file.seek(0)
    assert [spreadsheet_plain(cell) for cell in next(csv.reader(file))] == list(FORMULAS.values())


@by_name(URLS)
def test_a_hostile_link_is_not_opened(value: str) -> None:
    assert safe_link(value) is None


@pytest.mark.parametrize("url", GOOD_URLS)
def test_a_plain_link_is_opened_as_it_is(url: str) -> None:
    assert safe_link(url) == url


@given(st.text(st.sampled_from("htps:/.@\\-a1 \n\x00?#[]%e"), max_size=30))
def test_a_link_never_looks_like_an_option_or_hides_its_host(tail: str) -> None:
    link = safe_link(f"http://{tail}")
    assert link is None or re.match(r"http://[a-z0-9.-]+(?=[:/?#]|\Z)", link)


def test_a_mark_that_comes_first_sits_on_nothing_else() -> None:
    assert display_text("\u0301abc") == "◌\u0301abc"
    assert display_text("a\u0301bc") == "a\u0301bc"
