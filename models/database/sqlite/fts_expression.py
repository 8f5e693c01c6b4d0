"""Terms and filters as expressions of FTS5, with which the trigram index of a file is searched."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from models.query.keys import SEARCHED_COLUMNS, TEXT_COLUMNS
from models.query.tree import And, Match, Node, Or, Phrase, ViewName, Word
from models.values.spelling import spellings

GRAM = 3
"""Letters of a trigram; the index knows nothing of shorter terms."""
_MOST_GRAMS = 40
"""Trigrams of one term. More would not narrow the search further, and FTS5 refuses long expressions."""
_ENOUGH = 2
"""How many trigrams that are not common narrow a search so far that the common ones are left out."""
IsCommon = Callable[[str], bool]
"""Returns whether so many sends have a trigram that it narrows a search little."""
_INDEXED_KEYS = frozenset(
    key for key, columns in TEXT_COLUMNS.items() if set(columns) <= set(SEARCHED_COLUMNS)
)
_TRACKING_KEY = "tracking"


@dataclass(frozen=True, slots=True)
class MatchExpression:
    """What stands behind MATCH; it finds every send that is wanted, and perhaps others.

    Attributes:
        text: In the language of FTS5.
        tracking_numbers: Terms that may also be the tracking number of a shipment; those are not in the
            index.
    """

    text: str
    tracking_numbers: frozenset[str] = frozenset()

    @classmethod
    def of_term(cls, term: str, is_common: IsCommon) -> "MatchExpression":
        """Return the expression for a term that has three letters at least in each of its spellings.

        Of each spelling it has trigrams side by side, not one from each letter on: they narrow the search nearly as much,
        and there are only a third as many. Of `1Z999AA100` two thirds of all sends have the first two,
        and to read those took three quarters of the time.
        """
        several = [_grams(form, is_common) for form in spellings(term)]
        return cls(
            several[0] if len(several) == 1 else " OR ".join(f"({each})" for each in several)
        )

    @classmethod
    def of_tree(cls, tree: Node, is_common: IsCommon) -> "MatchExpression | None":
        """Return the expression for a filter, or None if the index cannot narrow it."""

        def of_each(several: Iterable[Node]) -> "list[MatchExpression | None]":
            return [cls.of_tree(each, is_common) for each in several]

        match tree:
            case Phrase(text) if _is_long(text):
                return cls(cls.of_term(text, is_common).text, frozenset({text}))
            case Match(key, values) if key in _INDEXED_KEYS:
                words = [value.text for value in values if isinstance(value, Word)]
                if len(words) < len(values) or not all(map(_is_long, words)):
                    return None
                numbers = words if key == _TRACKING_KEY else []
                return cls._joined("OR", [cls.of_term(word, is_common) for word in words], numbers)
            case Match("in", values):
                trees = tuple(each.tree for each in values if isinstance(each, ViewName))
                return cls.of_tree(Or(trees), is_common)
            case And(terms):
                # A term that the index does not know narrows the search later: it is left out here.
                return cls._joined("AND", filter(None, of_each(terms)))
            case Or(terms):
                found = [each for each in of_each(terms) if each is not None]
                return cls._joined("OR", found) if len(found) == len(terms) else None
            case _:
                return None

    @classmethod
    def _joined(
        cls, word: str, parts: Iterable["MatchExpression"], numbers: Iterable[str] = ()
    ) -> "MatchExpression | None":
        several = list(parts)
        text = f" {word} ".join(f"({each.text})" for each in several)
        all_numbers = frozenset(numbers).union(*(each.tracking_numbers for each in several))
        return cls(text, all_numbers) if several else None


def _is_long(term: str) -> bool:
    """Whether the index knows every spelling of *term*."""
    return min(map(len, spellings(term))) >= GRAM


def _grams(term: str, is_common: IsCommon) -> str:
    last = len(term) - GRAM
    starts = (*range(0, last, GRAM), last)
    grams = list(dict.fromkeys(term[start : start + GRAM] for start in starts))[:_MOST_GRAMS]
    if len(grams) > _ENOUGH:
        rare = [gram for gram in grams if not is_common(gram)]
        grams = rare if len(rare) >= _ENOUGH else grams
    return " AND ".join(map(quoted, grams))


def quoted(gram: str) -> str:
    """Return a trigram as FTS5 takes it."""
    return '"' + gram.replace('"', '""') + '"'
