"""The canonical text of a filter; parsing it gives the same tree."""

import re
from collections.abc import Sequence

from models.query.keys import FLAGS
from models.query.tree import (
    Amount,
    And,
    Compare,
    Duration,
    Match,
    Node,
    Not,
    Or,
    Period,
    Phrase,
    Range,
    SortKey,
    Special,
    StatusWord,
    Value,
    ViewName,
    Whole,
    Word,
)

_BARE_VALUE = re.compile(r"[^\s\",()<>=@\\][^\s\",()<>\\]*")
_BARE_PHRASE = re.compile(r"[^\s\",()<>:=@#!\\-][^\s\"()<>:=\\]*")
_RESERVED = frozenset({*FLAGS, "or", "and", "not"})
_PEOPLE = frozenset({"me", "none", "nobody"})
"""Words that mean no name where a person is meant; a name that is spelled like one is quoted."""


def written(tree: Node, sort: Sequence[SortKey] = ()) -> str:
    """Return *tree* and *sort* as text."""
    # `sort:` holds for the whole filter; without parentheses it would belong to the last term of OR.
    whole = f"({_node(tree)})" if sort and isinstance(tree, Or) else _node(tree)
    return f"{whole} {_sort(sort)}".strip() if sort else whole


def quote(text: str) -> str:
    """Return *text* between quotes."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def value(item: Value) -> str:
    """Return one value as text."""
    match item:
        case Word(text):
            return _word(text)
        case Whole(text):
            return f"={_word(text) if text.isascii() else quote(text)}"
        case Special(name):
            return f"@{name}"
        case StatusWord(slug, provider):
            return f"{provider}:{slug}" if provider else slug
        case Duration(amount, unit, negative):
            return f"{'-' if negative else ''}{amount}{unit}"
        case Period(word):
            return word
        case Amount(number):
            return str(number)
        case Range(low, high):
            return f"{value(low) if low else ''}..{value(high) if high else ''}"
        case ViewName(name):
            return _word(name)


def _node(node: Node) -> str:
    match node:
        case Or(terms):
            return " OR ".join(
                f"({_node(each)})" if isinstance(each, Or) else _node(each) for each in terms
            )
        case And(terms):
            return " ".join(_group(each) for each in terms)
        case Not(term):
            return f"-{_group(term)}"
        case Match(key, values):
            return f"{key}:{','.join(map(value, values))}"
        case Compare(key, operator, limit):
            return f"{key}{operator}{value(limit)}"
        case Phrase(text):
            bare = _BARE_PHRASE.fullmatch(text) and text.lower() not in _RESERVED
            return text if bare else quote(text)


def _group(node: Node) -> str:
    return f"({_node(node)})" if isinstance(node, And | Or) else _node(node)


def _word(text: str) -> str:
    bare = _BARE_VALUE.fullmatch(text) and text.lower() not in _PEOPLE
    return text if bare else quote(text)


def _sort(sort: Sequence[SortKey]) -> str:
    return "sort:" + ",".join(f"{'-' if each.descending else ''}{each.key}" for each in sort)
