"""A progress bar on stderr for long work, shown only on a terminal."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

SHOWN_AFTER = 0.5
"""Seconds that work takes before a bar shows how far it is."""
_SAID_EVERY = 10.0
"""Seconds between two lines about progress where no bar can be drawn."""


@contextmanager
def progress(title: str, total: int) -> Iterator[Callable[[int], None]]:
    """Give a function that is called with how much of *total* is done; the bar comes if it takes long.

    Args:
        title: What is being done.
        total: How much there is to do.
    """
    from tui.commands.table_printer import PlainConsole

    console = PlainConsole(stderr=True)
    if not console.is_terminal:
        yield lambda done: None
        return
    shown_from = time.monotonic() + SHOWN_AFTER
    draw: Callable[[int], None] | None = None
    with ExitStack() as bars:

        def tell(done: int) -> None:
            nonlocal draw
            if draw is None and time.monotonic() >= shown_from:
                draw = bars.enter_context(_bar(console, title, total))
            if draw is not None:
                draw(done)

        yield tell


@contextmanager
def _bar(console: "Console", title: str, total: int) -> Iterator[Callable[[int], None]]:
    """Show a bar until the end; give a function that is called with how much of *total* is done."""
    from rich.progress import BarColumn, Progress, RenderableColumn, TaskProgressColumn
    from rich.text import Text

    from tui.commands.output import shown

    columns = (RenderableColumn(Text(shown(title))), BarColumn(), TaskProgressColumn())
    # What is printed meanwhile is data: it goes where it was sent, not above the bar.
    with Progress(*columns, console=console, transient=True, redirect_stdout=False) as bar:
        task = bar.add_task("", total=total)
        yield lambda done: bar.update(task, completed=done)


@contextmanager
def counting(title: str) -> Iterator[Callable[[str, int, int | None], None]]:
    """Give a function that is called with what is counted, how many are done, and of how many if known.

    On a terminal that is a bar, elsewhere a line on stderr now and then.

    Args:
        title: Of what they are counted.
    """
    from tui.commands.output import say, shown
    from tui.commands.table_printer import PlainConsole

    console = PlainConsole(stderr=True)
    if not console.is_terminal:
        said = time.monotonic()

        def tell(what: str, done: int, total: int | None) -> None:
            nonlocal said
            if time.monotonic() - said >= _SAID_EVERY:
                said = time.monotonic()
                say(f"{title}: {what} {done:,}{f' of {total:,}' if total is not None else ''}")

        yield tell
        return
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

    columns = (TextColumn("{task.fields[said]}", markup=False), BarColumn(), TaskProgressColumn())
    with Progress(*columns, console=console, transient=True, redirect_stdout=False) as bar:
        task = bar.add_task("", total=None, said=shown(title))

        def draw(what: str, done: int, total: int | None) -> None:
            known = f"{shown(title)}: {what} {done:,}"
            known += f" of {total:,}" if total is not None else ""
            bar.update(task, said=known, completed=done, total=total)

        yield draw
