"""Text search in a file: an FTS5 index of trigrams, and LIKE."""

import re
from collections.abc import Mapping, Sequence
from itertools import product

import sqlalchemy as sa

from models.database.search_terms import TRACKING, column_of, forms, with_shipment
from models.database.sqlite.fts_expression import GRAM, IsCommon, MatchExpression
from models.query.catalogue_words import provider_help
from models.query.keys import SEARCHED_COLUMNS
from models.query.text_search import Condition
from models.query.tree import Node
from models.store.tables import Send, col
from models.values.spelling import spellings

_LOWERED = frozenset({"recipient_name", "recipient_email", "company", "campaign"})
"""The columns that have an index in lower case."""
_LIKE_WILDCARDS = re.compile(r"[%_/]")
_ESCAPED = r"/\g<0>"

_send_text = sa.table(
    "send_text", sa.column("rowid", sa.Integer), sa.column("send_text", sa.String)
)
_INDEX_CONDITION: Mapping[str, Condition] = {
    # The index of external ids has the provider as its first column; that of tracking numbers is partial.
    "external_id": col(Send.provider).in_(list(provider_help())),
    "tracking_number": col(Send.tracking_number) != sa.literal("", literal_execute=True),
}


class TrigramIndex:
    """Searches a file through `send_text`, an FTS5 table of trigrams; as `TextSearch` says.

    The index only knows which sends have all trigrams of a term, in whatever order, so each send that it
    finds is checked with LIKE. A term of one or two ASCII letters is searched at the beginning of a field
    only; in other scripts two characters may be a whole name, so there it may stand anywhere.

    Args:
        is_common: Says which trigrams need not be asked for where there are others.
    """

    def __init__(self, is_common: IsCommon = lambda gram: False) -> None:
        self._is_common = is_common

    def find(self, term: str, columns: Sequence[str] = SEARCHED_COLUMNS) -> Condition:
        """Return the condition, written so that an index answers it."""
        written = spellings(term)
        if len(term) < GRAM and term.isascii():
            found = sa.or_(*(_begins(name, term) for name in columns))
        elif min(map(len, written)) < GRAM or not set(columns) <= set(SEARCHED_COLUMNS):
            found = _like(term, columns)
        else:
            matching = col(Send.id).in_(
                _matching(MatchExpression.of_term(term, self._is_common).text)
            )
            # One trigram in any of the columns: the index alone is right.
            exact = written == (term,) and len(term) == GRAM
            exact = exact and tuple(columns) == SEARCHED_COLUMNS
            found = matching if exact else sa.and_(matching, _like(term, columns))
        return _or_shipment(found, term, columns)

    def check(self, term: str, columns: Sequence[str] = SEARCHED_COLUMNS) -> Condition:
        """Return the condition for one row: no index is asked."""
        return _or_shipment(_like(term, columns), term, columns)

    def candidates(self, tree: Node) -> sa.Select[int] | None:
        """Return the ids that the index has for *tree*, or None where its terms are too short."""
        expression = MatchExpression.of_tree(tree, self._is_common)
        if expression is None:
            return None
        found = _matching(expression.text)
        if not expression.tracking_numbers:
            return found
        shipped = with_shipment(*expression.tracking_numbers)
        return sa.select(sa.union_all(found, shipped).subquery().c[0])


def _matching(expression: str) -> sa.Select[int]:
    """Return the ids of the sends that FTS5 finds for *expression*."""
    return sa.select(_send_text.c.rowid).where(_send_text.c.send_text.bool_op("MATCH")(expression))


def _or_shipment(found: Condition, term: str, columns: Sequence[str]) -> Condition:
    return found | col(Send.id).in_(with_shipment(term)) if TRACKING in columns else found


def _like(term: str, columns: Sequence[str]) -> Condition:
    """Return a LIKE on each of *columns*: a short ASCII term stands at the beginning, others anywhere.

    A term is tried in each of its spellings. SQLite's LIKE ignores case in ASCII alone, so other terms are
    tried as typed, in lower case, in upper case and with capitals.
    """
    before = "" if len(term) < GRAM and term.isascii() else "%"
    patterns = [f"{before}{_LIKE_WILDCARDS.sub(_ESCAPED, form)}%" for form in forms(term)]
    return sa.or_(
        *(column_of(name).like(each, escape="/") for name in columns for each in patterns)
    )


def _begins(name: str, term: str) -> Condition:
    """Return the condition that a column begins with *term*, as a range of its index."""
    column = column_of(name)
    if name in _LOWERED:
        return _between(sa.func.lower(column), term.lower())
    if name not in SEARCHED_COLUMNS:
        return _like(term, [name])
    both = zip(term.lower(), term.upper(), strict=True)
    written = sorted({"".join(letters) for letters in product(*both)})
    # Each side of the OR repeats the condition of the index: a database looks for an index on each side of
    # an OR, and not in a second OR within one of them.
    return sa.or_(
        *(_INDEX_CONDITION.get(name, sa.true()) & _between(column, each) for each in written)
    )


def _between(column: sa.SQLColumnExpression[str], beginning: str) -> Condition:
    end = beginning[:-1] + chr(ord(beginning[-1]) + 1)
    return (column >= beginning) & (column < end)
