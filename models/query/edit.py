"""Changes to a filter without typing: by the filter picker, the rail and the sort menu."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from models.query.catalogue_words import as_words, pairs_of
from models.query.keys import FILTER_KEYS, KeyKind
from models.query.parser import Query
from models.query.tree import (
    Match,
    Node,
    SortKey,
    Special,
    StatusWord,
    Value,
    Word,
    conjunction,
    top_terms,
)
from models.query.value_parser import Operand, read_values
from models.rules.send_columns import SORTS


def values_of(query: Query, key: str, me: str = "") -> tuple[str, ...]:
    """Return the values that *query* allows for *key*, as facets name them.

    Only terms `key:value` at the top level count; negated terms and those inside OR do not. Of
    several such terms, the values that all of them have are returned. Statuses are `provider:slug`,
    in the order of the catalogue; an empty string is nobody.

    Args:
        query: The filter.
        key: A key that knows no ranges.
        me: The agent's name, returned for `@me`; if it is empty, `@me` is returned.
    """
    found = [_names(term, me) for term in top_terms(query.tree) if _is_plain(term, key)]
    if not found:
        return ()
    return tuple(name for name in found[0] if all(name in other for other in found[1:]))


def is_of_batches(query: Query) -> bool:
    """Whether *query* is about batches of orders alone, which are no sends."""
    return "batch" in values_of(query, "is")


def with_values(query: Query, key: str, values: Iterable[str]) -> Query:
    """Return *query* with exactly these *values* for *key*; without values, without the term.

    Args:
        query: The filter.
        key: A key that knows no ranges.
        values: As `values_of` returns them.

    Raises:
        BadQuery: If *key* has no such value.
    """
    wanted = _match(key, values)
    terms: list[Node] = []
    for term in top_terms(query.tree):
        if not _is_plain(term, key):
            terms.append(term)
        elif wanted is not None:
            terms.append(wanted)
            wanted = None
    if wanted is not None:
        terms.append(wanted)
    return _rewritten(query, tree=conjunction(tuple(terms)))


def without(query: Query, key: str) -> Query:
    """Return *query* without its terms for *key* at the top level; *query* itself if it has none."""
    kept = tuple(term for term in top_terms(query.tree) if not _is_plain(term, key))
    if kept == top_terms(query.tree):
        return query
    return _rewritten(query, tree=conjunction(kept))


def with_sort(query: Query, key: str) -> Query:
    """Return *query* sorted by *key*; descending if it was sorted by it ascending."""
    flipped = any(each == SortKey(key) for each in query.sort[:1])
    return _rewritten(query, sort=(SortKey(key, descending=flipped),))


def sorted_by(query: Query, order: str) -> Query:
    """Return *query* in this *order*, a key that may have a `-` before it; as it is for another word."""
    key = order.removeprefix("-")
    if key not in SORTS:
        return query
    return _rewritten(query, sort=(SortKey(key, descending=order.startswith("-")),))


def without_sort(query: Query) -> Query:
    """Return *query* without an order."""
    return _rewritten(query, sort=()) if query.sort else query


def _rewritten(
    query: Query, *, tree: Node | None = None, sort: Sequence[SortKey] | None = None
) -> Query:
    changed = replace(
        query,
        tree=query.tree if tree is None else tree,
        sort=query.sort if sort is None else tuple(sort),
    )
    return replace(changed, text=str(changed))


def _is_plain(term: Node, key: str) -> bool:
    return isinstance(term, Match) and term.key == key


def _names(term: Node, me: str) -> tuple[str, ...]:
    assert isinstance(term, Match)
    return tuple(dict.fromkeys(name for value in term.values for name in _name(value, me)))


def _name(value: Value, me: str) -> tuple[str, ...]:
    match value:
        case StatusWord():
            return tuple(f"{provider}:{slug}" for provider, slug in sorted(pairs_of(value)))
        case Word(text):
            return (text,)
        case Special("none"):
            return ("",)
        case Special():
            return (me or "@me",)
        case _:
            return ()


def _match(key: str, values: Iterable[str]) -> Match | None:
    found: dict[Value, None] = {}
    for each in values:
        found.update(dict.fromkeys(_values(key, each)))
    if FILTER_KEYS[key].kind is KeyKind.STATUS:
        statuses = [value for value in found if isinstance(value, StatusWord)]
        found = dict.fromkeys(as_words(pair for word in statuses for pair in pairs_of(word)))
    return Match(key, tuple(found)) if found else None


def _values(key: str, text: str) -> tuple[Value, ...]:
    if text == "@me" or (text == "" and "none" in FILTER_KEYS[key].specials):
        return (Special("none" if text == "" else "me"),)
    return read_values(FILTER_KEYS[key], Operand(text, 0, is_quoted=True))
