"""What a reader can tell from a filter before it asks the database."""

from collections.abc import Sequence
from dataclasses import dataclass

from models.query.keys import TEXTS_OF
from models.query.tree import (
    And,
    Compare,
    Match,
    Node,
    Or,
    Phrase,
    SortKey,
    Word,
    conjunction,
    top_terms,
)

_FOUND_BY_AN_INDEX = frozenset(
    {"status", "stage", "owner", "is", "urgency", "age", "since", "due", "created", "in"}
    | {"recipient", "email", "company", "campaign", "id", "tracking"}
)
_SHORT = 2
_OF_THE_COLUMN = {
    "due": frozenset({"due"}),
    "since": frozenset({"since", "age"}),
    "created": frozenset({"created"}),
}
"""By what a list is sorted by, the keys that ask about the same column."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A filter taken apart; *along* and *rest* together ask for the same as the whole."""

    narrow: tuple[Node, ...]
    """The terms whose sends an index finds without looking at any other."""
    along: Node
    """What is asked about the column that the list is sorted by."""
    rest: Node
    """What is asked besides."""


def shape(tree: Node, sort: Sequence[SortKey] = ()) -> Shape:
    """Take *tree* apart for a list in the order of *sort*."""
    terms = top_terms(tree)
    keys = _OF_THE_COLUMN.get(sort[0].key if sort else "due", frozenset())
    along = tuple(term for term in terms if isinstance(term, Match | Compare) and term.key in keys)
    return Shape(
        narrow=tuple(filter(_is_found_by_an_index, terms)),
        along=conjunction(along),
        rest=conjunction(tuple(term for term in terms if term not in along)),
    )


def _is_found_by_an_index(node: Node) -> bool:
    match node:
        case Phrase(text):
            return _is_indexed_text(text)
        case Match(key, values) if key in TEXTS_OF:
            words = (value.text for value in values if isinstance(value, Word))
            return key in _FOUND_BY_AN_INDEX and all(map(_is_indexed_text, words))
        case Match(key) | Compare(key):
            return key in _FOUND_BY_AN_INDEX
        case And(terms):
            return any(map(_is_found_by_an_index, terms))
        case Or(terms):
            return all(map(_is_found_by_an_index, terms))
        case _:
            return False


def _is_indexed_text(text: str) -> bool:
    """Whether an index has it: short texts only as beginnings, in a script that has capitals."""
    return len(text) > _SHORT or text.isascii()
