"""Which columns of the list fit a width, and how wide each is. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from tui.widgets.sends.columns import COLUMNS, Column

GUTTER: Final = 3
"""Cells before the first column: the cursor's bar, the mark, a blank."""
GAP: Final = 2
STACKED_BELOW: Final = 59
"""The width, without the scrollbar, under which each send takes two lines."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Which columns are shown and how wide."""

    width: int
    columns: tuple[tuple[Column, int], ...] = ()
    stacked: bool = False
    """Two lines a send: status and id, recipient and due."""
    furthest: int = 0
    """How far the columns can be scrolled."""
    lines: int = 1
    """Lines of one send."""


def arrange(names: Iterable[str], width: int, scroll: int = 0) -> Layout:
    """Return the layout of the columns *names* in *width* cells.

    Unscrolled, columns get room in the order of `keep`. Scrolled to 1 and on, the columns that are
    not frozen are shown in their own order from the first, the second… on.

    Args:
        names: Keys of `COLUMNS`, in the order wanted; unknown ones are left out.
        width: The room there is, in cells.
        scroll: How far the columns are scrolled.
    """
    if width < STACKED_BELOW:
        return Layout(width, stacked=True, lines=2)
    wanted = [COLUMNS[name] for name in dict.fromkeys(names) if name in COLUMNS]
    frozen = [column for column in wanted if column.frozen]
    moving = [column for column in wanted if not column.frozen]
    room = width - GUTTER - sum(max(column.least, column.usual) + GAP for column in frozen)
    furthest = _furthest(moving, room)
    scroll = min(scroll, furthest)
    ahead = moving[scroll - 1 :] if scroll else sorted(moving, key=lambda column: column.keep)
    chosen = _that_fit(ahead, room) or _that_fit(ahead[:1], width - GUTTER - _needed(frozen))
    shown = [column for column in wanted if column.frozen or column in chosen]
    return Layout(
        width, tuple(zip(shown, _widths(shown, width - GUTTER), strict=True)), furthest=furthest
    )


def _needed(columns: Iterable[Column]) -> int:
    """Return the least cells that *columns* take, each with the gap after it."""
    return sum(column.least + GAP for column in columns)


def _that_fit(columns: list[Column], room: int) -> list[Column]:
    """Return the first of *columns* that fit; the last gap of the row is not needed."""
    chosen: list[Column] = []
    for column in columns:
        if _needed([*chosen, column]) - GAP > room:
            break
        chosen.append(column)
    return chosen


def _furthest(columns: list[Column], room: int) -> int:
    if _that_fit(columns, room) == columns:
        return 0
    starts = range(1, len(columns) + 1)
    return next(
        at
        for at in starts
        if at == len(columns) or _that_fit(columns[at - 1 :], room) == columns[at - 1 :]
    )


def _widths(columns: list[Column], room: int) -> list[int]:
    """Share *room* among *columns*: least, usual and most in turn, then the flexible more."""
    widths = [column.least for column in columns]
    spare = room - sum(widths) - GAP * (len(columns) - 1)
    for goals in ([column.usual for column in columns], [column.most for column in columns]):
        wishes = [max(goal - width, 0) for goal, width in zip(goals, widths, strict=True)]
        spare = _share(widths, wishes, spare)
    flexible = [spare if column.flexible else 0 for column in columns]
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
