"""What an index of trigrams is asked for a filter."""

from collections.abc import Iterable
from dataclasses import dataclass

from models.query.keys import SEARCHED_COLUMNS, TEXT_COLUMNS
from models.query.tree import And, Match, Node, Or, Phrase, ViewName, Word

_LENGTH = 3
_MOST = 40
"""More would not narrow the search further, and the index refuses very long questions."""
_INDEXED = frozenset(
    key for key, columns in TEXT_COLUMNS.items() if set(columns) <= set(SEARCHED_COLUMNS)
)
_OF_PARCELS = "tracking"


@dataclass(frozen=True, slots=True)
class Trigrams:
    """A question in the language of FTS5, which finds at least what is wanted."""

    expression: str
    numbers: frozenset[str] = frozenset()
    """What may also be the tracking number of a parcel, which the index does not have."""

    @classmethod
    def of(cls, term: str) -> "Trigrams":
        """Return the question for a term of three letters or more."""
        # Side by side they say nearly as much as all that overlap, for a third of the work.
        last = len(term) - _LENGTH
        places = (*range(0, last, _LENGTH), last)
        grams = dict.fromkeys(term[at : at + _LENGTH] for at in places)
        return cls(" AND ".join(map(_quoted, list(grams)[:_MOST])))

    @classmethod
    def in_tree(cls, tree: Node) -> "Trigrams | None":
        """Return the question for a filter, or None if the index knows nothing of it."""
        match tree:
            case Phrase(text) if len(text) >= _LENGTH:
                return cls(cls.of(text).expression, frozenset({text}))
            case Match(key, values) if key in _INDEXED:
                words = [value.text for value in values if isinstance(value, Word)]
                if len(words) < len(values) or any(len(word) < _LENGTH for word in words):
                    return None
                numbers = words if key == _OF_PARCELS else []
                return cls._joined("OR", map(cls.of, words), numbers)
            case Match("in", values):
                trees = tuple(each.tree for each in values if isinstance(each, ViewName))
                return cls.in_tree(Or(trees))
            case And(terms):
                return cls._joined("AND", filter(None, map(cls.in_tree, terms)))
            case Or(terms):
                found = [each for each in map(cls.in_tree, terms) if each is not None]
                return cls._joined("OR", found) if len(found) == len(terms) else None
            case _:
                return None

    @classmethod
    def _joined(
        cls, word: str, parts: Iterable["Trigrams"], numbers: Iterable[str] = ()
    ) -> "Trigrams | None":
        several = list(parts)
        expression = f" {word} ".join(f"({each.expression})" for each in several)
        everyone = frozenset(numbers).union(*(each.numbers for each in several))
        return cls(expression, everyone) if several else None


def _quoted(gram: str) -> str:
    return '"' + gram.replace('"', '""') + '"'
