"""`senddesk --plain`: the desk is opened, worked at line by line, and closed."""

import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from models.errors import DeskUnavailable
from tui.filter_history import FilterHistory, history_path
from tui.keys import Keys
from tui.plain.console import Console, Ended, Left
from tui.plain.desk import PlainDesk

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from models.database import Database
    from models.desk import Desk


def run(
    opener: "Callable[[], Desk]",
    *,
    agent: str,
    query: str = "",
    ascii: bool = False,
    page_lines: int | None = None,
    keys: Mapping[str, str],
    watched: "Callable[[Database], AbstractContextManager[None]]",
) -> int:
    """Work at the desk on stdin and stdout; return 1 if lines of a file were refused, else 0.

    Args:
        opener: Opens the database.
        agent: Who works here.
        query: The filter to begin with; empty for Triage.
        ascii: Whether only ASCII signs are written.
        page_lines: How many lines are said at once; None for the height of the terminal.
        keys: The agent's own keys, which may be typed as words.
        watched: Says within its block whom a write waits for.

    Raises:
        DeskError: If the database cannot be opened, and nobody is there to try again.
        BrokenPipeError: If nobody reads what is said.
    """
    sys.stdin.reconfigure(errors="replace")  # type: ignore[union-attr]
    console = Console(sys.stdin, sys.stdout, ascii=ascii, page_lines=page_lines)
    desk = _opened(opener, console)
    if desk is None:
        return 1
    try:
        with watched(desk.database):
            PlainDesk(desk, console, Keys(keys), FilterHistory(history_path(), agent)).run(query)
    finally:
        desk.database.close()
    return 1 if console.refusals and not console.is_by_hand else 0


def _opened(opener: "Callable[[], Desk]", console: Console) -> "Desk | None":
    """Open the desk; while the server is away, ask whether to try again. None if not."""
    while True:
        try:
            return opener()
        except DeskUnavailable as problem:
            if not (console.is_by_hand and problem.passes):
                raise
            console.say(str(problem))
        try:
            if console.read("Enter tries again, quit ends: ").casefold() in ("q", "quit"):
                return None
        except (Left, Ended):
            return None
