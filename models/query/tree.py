"""The filter as a tree: what it means, whatever way it was typed and whatever SQL it becomes."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, NamedTuple

Operator = Literal["<", "<=", ">", ">="]
DurationUnit = Literal["m", "h", "d", "w", "bd", "bh"]


@dataclass(frozen=True, slots=True)
class Word:
    """A literal word, or the name of one of a fixed set of values."""

    text: str


@dataclass(frozen=True, slots=True)
class Whole:
    """All that a text field holds, in whatever case."""

    text: str


@dataclass(frozen=True, slots=True)
class Special:
    """A value that stands for something else: `@me`, or `@none` for an empty field."""

    name: Literal["me", "none"]


@dataclass(frozen=True, slots=True)
class StatusWord:
    """A status of one provider, or of every provider that has it when *provider* is empty."""

    slug: str
    provider: str = ""


@dataclass(frozen=True, slots=True)
class Duration:
    """A span of time; a negative one lies in the past."""

    amount: int
    unit: DurationUnit
    negative: bool = False


@dataclass(frozen=True, slots=True)
class Period:
    """A part of the calendar by its canonical word, such as `this-week` or `2026-03`; or `now`."""

    word: str


@dataclass(frozen=True, slots=True)
class Amount:
    """Money in major units of whatever currency the send has."""

    value: Decimal


Scalar = Duration | Period | Amount
"""A value that has an order."""


@dataclass(frozen=True, slots=True)
class Range:
    """Everything from *low* to *high*, both included; an end that is None is open."""

    low: Scalar | None
    high: Scalar | None


@dataclass(frozen=True, slots=True)
class ViewName:
    """A saved view and the filter it stands for."""

    name: str
    tree: "Node" = field(hash=False)
    """Not hashed: views that refer to views share subtrees, and a hash would visit each once for every
    path to it, exponentially often."""


Value = Word | Whole | Special | StatusWord | Scalar | Range | ViewName


@dataclass(frozen=True, slots=True)
class Phrase:
    """Text to be found in any searched field."""

    text: str


@dataclass(frozen=True, slots=True)
class Match:
    """A key has one of the values."""

    key: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Compare:
    """A key lies on one side of a value."""

    key: str
    operator: Operator
    value: Scalar


@dataclass(frozen=True, slots=True)
class Not:
    """The term does not hold."""

    term: "Node"


@dataclass(frozen=True, slots=True)
class And:
    """All terms hold; without terms it means every send."""

    terms: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one term holds."""

    terms: tuple["Node", ...]


Node = And | Or | Not | Match | Compare | Phrase
EVERYTHING = And(())


class SortKey(NamedTuple):
    """One column to sort by."""

    key: str
    descending: bool = False


def conjunction(terms: tuple[Node, ...]) -> Node:
    """Return the tree that means all of *terms* together."""
    return terms[0] if len(terms) == 1 else And(terms)


def top_terms(tree: Node) -> tuple[Node, ...]:
    """Return the terms that *tree* joins with AND, in their order; a tree of one term is that term."""
    return tree.terms if isinstance(tree, And) else (tree,)


def children(node: Node) -> tuple[Node, ...]:
    """Return the nodes directly below *node*; the tree of a saved view counts as one."""
    match node:
        case And(terms) | Or(terms):
            return terms
        case Not(term):
            return (term,)
        case Match(values=values):
            return tuple(value.tree for value in values if isinstance(value, ViewName))
        case _:
            return ()


def walk(tree: Node) -> Iterator[tuple[int, Node]]:
    """Yield each node of *tree* with its depth, counted from 1, without recursion."""
    ahead = [(1, tree)]
    while ahead:
        depth, node = ahead.pop()
        yield depth, node
        ahead.extend((depth + 1, child) for child in children(node))
