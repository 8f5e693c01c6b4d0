"""Which columns of the list fit a width, and how wide each is. Pure."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from tui.widgets.sends.columns import LIST_COLUMNS, ListColumn

GUTTER: Final = 3
"""Cells before the first column: the cursor's bar, the mark, a blank."""
GAP: Final = 2
_STACKED: Final = frozenset({"status", "id", "recipient", "due"})
"""The columns that a send of two lines has."""
STACKED_BELOW: Final = 59
"""The width, without the scrollbar, under which each send takes two lines."""


class ColumnLayout(NamedTuple):
    """Which columns are shown and how wide."""

    width: int
    columns: tuple[tuple[ListColumn, int], ...] = ()
    stacked: bool = False
    """Two lines a send: status and id, recipient and due."""
    furthest: int = 0
    """How far the columns can be scrolled."""
    lines: int = 1
    """Lines of one send."""
    rest: tuple[ListColumn, ...] = ()
    """The columns that the last line of a send has, one behind the other."""


def arrange(
    names: Iterable[str],
    width: int,
    scroll: int = 0,
    *,
    sorted_by: str = "",
    with_rest: bool = False,
) -> ColumnLayout:
    """Return the layout of the columns *names* in *width* cells.

    Unscrolled, columns get room in the order of `priority`, but first the one that the list is sorted
    by. Scrolled to 1 and on, the columns that are not frozen are shown in their own order from the
    first, the second… on.

    Args:
        names: Keys of `LIST_COLUMNS`, in the order wanted; unknown ones are left out.
        width: The room there is, in cells.
        scroll: How far the columns are scrolled.
        sorted_by: The column that the list is sorted by, which is shown also if it is not in *names*.
        with_rest: Give a send one line more for the columns that have no room.
    """
    wanted = [
        LIST_COLUMNS[name] for name in dict.fromkeys([*names, sorted_by]) if name in LIST_COLUMNS
    ]
    if width < STACKED_BELOW:
        rest = tuple(column for column in wanted if column.key not in _STACKED) if with_rest else ()
        return ColumnLayout(width, stacked=True, lines=2 + bool(rest), rest=rest)
    frozen = [column for column in wanted if column.is_frozen]
    moving = [column for column in wanted if not column.is_frozen]
    room = (
        width
        - GUTTER
        - sum(max(column.min_width, column.preferred_width) + GAP for column in frozen)
    )
    furthest = _furthest(moving, room)
    scroll = min(scroll, furthest)
    by_priority = sorted(moving, key=lambda each: (each.key != sorted_by, each.priority))
    ahead = moving[scroll - 1 :] if scroll else by_priority
    chosen = _that_fit(ahead, room) or _that_fit(ahead[:1], width - GUTTER - _needed(frozen))
    shown = [column for column in wanted if column.is_frozen or column in chosen]
    rest = tuple(column for column in wanted if column not in shown) if with_rest else ()
    return ColumnLayout(
        width,
        tuple(zip(shown, _widths(shown, width - GUTTER), strict=True)),
        furthest=furthest,
        lines=1 + bool(rest),
        rest=rest,
    )


def _needed(columns: Iterable[ListColumn]) -> int:
    """Return the fewest cells that *columns* take, each with the gap after it."""
    return sum(column.min_width + GAP for column in columns)


def _that_fit(columns: list[ListColumn], room: int) -> list[ListColumn]:
    """Return the first of *columns* that fit; the last gap of the row is not needed."""
    chosen: list[ListColumn] = []
    for column in columns:
        if _needed([*chosen, column]) - GAP > room:
            break
        chosen.append(column)
    return chosen


def _furthest(columns: list[ListColumn], room: int) -> int:
    if _that_fit(columns, room) == columns:
        return 0
    starts = range(1, len(columns) + 1)
    return next(
        at
        for at in starts
        if at == len(columns) or _that_fit(columns[at - 1 :], room) == columns[at - 1 :]
    )


def _widths(columns: list[ListColumn], room: int) -> list[int]:
    """Share *room* among *columns*: minimum, preferred and maximum width in turn, then more for those that grow."""
    widths = [column.min_width for column in columns]
    spare = room - sum(widths) - GAP * (len(columns) - 1)
    for goals in (
        [column.preferred_width for column in columns],
        [column.max_width for column in columns],
    ):
        wishes = [max(goal - width, 0) for goal, width in zip(goals, widths, strict=True)]
        spare = _share(widths, wishes, spare)
    flexible = [spare if column.grows else 0 for column in columns]
    _share(widths, flexible, spare)
    return widths


def _share(widths: list[int], wishes: list[int], spare: int) -> int:
    """Grow *widths* by their *wishes*, in proportion where *spare* is too little; return what is left."""
    total = sum(wishes)
    given = [wish * min(max(spare, 0), total) // total if total else 0 for wish in wishes]
    left = min(max(spare, 0), total) - sum(given)
    for at, wish in enumerate(wishes):
        extra = 1 if left and wish > given[at] else 0
        left -= extra
        widths[at] += given[at] + extra
        spare -= given[at] + extra
    return spare
