"""Text search inside fields: two ways to ask, one for each kind of database."""

import re
from collections.abc import Sequence
from typing import Protocol

import sqlalchemy as sa
from sqlmodel import col

from models.tables import Send, Shipment

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

TEXTS = " || E'\\n' || ".join(f"send.{name}" for name in SEARCHED)
"""All of them in one text, as a server's index has it."""

_TRACKING = "tracking_number"
_LIKE_SIGNS = re.compile(r"[%_/]")
_ESCAPED = r"/\g<0>"
_GRAM = 3
_MOST_GRAMS = 40
"""More would not narrow the search further, and the index refuses very long questions."""

_send_text = sa.table(
    "send_text", sa.column("rowid", sa.Integer), sa.column("send_text", sa.String)
)
_texts = sa.literal_column(f"({TEXTS})", sa.String)


class TextSearch(Protocol):
    """A condition for sends that have *term* somewhere in one of *columns* of `Send`.

    Whoever looks for tracking numbers also finds the sends one of whose parcels has *term* as its
    number.
    """

    def __call__(self, term: str, columns: Sequence[str] = SEARCHED) -> sa.ColumnElement[bool]:
        """Return the condition; case does not count, and nothing in *term* is special."""
        ...


def trigram_index(term: str, columns: Sequence[str] = SEARCHED) -> sa.ColumnElement[bool]:
    """Search through the full-text table `send_text`, an FTS5 table of trigrams.

    The index only knows which sends have all groups of three letters, so what it finds is checked
    again. Shorter terms are beginnings of a field; such a term in a script that writes whole names
    with two signs may stand anywhere.
    """
    found = _in_the_index(term, columns)
    return found | col(Send.id).in_(_parcels(term)) if _TRACKING in columns else found


def _in_the_index(term: str, columns: Sequence[str]) -> sa.ColumnElement[bool]:
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
    """Search a server with ILIKE, through its trigram index where it has one.

    The index is on `TEXTS`, all the columns in one, so that one look finds what any of them holds.
    """
    in_each = sa.or_(*(_column(name).icontains(term, autoescape=True) for name in columns))
    in_all = _texts.icontains(term, autoescape=True)
    if not set(columns) <= set(SEARCHED):
        return in_each
    found = in_all if tuple(columns) == SEARCHED else sa.and_(in_all, in_each)
    if _TRACKING not in columns:
        return found
    # As an array the few parcels are looked up first, and the index serves both sides of the OR.
    parcels = sa.func.array(_parcels(term).scalar_subquery())
    return sa.or_(found, col(Send.id) == sa.any_(parcels))


def _parcels(number: str) -> sa.Select[int]:
    """Return the sends one of whose parcels has the tracking number."""
    return sa.select(col(Shipment.send_id)).where(col(Shipment.tracking_number) == number)


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
