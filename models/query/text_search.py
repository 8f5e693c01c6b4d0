"""Text search inside fields: what a filter needs of a database. The adapters are in `models.database`."""

from collections.abc import Sequence
from typing import Protocol

import sqlalchemy as sa

from models.query.keys import SEARCHED_COLUMNS
from models.query.tree import Node

Condition = sa.ColumnElement[bool]


class TextSearch(Protocol):
    """How a database finds sends that have *term* somewhere in one of *columns* of `Send`.

    Case does not count, and no character of a term is a wildcard. A search in tracking numbers also
    finds the sends that have a shipment with exactly *term* as its number.
    """

    def find(self, term: str, columns: Sequence[str] = SEARCHED_COLUMNS) -> Condition:
        """Return the condition as an index answers it."""
        ...

    def check(self, term: str, columns: Sequence[str] = SEARCHED_COLUMNS) -> Condition:
        """Return the same condition for each row of a scan, where an index would cost more."""
        ...

    def candidates(self, tree: Node) -> sa.Select[int] | None:
        """Return a query for ids that contain every match of *tree*, or None if no index has them.

        There may be other ids among them, and an id may come twice. Reading ids from the index costs
        little; looking up the send of each is what costs.
        """
        ...
