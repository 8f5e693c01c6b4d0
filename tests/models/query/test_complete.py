"""What is offered at the cursor of a filter."""

from datetime import UTC, datetime

import pytest

from models.errors import BadQuery
from models.query import FILTER_KEYS, complete, dated_words, is_at_cursor, may_go_on, parse
from models.values.calendar import Calendar

NOW = datetime(2026, 11, 20, 9, 41, tzinfo=UTC)
"""A Friday."""


def texts(marked: str, **known: dict[str, str]) -> list[str]:
    """Return what *marked* becomes with each completion; `|` is the cursor."""
    cursor = marked.index("|")
    text = marked.replace("|", "")
    found = complete(text, cursor, known)
    return [text[: each.start] + each.text + text[each.end :] for each in found]


@pytest.mark.parametrize(
    ("marked", "first"),
    [
        ("sta|", "status:"),
        ("a -sta|", "a -status:"),
        ("sta|tus:x", "status:x"),
        ("(tri|", "(is:triage"),
        ("is:tri|", "is:triage"),
        ("@m|", "@me"),
        ("status:del|", "status:delivered"),
        ("status:processing|", "status:order_received"),
        ("status:shipped,del|", "status:shipped,delivered"),
        ("status:sh|,paid b", "status:shipped,paid b"),
        ("sort:-cr|", "sort:-created"),
        ("sort:due,cr|", "sort:due,created"),
        ("owner:@|", "owner:@me"),
        ("owner:|", "owner:me"),
        ("owner:no|", "owner:nobody"),
        ("by:|", "by:@me"),
        ("in:mi|", "in:Mine"),
        ("created:yes|", "created:yesterday"),
        ("age>7|", "age>7d"),
        ("due:|", "due:past"),
        ("due:to|", "due:today"),
        ("due:we|", "due:wed"),
        ("created:last|", "created:last-week"),
        ('x) type:"eg|', 'x) type:egift'),
    ],
)  # fmt: skip
def test_the_best_comes_first(marked: str, first: str) -> None:
    assert texts(marked)[0] == first


def test_values_from_the_desk_bring_their_counts_and_quotes() -> None:
    owners = {"raj": "3", "Jo Ann": "12"}
    assert texts("owner:j|", owner=owners)[:1] == ['owner:"Jo Ann"']
    assert texts('owner:raj,"Jo|', owner=owners) == ['owner:raj,"Jo Ann"']
    assert complete("owner:ra", 8, {"owner": owners})[0].help == "3"


def test_nothing_is_offered_inside_a_phrase_or_after_an_unknown_key() -> None:
    assert texts('"sta|') == []
    assert texts("foo:|") == []


def test_an_empty_line_offers_every_key_first() -> None:
    assert texts("|")[: len(FILTER_KEYS)] == [f"{key}:" for key in FILTER_KEYS]


def test_what_is_offered_for_due_says_which_days_are_meant() -> None:
    found = complete("due:", 4, dated_words(NOW, Calendar()))
    assert [(each.text, each.help) for each in found[:5]] == [
        ("past", "the limit is over"),
        ("today", "Fri 20 Nov"),
        ("tomorrow", "Sat 21 Nov"),
        ("this-week", "Mon 16 Nov to Sun 22 Nov"),
        ("next-week", "Mon 23 Nov to Sun 29 Nov"),
    ]
    created = {
        each.text: each.help for each in complete("created:", 8, dated_words(NOW, Calendar()))
    }
    assert created["last-month"] == "Thu 01 Oct to Sat 31 Oct"
    assert created["mon"] == "Mon 16 Nov"


def test_me_and_nobody_bring_their_counts() -> None:
    owners = {"@me": "12 sends", "@none": "34 sends", "raj": "3 sends"}
    found = complete("owner:", 6, {"owner": owners})
    assert [(each.text, each.help) for each in found] == [
        ("me", "12 sends"), ("nobody", "34 sends"), ("raj", "3 sends")
    ]  # fmt: skip


@pytest.mark.parametrize("typed", ["sta|", "o|", "-ow|", "ove|", "a sta|", "sta| b", "@m|", "owner:j|",
                                   'owner:"Jo A|', "owner:raj,j|", "id:S-10|"])  # fmt: skip
def test_a_word_may_go_on(typed: str) -> None:
    cursor = typed.index("|")
    assert may_go_on(typed.replace("|", ""), cursor, {"owner": {"jo": "", "Jo Ann": "", "raj": ""}})


@pytest.mark.parametrize("typed", ["sta |", "souza|", "over|", "status:failed|", "owner:jo|", "owner:me|",
                                   "owner:zed|", "recipient:sta|", '"sta|', "|", "xyz:a|", "owner:|"])  # fmt: skip
def test_a_word_means_something_as_it_is(typed: str) -> None:
    cursor = typed.index("|")
    assert not may_go_on(typed.replace("|", ""), cursor, {"owner": {"jo": "", "joan": ""}})


@pytest.mark.parametrize(
    ("typed", "is_typed"),
    [
        ("status:fai|", True),
        ("status:fai |", False),
        ("status:fai | a", False),
        ("status:fai|,sent", True),
        ("a age>7|", True),
        ("age>7 a|", False),
        ("statos:|", True),
        ("(a |", True),
        ('"a b|', True),
        ("status: |", True),
        ("a OR |", True),
        ("a) b|", False),
    ],
)
def test_an_error_is_about_what_is_being_typed(typed: str, is_typed: bool) -> None:
    cursor = typed.index("|")
    text = typed.replace("|", "")
    with pytest.raises(BadQuery) as refused:
        parse(text, me="ana", now=NOW)
    assert is_at_cursor(refused.value, text, cursor) is is_typed
