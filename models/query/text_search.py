"""Text search inside fields: two ways to ask, one for each kind of database."""

import re
from collections.abc import Sequence
from typing import Protocol

import sqlalchemy as sa
from sqlmodel import col

from models.tables import Send

SEARCHED: tuple[str, ...] = (
    "recipient_name",
    "recipient_email",
    "company",
    "campaign",
    "ref",
    "external_id",
    "tracking_number",
)
"""The columns that text without a key is searched in."""

_LIKE_SIGNS = re.compile(r"[%_/]")
_ESCAPED = r"/\g<0>"
_GRAM = 3
_MOST_GRAMS = 40
"""More would not narrow the search further, and the index refuses very long questions."""

_send_text = sa.table(
    "send_text", sa.column("rowid", sa.Integer), sa.column("send_text", sa.String)
)


class TextSearch(Protocol):
    """A condition for sends that have *term* somewhere in one of *columns* of `Send`."""

    def __call__(self, term: str, columns: Sequence[str] = SEARCHED) -> sa.ColumnElement[bool]:
        """Return the condition; case does not count, and nothing in *term* is special."""
        ...


def trigram_index(term: str, columns: Sequence[str] = SEARCHED) -> sa.ColumnElement[bool]:
    """Search through the full-text table `send_text`, an FTS5 table of trigrams.

    The index only knows which sends have all groups of three letters, so what it finds is checked
    again. Shorter terms are beginnings of a field; such a term in a script that writes whole names
    with two signs may stand anywhere.
    """
    if len(term) < _GRAM:
        anywhere = "" if term.isascii() else "%"
        return _like(term, columns, before=anywhere)
    if not set(columns) <= set(SEARCHED):
        return _like(term, columns, before="%")
    grams = list(dict.fromkeys(term[at : at + _GRAM] for at in range(len(term) - _GRAM + 1)))
    wanted = " AND ".join(_quote(gram) for gram in grams[:_MOST_GRAMS])
    found = sa.select(_send_text.c.rowid).where(_send_text.c.send_text.bool_op("MATCH")(wanted))
    candidates: sa.ColumnElement[bool] = col(Send.id).in_(found)
    if len(term) == _GRAM and tuple(columns) == SEARCHED:
        return candidates
    return sa.and_(candidates, _like(term, columns, before="%"))


def pattern_match(term: str, columns: Sequence[str] = SEARCHED) -> sa.ColumnElement[bool]:
    """Search with ILIKE, which trigram indexes serve where the server has them."""
    return sa.or_(*(_column(name).icontains(term, autoescape=True) for name in columns))


def _like(term: str, columns: Sequence[str], *, before: str) -> sa.ColumnElement[bool]:
    """Return a LIKE on each of *columns* with *before* in front and anything behind.

    SQLite's LIKE ignores case in ASCII alone, so other letters are tried in their usual cases.
    """
    forms = (
        [term]
        if term.isascii()
        else list(dict.fromkeys((term, term.lower(), term.upper(), term.title())))
    )
    patterns = [f"{before}{_LIKE_SIGNS.sub(_ESCAPED, form)}%" for form in forms]
    return sa.or_(*(_column(name).like(each, escape="/") for name in columns for each in patterns))


def _column(name: str) -> sa.SQLColumnExpression[str]:
    column: sa.SQLColumnExpression[str] = col(getattr(Send, name))
    return column


def _quote(gram: str) -> str:
    return '"' + gram.replace('"', '""') + '"'
