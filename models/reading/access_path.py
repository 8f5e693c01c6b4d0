"""The ways to the sends of a filter, weighed by how many sends each of them leads to."""

from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from models.query import Query
from models.query.sql import history
from models.query.sql.clauses import where
from models.query.sql.flags import Asked
from models.query.sql.index_use import shape
from models.query.tree import conjunction, top_terms
from models.store import tables

Condition = sa.ColumnElement[bool]
Ids = sa.Select[Any]


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is done before another way is taken; as measured on a million sends."""

    few: int = 5_000
    """So many sends are sooner found and sorted than any list is walked."""
    some: int = 40_000
    """So many candidates are sooner kept at hand on a walk than every send on the way is checked."""
    many: int = 100_000
    """The most sends of which all are found where their number alone is asked."""
    far: int = 20_000
    """How many sends a walk may check before it is given up."""
    far_among: int = 100_000
    """How many it may pass by where few of them have to be checked."""
    unread: int = 10_000
    """From so many sends on that a window passes by, no more is read of them than their places."""


@dataclass(frozen=True, slots=True)
class Ways:
    """How the sends of one filter are best asked for."""

    finding: Condition
    """All of them, in any order."""
    walking: Condition
    """The next ones along the index of an order."""
    far: int | None
    """How far along that index it is worth looking for a window; None where every send counts."""
    most: int | None
    """No more sends than this are found; None where no index tells."""


@dataclass(frozen=True, slots=True)
class Reach:
    """A filter in the forms in which a list may ask for it."""

    whole: Condition
    """As indexes answer it."""
    along: Condition
    """What of it is asked about the column that the list is sorted by."""
    rest: Condition | None
    """What is asked besides, as it is asked of a send at hand: no index is tempted by it."""
    check: Condition
    """All of it in that form."""
    narrow: Condition | None
    """What of it the indexes of columns find; None where they find nothing."""
    texts: Ids | None
    """The ids that an index of texts has for it, and perhaps others; None where it has none."""
    entries: tuple[Ids, ...]
    """The ids of the sends that have each entry of the history that is asked for."""

    @classmethod
    def of(cls, query: Query, asked: Asked) -> "Reach":
        """Return the ways to the sends of *query*."""
        parts = shape(query.tree, query.sort)
        at_hand = replace(asked, at_hand=True)
        narrow = tuple(term for term in parts.narrow if asked.search.candidates(term) is None)
        entries = history.entries_of(filter(history.speaks_of, top_terms(query.tree)))
        return cls(
            whole=where(query.tree, asked),
            along=where(parts.along, at_hand),
            rest=_untempting(where(parts.rest, at_hand)) if top_terms(parts.rest) else None,
            check=_untempting(where(query.tree, at_hand)),
            narrow=where(conjunction(narrow), asked) if narrow else None,
            texts=asked.search.candidates(query.tree),
            entries=tuple(entry.sends(asked) for entry in entries),
        )

    @property
    def candidates(self) -> tuple[Ids, ...]:
        """Ids among which all sends are, from each index that is not a column's."""
        return self.entries if self.texts is None else (self.texts, *self.entries)

    def weigh(self, connection: sa.Connection, effort: Effort, most: int) -> Ways:
        """Return the best ways, after a short look at what the indexes have.

        Args:
            connection: An open transaction.
            effort: How much may be done.
            most: Candidates are of use up to this many.
        """
        counted = [(_up_to(connection, ids, most), ids) for ids in self.candidates]
        number, ids = min(counted, key=lambda pair: pair[0], default=(most + 1, None))
        walking = self.along if self.rest is None else self.along & self.rest
        far = None if self.rest is None else effort.far
        if number > effort.few and self.narrow is not None:
            narrow = sa.select(col(tables.Send.id)).where(self.narrow)
            if _up_to(connection, narrow, effort.few) <= effort.few:
                finding = self.whole if ids is None else self.narrow & self.check
                return Ways(finding, walking, far, effort.few)
        if ids is not None and number <= most:
            # The index of any order has each send's id; as a sum it leads to no other index.
            on_the_way = (col(tables.Send.id) + 0).in_(ids)
            finding = col(tables.Send.id).in_(ids) & self.check
            return Ways(finding, on_the_way & walking, far and effort.far_among, number)
        # To look each of very many up costs more than to look at all sends.
        return Ways(self.check if self.candidates else self.whole, walking, far, None)


def _untempting(condition: Condition) -> Condition:
    return sa.case((condition, 1), else_=0) == 1


def _up_to(connection: sa.Connection, ids: Ids, most: int) -> int:
    """Return how many *ids* there are, or one more than *most*; counts no further than that."""
    counted = sa.select(sa.func.count()).select_from(ids.limit(most + 1).subquery())
    return int(connection.execute(counted).scalar_one())
