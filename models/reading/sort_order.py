"""A sort as SQL: the order, its reverse, and the condition for rows after or before a given row."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import Any

import sqlalchemy as sa

from models.rules.send_columns import DEFAULT_SORT, SORTS, Sort
from models.store import tables

_SEND = sa.inspect(tables.Send).local_table.c


def _expression(sort: Sort) -> sa.ColumnElement[Any]:
    column: sa.ColumnElement[Any] = _SEND[sort.column]
    if sort.only_of:
        # SQLite sorts NULL first, PostgreSQL last.
        return sa.func.coalesce(column, sa.literal(tables.NEVER, column.type), type_=column.type)
    return sa.func.lower(column) if sort.ignores_case else column


@dataclass(frozen=True, slots=True)
class SortOrder:
    """Expressions to sort by, the last of them unique.

    Attributes:
        expressions: What to sort by, the most important first.
        descending: For each of them whether the largest comes first.
        is_indexed: Whether an index has the sends in this order.
        is_of_few: Whether only few sends have a value to be sorted by.
    """

    expressions: tuple[sa.ColumnElement[Any], ...]
    descending: tuple[bool, ...]
    is_indexed: bool
    is_of_few: bool = False

    @classmethod
    def of(cls, sort: Sequence[tuple[str, bool]]) -> "SortOrder":
        """Return the order of *sort*: pairs of a key and whether it descends."""
        keys = [(SORTS[key], down) for key, down in sort or ((DEFAULT_SORT, False),)]
        terms = [(_expression(key), down) for key, down in keys]
        last, last_down = keys[-1]
        if last.then:
            terms.append((_SEND[last.then], last_down))
        if not any(key.column == "id" for key, _ in keys):
            terms.append((_SEND["id"], keys[0][1]))
        is_of_few = bool(keys[0][0].only_of)
        expressions, descending = zip(*terms, strict=True)
        return cls(
            expressions,
            descending,
            is_indexed=len(keys) == 1 and not is_of_few,
            is_of_few=is_of_few,
        )

    @property
    def columns(self) -> tuple[sa.Label[Any], ...]:
        """The sort values of a row, to select beside it."""
        return tuple(item.label(f"sort_{place}") for place, item in enumerate(self.expressions))

    @property
    def forwards(self) -> list[sa.UnaryExpression[Any]]:
        """The terms of ORDER BY."""
        return self._order(flip=False)

    @property
    def backwards(self) -> list[sa.UnaryExpression[Any]]:
        """The terms of ORDER BY from the end of the list."""
        return self._order(flip=True)

    def over(self, columns: Sequence[sa.ColumnElement[Any]]) -> list[sa.UnaryExpression[Any]]:
        """Return the terms of ORDER BY over *columns*, which hold the values of `expressions`."""
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

    def between(
        self, after: Sequence[Any] | None, before: Sequence[Any] | None, *, flip: bool = False
    ) -> list[sa.ColumnElement[bool]]:
        """Return conditions for the rows between two rows, to be asked one after the other.

        Together they mean `after` and `before`, but each one is a range of the index of this order:
        equal values, and then at most one comparison. SQLite reads no further than the first value of a
        comparison of rows that has the id in it. Most sends are never due, so it would go through nearly
        all of them (at 200,000 sends 36 ms for 2 ms).

        Args:
            after: The sort values of the row before the first one; None begins at the beginning.
            before: The sort values of the row behind the last one; None goes to the end.
            flip: The rows are read from the end of the list.
        """
        return self._ranges(0, after, before, flip)

    def _ranges(
        self, place: int, low: Sequence[Any] | None, high: Sequence[Any] | None, flip: bool
    ) -> list[sa.ColumnElement[bool]]:
        item, is_last = self.expressions[place], place == len(self.expressions) - 1
        first = None if low is None else sa.literal(low[place], item.type)
        last = None if high is None else sa.literal(high[place], item.type)
        if low is not None and high is not None and low[place] == high[place] and not is_last:
            return [(item == first) & each for each in self._ranges(place + 1, low, high, flip)]
        down = self.descending[place] != flip
        found: list[sa.ColumnElement[bool]] = []
        if first is not None and not is_last:
            ties = self._ranges(place + 1, low, None, flip)
            found += [(item == first) & each for each in ties]
        bounds = [] if first is None else [item < first if down else item > first]
        bounds += [] if last is None else [item > last if down else item < last]
        found.append(sa.and_(sa.true(), *bounds))
        if last is not None and not is_last:
            ties = self._ranges(place + 1, None, high, flip)
            found += [(item == last) & each for each in ties]
        return found

    def _order(self, *, flip: bool) -> list[sa.UnaryExpression[Any]]:
        pairs = zip(self.expressions, self.descending, strict=True)
        return [item.desc() if down != flip else item.asc() for item, down in pairs]

    def _beyond(self, values: Sequence[Any], *, flip: bool) -> sa.ColumnElement[bool]:
        bounds = [
            sa.literal(value, item.type)
            for item, value in zip(self.expressions, values, strict=True)
        ]
        if len(set(self.descending)) == 1:
            # As one comparison of row values an index starts at the right place; as an OR of
            # comparisons it would be scanned from its beginning.
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
