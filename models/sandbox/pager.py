"""Pages of long lists: the tenth thousandth page costs what the first does."""

from dataclasses import dataclass, field

from models.sandbox.state import Row, State

_LISTS = 50


@dataclass(slots=True)
class _Known:
    """What is known of one list while nothing is added to it: how long it is, where pages end."""

    newest: int
    total: int
    ends: dict[int, tuple[int, int]] = field(default_factory=dict)


class Pager:
    """Reads pages of one table, the newest first.

    A page is found by where the one before it ended: an OFFSET would count through all rows before it,
    which are a million at the end of a long feed.
    """

    def __init__(self, state: State, table: str, time: str, *, select: str = "") -> None:
        """Read *table* by its column *time*, then by `seq`.

        Args:
            state: The file.
            table: The table.
            time: The column by which it is sorted, a number.
            select: The beginning of the query up to WHERE, if other tables are read with it. It must
                have `seq` and *time* of *table*.
        """
        self._state = state
        self._table = table
        self._time = time
        self._select = select or f"SELECT * FROM {table}"
        self._lists: dict[tuple[object, ...], _Known] = {}

    def page(
        self, page: int, per_page: int, where: str = "1", *values: object
    ) -> tuple[list[Row], int]:
        """Return the rows of one page and how many rows there are in all."""
        known = self._known(per_page, where, values)
        if (page - 1) * per_page >= known.total:
            return [], known.total
        # Several pages are asked for at once, and the one before may come after this one.
        ended = next((earlier for earlier in range(page - 1, 0, -1) if earlier in known.ends), 0)
        before = known.ends.get(ended)
        time, seq = f"{self._table}.{self._time}", f"{self._table}.seq"
        place = f" AND ({time}, {seq}) < (?, ?)" if before else ""
        offset = (page - 1 - ended) * per_page
        rows = self._state.rows(
            f"{self._select} WHERE {where}{place}"
            f" ORDER BY {time} DESC, {seq} DESC LIMIT ? OFFSET ?",
            *values, *(before or ()), per_page, offset,
        )  # fmt: skip
        if rows:
            known.ends[page] = (rows[-1][self._time], rows[-1]["seq"])
        return rows, known.total

    def _known(self, per_page: int, where: str, values: tuple[object, ...]) -> _Known:
        newest = self._state.value(f"SELECT coalesce(max(seq), 0) FROM {self._table}")
        key = (per_page, where, *values)
        known = self._lists.get(key)
        if known is None or known.newest != newest:
            total = self._state.value(f"SELECT count(*) FROM {self._table} WHERE {where}", *values)
            known = _Known(newest, total)
            while len(self._lists) >= _LISTS:
                del self._lists[next(iter(self._lists))]
            self._lists[key] = known
        return known
