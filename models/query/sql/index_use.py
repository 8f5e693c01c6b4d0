"""Which terms of a filter an index can answer."""

from collections.abc import Sequence
from dataclasses import dataclass

from models.query.keys import TEXT_COLUMNS
from models.query.tree import (
    And,
    Compare,
    Match,
    Node,
    Or,
    Phrase,
    SortKey,
    Whole,
    Word,
    conjunction,
    top_terms,
)
from models.rules.send_columns import DEFAULT_SORT

_INDEXED_KEYS = frozenset(
    {"status", "stage", "owner", "is", "urgency", "age", "since", "due", "created", "in"}
    | {"recipient", "email", "company", "campaign", "id", "tracking", "batch"}
)
_WHOLE_INDEXED = frozenset({"recipient", "email", "company", "campaign"})
"""The keys whose columns have an index in lower case, which finds a whole field."""
_TRIAGE = Match("is", (Word("triage"),))
_SHORT = 2
"""Texts up to this length have no trigram."""
_KEYS_ON_SORT_COLUMN = {
    "due": frozenset({"due"}),
    "age": frozenset({"since", "age"}),
    "created": frozenset({"created"}),
}
"""By sort key: the filter keys that compare the column the list is sorted by."""


@dataclass(frozen=True, slots=True)
class IndexUse:
    """The terms of a filter; `on_sort_column` AND `remaining` mean the same as the whole filter."""

    indexed: tuple[Node, ...]
    """The terms that an index of columns or texts can answer without reading other sends."""
    on_sort_column: Node
    """The terms that compare the column the list is sorted by: bounds of a scan in that order."""
    remaining: Node
    """All other terms."""


def split_by_index(tree: Node, sort: Sequence[SortKey] = ()) -> IndexUse:
    """Return the terms of *tree*, sorted by how a list in the order of *sort* can look them up."""
    terms = top_terms(tree)
    keys = _KEYS_ON_SORT_COLUMN.get(sort[0].key if sort else DEFAULT_SORT, frozenset())
    on_sort_column = tuple(
        term for term in terms if isinstance(term, Match | Compare) and term.key in keys
    )
    return IndexUse(
        indexed=tuple(filter(_is_indexed, terms)),
        on_sort_column=conjunction(on_sort_column),
        remaining=conjunction(tuple(term for term in terms if term not in on_sort_column)),
    )


def is_covered(tree: Node, sort: Sequence[SortKey] = ()) -> bool:
    """Return whether one index has all that *tree* asks for and *sort* orders by: that of triage has."""
    keys = [each.key for each in sort] or [DEFAULT_SORT]
    return keys == ["due"] and tuple(top_terms(tree)) == (_TRIAGE,)


def _is_indexed(node: Node) -> bool:
    match node:
        case Phrase(text):
            return _is_indexed_text(text)
        case Match(key, values) if key in TEXT_COLUMNS:
            words = (value.text for value in values if isinstance(value, Word))
            is_whole = any(isinstance(value, Whole) for value in values)
            known = _WHOLE_INDEXED if is_whole else _INDEXED_KEYS
            return key in known and all(map(_is_indexed_text, words))
        case Match(key) | Compare(key):
            return key in _INDEXED_KEYS
        case And(terms):
            return any(map(_is_indexed, terms))
        case Or(terms):
            return all(map(_is_indexed, terms))
        case _:
            return False


def _is_indexed_text(text: str) -> bool:
    """Whether an index finds *text*.

    The trigram index needs three characters. Shorter ASCII texts are searched as the beginning of a
    field, which the indexes of the columns answer; shorter texts in other scripts may stand anywhere
    in it.
    """
    return len(text) > _SHORT or text.isascii()
