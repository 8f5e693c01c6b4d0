"""Text search inside fields, as a filter asks for it; each kind of database has its own way."""

from collections.abc import Sequence
from typing import Protocol

import sqlalchemy as sa

from models.query.keys import SEARCHED_COLUMNS
from models.query.tree import Node

Condition = sa.ColumnElement[bool]


class TextSearch(Protocol):
    """How a database finds sends that have *term* somewhere in one of *columns* of `Send`.

    Case does not count, and nothing in a term is special. Whoever looks for tracking numbers also
    finds the sends one of whose parcels has *term* as its number.
    """

    def find(self, term: str, columns: Sequence[str] = SEARCHED_COLUMNS) -> Condition:
        """Return the condition as an index answers it."""
        ...

    def check(self, term: str, columns: Sequence[str] = SEARCHED_COLUMNS) -> Condition:
        """Return the same condition for a send at hand, which is cheaper then."""
        ...

    def candidates(self, tree: Node) -> sa.Select[int] | None:
        """Return the ids of the sends that *tree* may mean, of others too, if an index has them.

        They cost next to nothing until a send is looked at; an id may come twice.
        """
        ...
