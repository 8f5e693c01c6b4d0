"""Builds the tree of a filter from the parse tree of its text."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, cast

from models.errors import BadQuery
from models.query.keys import FILTER_KEYS, FLAGS, ORDERED, FilterKey, KeyKind, key_called
from models.query.printer import quote
from models.query.refusals import quoted, unknown
from models.query.syntax import misplaced_operator, syntax_tree
from models.query.time_windows import Moments
from models.query.tree import (
    EVERYTHING,
    Amount,
    Compare,
    Match,
    Node,
    Not,
    Operator,
    Or,
    Phrase,
    Range,
    SortKey,
    Special,
    Value,
    ViewName,
    Word,
    conjunction,
)
from models.query.value_parser import Operand, read_scalar, read_values
from models.rules.send_columns import OLDER_SORTS, SORTS
from models.values.calendar import Calendar
from models.values.spelling import number_of, straight_quotes

if TYPE_CHECKING:
    from lark import Token, Tree

_LEAST_GROUPS = 3
"""How many groups side by side are one number; two may be a name and a number."""
_GROUP = re.compile("(?=.*[0-9])[0-9A-Za-z]{1,8}")
"""A part of a number that is written in groups."""
_VALUES_MAX = 60
"""How many values one term may list."""

_ASSIGNMENT = re.compile(r"(?P<key>[^\W\d]\w*)(?P<sign>!?=)(?P<value>.*)")


@dataclass(slots=True)
class TreeBuilder:
    """Builds the tree of one filter and of the views that it refers to."""

    me: str
    """Whom `@me` means; empty if nobody is known."""
    now: datetime
    """In UTC."""
    calendar: Calendar
    views: Mapping[str, tuple[str, str]]
    """The name and the text of each view, by its name in lower case."""
    open_views: tuple[str, ...] = ()
    """The views that are being read, outermost first; none of them may be referred to again."""
    read_views: dict[str, Node] = field(default_factory=dict)
    """The trees of the views that were read already."""
    sort: list[SortKey] = field(default_factory=list)
    """The sort keys met so far."""

    def read(self, text: str) -> Node:
        """Return the tree of *text*; its `sort:` goes to `order`.

        Raises:
            BadQuery: If it cannot be read.
        """
        # Most commands have no filter, and need no parser then.
        if not text:
            return EVERYTHING
        found = syntax_tree(straight_quotes(text))
        if not found.children:
            return EVERYTHING
        return self._disjunction(_subtree(found.children[0]), top=True)

    @property
    def order(self) -> tuple[SortKey, ...]:
        """The sort keys in their order; of a key that occurs twice, the first counts."""
        first: dict[str, SortKey] = {}
        for each in self.sort:
            first.setdefault(each.key, each)
        return tuple(first.values())

    def _disjunction(self, tree: "Tree[Token]", *, top: bool = False) -> Node:
        parts = [self._conjunction(_subtree(part), top=top) for part in tree.children]
        if len(parts) == 1:
            return conjunction(parts[0])
        if not all(parts):
            raise BadQuery("OR needs a condition on both sides.", _position(tree))
        return Or(tuple(conjunction(part) for part in parts))

    def _conjunction(self, tree: "Tree[Token]", *, top: bool) -> tuple[Node, ...]:
        terms: list[Node] = []
        for part in tree.children:
            node = self._term(_subtree(part), top=top)
            if node is not None:
                terms.append(node)
        return tuple(_with_numbers_joined(terms))

    def _term(self, tree: "Tree[Token]", *, top: bool) -> Node | None:
        *signs, atom = tree.children
        node = self._atom(_subtree(atom), top=top and not signs)
        if len(signs) % 2 == 0 or node is None:
            return node
        return node.term if isinstance(node, Not) else Not(node)

    def _atom(self, tree: "Tree[Token]", *, top: bool) -> Node | None:
        match tree.data:
            case "group":
                return self._disjunction(_subtree(tree.children[0]))
            case "phrase":
                token = cast("Token", tree.children[0])
                operand = _operand(token)
                if not operand.text.strip():
                    raise BadQuery("There is nothing between the quotes.", operand.position)
                return Phrase(operand.text)
            case "word":
                return self._word(cast("Token", tree.children[0]))
            case _:
                return self._pair(cast("list[Token]", tree.children), top=top)

    def _word(self, token: "Token") -> Node:
        text, position = str(token), token.start_pos or 0
        lower = text.lower()
        if lower in FLAGS:
            return self._match(FILTER_KEYS["is"], [Operand(lower, position)])
        if lower in ("@me", "@none"):
            return self._match(FILTER_KEYS["owner"], [Operand(lower, position)])
        if text.startswith("#") and len(text) > 1:
            return Match("id", (Word(text[1:]),))
        if lower == "or" or text in ("AND", "NOT"):
            raise misplaced_operator(text, position)
        if (found := _ASSIGNMENT.fullmatch(text)) and key_called(found["key"]):
            sign = "-" if found["sign"] == "!=" else ""
            hint = f"Write {sign}{found['key'].lower()}:{found['value'] or '…'}."
            raise BadQuery("Keys and values are joined by a colon.", position, hint)
        return Phrase(text)

    def _pair(self, tokens: "list[Token]", *, top: bool) -> Node | None:
        name, *rest = tokens
        key = _key(name)
        operands = [_operand(token, key) for token in rest if token.type != "OPERATOR"]
        if len(operands) > _VALUES_MAX:
            raise BadQuery(f"More than {_VALUES_MAX} values.", operands[_VALUES_MAX].position)
        if rest[0].type == "OPERATOR":
            return _compare(key, rest[0], operands)
        if key.kind is KeyKind.SORT:
            self._sort_by(operands, name.start_pos or 0, top=top)
            return None
        return self._match(key, operands)

    def _match(self, key: FilterKey, operands: list[Operand]) -> Match:
        values: dict[Value, None] = {}
        for operand in operands:
            found = (
                (self._view(operand),) if key.kind is KeyKind.VIEW else read_values(key, operand)
            )
            values.update(dict.fromkeys(found))
            if Special("me") in found or (key.name == "is" and Word("mine") in found):
                self._check_me(operand.position)
            for each in found:
                if isinstance(each, Range):
                    self._check_range(key, each, operand)
        return Match(key.name, tuple(values))

    def _check_me(self, position: int) -> None:
        if not self.me:
            raise BadQuery(
                "Nobody is signed in, so “me” means nobody.", position, "Start with --agent NAME."
            )

    def _check_range(self, key: FilterKey, values: Range, operand: Operand) -> None:
        if self._is_turned(key, values):
            low, _, high = operand.text.partition("..")
            raise BadQuery(
                "The range ends before it begins.", operand.position, f"Write {high}..{low}."
            )

    def _is_turned(self, key: FilterKey, values: Range) -> bool:
        """Whether a range ends before it begins."""
        if isinstance(values.low, Amount) and isinstance(values.high, Amount):
            return values.low.value > values.high.value
        # A date and a span from now may change places as time passes.
        if key.kind is KeyKind.AMOUNT or type(values.low) is not type(values.high):
            return False
        moments = Moments(key.kind, self.now, self.calendar)
        interval = moments.intervals(Match(key.name, (values,)))[0]
        return bool(interval.start and interval.end and interval.start >= interval.end)

    def _sort_by(self, operands: list[Operand], position: int, *, top: bool) -> None:
        if not top:
            raise BadQuery(
                "“sort:” holds for the whole filter.", position, "Move it out of the parentheses."
            )
        for operand in operands:
            word = operand.text.lower().removeprefix("-")
            key = OLDER_SORTS.get(word, word)
            if key not in SORTS:
                raise unknown("something to sort by", operand.text, SORTS, operand.position)
            self.sort.append(SortKey(key, operand.text.startswith("-")))

    def _view(self, operand: Operand) -> ViewName:
        """Return the view that *operand* names; its own `sort:` is ignored."""
        wanted = operand.text.strip().casefold()
        if wanted not in self.views:
            names = [name for name, _ in self.views.values()]
            raise unknown("a view", operand.text, names, operand.position)
        name, text = self.views[wanted]
        if wanted in self.open_views:
            raise BadQuery(f"The view {quoted(name)} refers to itself.", operand.position)
        if wanted not in self.read_views:
            inner = TreeBuilder(
                self.me,
                self.now,
                self.calendar,
                self.views,
                (*self.open_views, wanted),
                self.read_views,
            )
            try:
                self.read_views[wanted] = inner.read(text)
            except BadQuery as problem:
                message = f"The view {quoted(name)} cannot be read: {problem}"
                raise BadQuery(message, operand.position, problem.hint) from None
        return ViewName(name, self.read_views[wanted])


def _key(token: "Token") -> FilterKey:
    name = str(token).rstrip().removesuffix(":")
    position = token.start_pos or 0
    key = key_called(name)
    if key is None:
        problem = unknown("a key", name, FILTER_KEYS, position, form="{}:")
        problem.hint = problem.hint or f"To search for it, write {quote(str(token))}."
        raise problem
    return key


def _with_numbers_joined(terms: list[Node]) -> Iterator[Node]:
    """Yield *terms*; three or more groups of one long number, side by side, become one phrase.

    People paste such numbers as carriers print them: `9400 1112 0255 5842 3322 11`.
    """
    for is_group, several in groupby(terms, _is_group):
        run = list(several)
        joined = " ".join(term.text for term in run if isinstance(term, Phrase))
        if is_group and len(run) >= _LEAST_GROUPS and number_of(joined):
            yield Phrase(joined)
        else:
            yield from run


def _is_group(term: Node) -> bool:
    return isinstance(term, Phrase) and bool(_GROUP.fullmatch(term.text))


def _operand(token: "Token", key: FilterKey | None = None) -> Operand:
    """Return what *token* holds; for a *key* that knows no order, a `=` before it means all of the field."""
    text, position = str(token), token.start_pos or 0
    is_whole = text.startswith("=") and key is not None and key.kind not in ORDERED
    text = text.removeprefix("=") if is_whole else text
    is_quoted = token.type in ("PHRASE", "WHOLE")
    if is_quoted:
        text = re.sub(r"\\(.)", r"\1", text[text.index('"') + 1 : -1])
    return Operand(text, position, is_quoted=is_quoted, is_whole=is_whole)


def _compare(key: FilterKey, sign: "Token", operands: list[Operand]) -> Compare:
    if key.kind not in ORDERED:
        raise BadQuery(
            f"“{key.name}” cannot be compared.", sign.start_pos or 0, f"Such as {key.example}."
        )
    if len(operands) > 1:
        raise BadQuery(f"“{sign}” takes one value.", operands[1].position)
    return Compare(key.name, cast(Operator, str(sign)), read_scalar(key, operands[0]))


def _subtree(child: "Tree[Token] | Token") -> "Tree[Token]":
    return cast("Tree[Token]", child)


def _position(tree: "Tree[Token]") -> int:
    return next((token.start_pos or 0 for token in tree.scan_values(lambda _: True)), 0)
