"""What a reader can tell from a filter before it asks the database."""

from collections.abc import Sequence
from dataclasses import dataclass

from models.query.keys import EVENT_KEYS
from models.query.tree import And, Compare, Match, Node, Or, Phrase, SortKey, conjunction, top_terms

_FOUND_BY_AN_INDEX = frozenset(
    {"status", "stage", "owner", "is", "urgency", "age", "since", "due", "created", "in"}
    | {"recipient", "email", "company", "campaign", "id", "tracking"}
)
_OF_THE_COLUMN = {
    "due": frozenset({"due"}),
    "since": frozenset({"since", "age"}),
    "created": frozenset({"created"}),
}
"""By what a list is sorted by, the keys that ask about the same column."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A filter taken apart; *along* and *rest* together ask for the same as the whole."""

    narrow: Node | None
    """What an index finds without looking at any other send; None where none does."""
    along: Node
    """What is asked about the column that the list is sorted by."""
    rest: Node
    """What is asked besides."""
    asks_history: bool
    """Whether only the history can tell, as far as no index does."""


def shape(tree: Node, sort: Sequence[SortKey] = ()) -> Shape:
    """Take *tree* apart for a list in the order of *sort*."""
    terms = top_terms(tree)
    narrow = tuple(term for term in terms if _is_found_by_an_index(term))
    keys = _OF_THE_COLUMN.get(sort[0].key if sort else "due", frozenset())
    along = tuple(term for term in terms if isinstance(term, Match | Compare) and term.key in keys)
    return Shape(
        narrow=conjunction(narrow) if narrow else None,
        along=conjunction(along),
        rest=conjunction(tuple(term for term in terms if term not in along)),
        asks_history=any(
            isinstance(term, Match | Compare) and term.key in EVENT_KEYS for term in terms
        ),
    )


def _is_found_by_an_index(node: Node) -> bool:
    match node:
        case Match(key) | Compare(key):
            return key in _FOUND_BY_AN_INDEX
        case Phrase():
            return True
        case And(terms):
            return any(map(_is_found_by_an_index, terms))
        case Or(terms):
            return all(map(_is_found_by_an_index, terms))
        case _:
            return False
