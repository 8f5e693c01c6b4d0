"""What is offered at the cursor of a filter."""

import pytest

from models.query import FILTER_KEYS, complete


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
        ("in:mi|", "in:Mine"),
        ("created:yes|", "created:yesterday"),
        ("age>7|", "age>7d"),
        ("due:|", "due:0d"),
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
