"""The two ways to search text: FTS5 trigrams in a file, ILIKE on a server."""

import re
from collections.abc import Mapping, Sequence
from itertools import product

import sqlalchemy as sa
from sqlmodel import col

from models.database.fts_expression import Trigrams
from models.query.catalogue_words import provider_help
from models.query.keys import SEARCHED_COLUMNS
from models.query.text_search import Condition
from models.query.tree import Node
from models.store.tables import Send, Shipment

TEXTS = " || E'\\n' || ".join(f"send.{name}" for name in SEARCHED_COLUMNS)
"""All of them in one text, as a server's index has it."""

_TRACKING = "tracking_number"
_LOWERED = frozenset({"recipient_name", "recipient_email", "company", "campaign"})
"""The columns that an index has in small letters."""
_LIKE_SIGNS = re.compile(r"[%_/]")
_ESCAPED = r"/\g<0>"
_GRAM = 3

_send_text = sa.table(
    "send_text", sa.column("rowid", sa.Integer), sa.column("send_text", sa.String)
)
_ON_THE_WAY: Mapping[str, Condition] = {
    # The index of ids has the platform first, that of tracking numbers only those there are.
    "external_id": col(Send.provider).in_(list(provider_help())),
    "tracking_number": col(Send.tracking_number) != sa.literal("", literal_execute=True),
}
_texts = sa.literal_column(f"({TEXTS})", sa.String)


class TrigramIndex:
    """Searches through the full-text table `send_text`, an FTS5 table of trigrams.

    The index only knows which sends have all groups of three letters, so what it finds is checked
    again. Shorter terms are beginnings of a field; such a term in a script that writes whole names
    with two signs may stand anywhere.
    """

    def find(self, term: str, columns: Sequence[str] = SEARCHED_COLUMNS) -> Condition:
        """Return the condition as the index answers it."""
        if len(term) < _GRAM and term.isascii():
            found = sa.or_(*(_begins(name, term) for name in columns))
        elif len(term) < _GRAM or not set(columns) <= set(SEARCHED_COLUMNS):
            found = _like(term, columns)
        else:
            matching = col(Send.id).in_(_matching(Trigrams.of(term).expression))
            whole = len(term) == _GRAM and tuple(columns) == SEARCHED_COLUMNS
            found = matching if whole else sa.and_(matching, _like(term, columns))
        return _or_parcel(found, term, columns)

    def check(self, term: str, columns: Sequence[str] = SEARCHED_COLUMNS) -> Condition:
        """Return the condition for a send at hand."""
        return _or_parcel(_like(term, columns), term, columns)

    def candidates(self, tree: Node) -> sa.Select[int] | None:
        """Return the ids that the index has for *tree*, unless its terms are too short for it."""
        grams = Trigrams.in_tree(tree)
        if grams is None:
            return None
        found = _matching(grams.expression)
        if not grams.numbers:
            return found
        return sa.select(sa.union_all(found, _parcels(*grams.numbers)).subquery().c[0])


class PatternMatch:
    """Searches a server with ILIKE, through its trigram index where it has one.

    The index is on `TEXTS`, all the columns in one, so that one look finds what any of them holds.
    """

    def find(self, term: str, columns: Sequence[str] = SEARCHED_COLUMNS) -> Condition:
        """Return the condition as the index answers it."""
        in_each = sa.or_(*(_column(name).icontains(term, autoescape=True) for name in columns))
        in_all = _texts.icontains(term, autoescape=True)
        if not set(columns) <= set(SEARCHED_COLUMNS):
            return in_each
        found = in_all if tuple(columns) == SEARCHED_COLUMNS else sa.and_(in_all, in_each)
        if _TRACKING not in columns:
            return found
        # As an array the few parcels are looked up first, and the index serves both sides of the OR.
        parcels = sa.func.array(_parcels(term).scalar_subquery())
        return sa.or_(found, col(Send.id) == sa.any_(parcels))

    def check(self, term: str, columns: Sequence[str] = SEARCHED_COLUMNS) -> Condition:
        """Return the condition for a send at hand: the same."""
        return self.find(term, columns)

    def candidates(self, tree: Node) -> sa.Select[int] | None:
        """Return nothing: the server finds ids and checks texts in one go."""
        return None


trigram_index = TrigramIndex()
pattern_match = PatternMatch()


def _matching(expression: str) -> sa.Select[int]:
    """Return the sends that FTS5 finds for *expression*."""
    return sa.select(_send_text.c.rowid).where(_send_text.c.send_text.bool_op("MATCH")(expression))


def _parcels(*numbers: str) -> sa.Select[int]:
    """Return the sends one of whose parcels has one of the tracking numbers."""
    return sa.select(col(Shipment.send_id)).where(col(Shipment.tracking_number).in_(numbers))


def _or_parcel(found: Condition, term: str, columns: Sequence[str]) -> Condition:
    return found | col(Send.id).in_(_parcels(term)) if _TRACKING in columns else found


def _like(term: str, columns: Sequence[str]) -> Condition:
    """Return a LIKE on each of *columns*, anywhere in it or at its beginning for a short term.

    SQLite's LIKE ignores case in ASCII alone, so other letters are tried in their usual cases.
    """
    before = "" if len(term) < _GRAM and term.isascii() else "%"
    forms = (
        [term]
        if term.isascii()
        else list(dict.fromkeys((term, term.lower(), term.upper(), term.title())))
    )
    patterns = [f"{before}{_LIKE_SIGNS.sub(_ESCAPED, form)}%" for form in forms]
    return sa.or_(*(_column(name).like(each, escape="/") for name in columns for each in patterns))


def _begins(name: str, term: str) -> Condition:
    """Return the condition that a column begins with *term*, as a stretch of its index."""
    column = _column(name)
    if name in _LOWERED:
        return _between(sa.func.lower(column), term.lower())
    if name not in SEARCHED_COLUMNS:
        return _like(term, [name])
    both = zip(term.lower(), term.upper(), strict=True)
    cases = sorted({"".join(letters) for letters in product(*both)})
    # Each case says all that its index needs: a database follows an OR of such, but none within.
    return sa.or_(*(_ON_THE_WAY.get(name, sa.true()) & _between(column, each) for each in cases))


def _between(column: sa.SQLColumnExpression[str], beginning: str) -> Condition:
    behind = beginning[:-1] + chr(ord(beginning[-1]) + 1)
    return (column >= beginning) & (column < behind)


def _column(name: str) -> sa.SQLColumnExpression[str]:
    column: sa.SQLColumnExpression[str] = col(getattr(Send, name))
    return column
