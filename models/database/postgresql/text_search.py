"""Text search on a server: ILIKE, through an index of trigrams where the server offers one."""

from collections.abc import Sequence

import sqlalchemy as sa

from models.database.search_terms import TRACKING, column_of, forms, with_shipment
from models.query.keys import SEARCHED_COLUMNS
from models.query.text_search import Condition
from models.query.tree import Node
from models.store.tables import Send, col

TEXTS = " || E'\\n' || ".join(f"send.{name}" for name in SEARCHED_COLUMNS)
"""All searched columns as one text: the expression that the trigram index of a server is on."""
_all_texts = sa.literal_column(f"({TEXTS})", sa.String)


class PatternMatch:
    """Searches a server with ILIKE, through its trigram index where it has one; as `TextSearch` says.

    The index is on `TEXTS`, all the columns as one text, so that one search finds what any of them holds.
    """

    def find(self, term: str, columns: Sequence[str] = SEARCHED_COLUMNS) -> Condition:
        """Return the condition, written so that the index answers it."""
        written = forms(term)
        in_each = sa.or_(
            *(
                column_of(name).icontains(form, autoescape=True)
                for name in columns
                for form in written
            )
        )
        in_all = sa.or_(*(_all_texts.icontains(form, autoescape=True) for form in written))
        if not set(columns) <= set(SEARCHED_COLUMNS):
            return in_each
        found = in_all if tuple(columns) == SEARCHED_COLUMNS else sa.and_(in_all, in_each)
        if TRACKING not in columns:
            return found
        # As an array the few shipments are looked up first, and indexes serve both sides of the OR.
        shipped = sa.func.array(with_shipment(term).scalar_subquery())
        return sa.or_(found, col(Send.id) == sa.any_(shipped))

    def check(self, term: str, columns: Sequence[str] = SEARCHED_COLUMNS) -> Condition:
        """Return the condition for one row: the same."""
        return self.find(term, columns)

    def candidates(self, tree: Node) -> sa.Select[int] | None:
        """Return None: the server finds ids and checks texts in one step."""
        return None


pattern_match = PatternMatch()
