"""A sort as SQL: the order, its reverse, and what comes after a given row."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import Any

import sqlalchemy as sa

from models.store import tables

_SEND = sa.inspect(tables.Send).local_table.c

EXPRESSIONS: dict[str, sa.ColumnElement[Any]] = {
    "due": _SEND.due_at,
    "since": _SEND.since,
    "created": _SEND.created_at,
    "status": _SEND.status,
    "recipient": sa.func.lower(_SEND.recipient_name),
    "email": sa.func.lower(_SEND.recipient_email),
    "company": sa.func.lower(_SEND.company),
    "campaign": sa.func.lower(_SEND.campaign),
    "owner": _SEND.owner,
    "type": _SEND.type,
    "provider": _SEND.provider,
    "id": _SEND.id,
}
"""What each sort key of the filter language sorts by; an index serves each by itself."""

_THEN = {
    "status": (_SEND.due_at,),
    "owner": (_SEND.due_at,),
    "provider": (_SEND.external_id,),
}
"""What comes next where a sort key leaves thousands of sends alike; so an index has them in order."""
USUAL = (("due", False),)
"""How a list is sorted that asks for nothing else: the longest overdue first."""


@dataclass(frozen=True, slots=True)
class SortOrder:
    """Columns to sort by, the last of them unique.

    Attributes:
        expressions: What it sorts by.
        descending: For each of them whether the largest comes first.
        is_indexed: Whether an index has the sends in this order.
    """

    expressions: tuple[sa.ColumnElement[Any], ...]
    descending: tuple[bool, ...]
    is_indexed: bool

    @classmethod
    def of(cls, sort: Sequence[tuple[str, bool]]) -> "SortOrder":
        """Return the order of *sort*: pairs of a key and whether it descends."""
        wanted = sort or USUAL
        keys = [(EXPRESSIONS[key], down) for key, down in wanted]
        last, down = wanted[-1]
        keys += [(each, down) for each in _THEN.get(last, ())]
        if not any(key == "id" for key, _ in wanted):
            keys.append((EXPRESSIONS["id"], wanted[0][1]))
        expressions, descending = zip(*keys, strict=True)
        return cls(expressions, descending, is_indexed=len(wanted) == 1)

    @property
    def columns(self) -> tuple[sa.Label[Any], ...]:
        """The sort values of a row, to select beside it."""
        return tuple(item.label(f"sort_{place}") for place, item in enumerate(self.expressions))

    @property
    def forwards(self) -> list[sa.UnaryExpression[Any]]:
        """The order itself."""
        return self._order(flip=False)

    @property
    def backwards(self) -> list[sa.UnaryExpression[Any]]:
        """The order from the end."""
        return self._order(flip=True)

    def over(self, columns: Sequence[sa.ColumnElement[Any]]) -> list[sa.UnaryExpression[Any]]:
        """Return the order itself over *columns* that hold the same values."""
        pairs = zip(columns, self.descending, strict=True)
        return [item.desc() if down else item.asc() for item, down in pairs]

    def values(self, row: sa.Row[Any]) -> tuple[Any, ...]:
        """Return the sort values of a row that was selected with `columns`."""
        return tuple(row._mapping[label.name] for label in self.columns)

    def after(self, values: Sequence[Any]) -> sa.ColumnElement[bool]:
        """Return the condition for rows behind the row with *values*."""
        return self._beyond(values, flip=False)

    def before(self, values: Sequence[Any]) -> sa.ColumnElement[bool]:
        """Return the condition for rows ahead of the row with *values*."""
        return self._beyond(values, flip=True)

    def _order(self, *, flip: bool) -> list[sa.UnaryExpression[Any]]:
        pairs = zip(self.expressions, self.descending, strict=True)
        return [item.desc() if down != flip else item.asc() for item, down in pairs]

    def _beyond(self, values: Sequence[Any], *, flip: bool) -> sa.ColumnElement[bool]:
        bounds = [
            sa.literal(value, item.type)
            for item, value in zip(self.expressions, values, strict=True)
        ]
        if len(set(self.descending)) == 1:
            # One comparison of whole rows lets an index start at the right place.
            row, bound = sa.tuple_(*self.expressions), sa.tuple_(*bounds)
            return row < bound if self.descending[0] != flip else row > bound
        choices = []
        for place, item in enumerate(self.expressions):
            down = self.descending[place] != flip
            beyond = item < bounds[place] if down else item > bounds[place]
            equal = [
                same == bound
                for same, bound in zip(self.expressions[:place], bounds[:place], strict=True)
            ]
            choices.append(reduce(and_, [*equal, beyond]))
        return reduce(or_, choices)
