"""What a reader can tell from a filter before it asks the database."""

from dataclasses import dataclass

from models.query.catalogue_words import Pair, pairs_of
from models.query.tree import Match, Node, StatusWord, conjunction, top_terms


@dataclass(frozen=True, slots=True)
class Shape:
    """A filter taken apart: the statuses that it allows, and all the rest."""

    status_pairs: frozenset[Pair] | None
    """Each provider and slug that a send may have; None where any will do."""
    rest: Node
    """What the filter asks besides."""


def shape(tree: Node) -> Shape:
    """Take the plain `status:` terms that hold for the whole filter out of *tree*.

    `status_pairs` and `rest` together ask for the same as *tree*, so each status can be read on
    its own from the index on status and time.
    """
    pairs: frozenset[Pair] | None = None
    rest: list[Node] = []
    for term in top_terms(tree):
        if isinstance(term, Match) and term.key == "status":
            asked = frozenset(
                pair
                for word in term.values
                if isinstance(word, StatusWord)
                for pair in pairs_of(word)
            )
            pairs = asked if pairs is None else pairs & asked
        else:
            rest.append(term)
    return Shape(pairs, conjunction(tuple(rest)))
